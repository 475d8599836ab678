# echo requests and replies in all octets but the identifiers
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip netns exec b tcpdump -l -n -t -v -c 10 -i v0 &
$ sleep 0.5
$ ip netns exec a ping -q -c 1 -Q 0x2e 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -M do -t 7 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -M want -s 2000 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 2000(2028) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ sleep 0.2
$ wait
tcpdump: listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.2 tell 10.0.0.1, length 28
ARP, Ethernet (len 6), IPv4 (len 4), Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28
IP (tos 0x2e,ECT(0), ttl 64, id <n>, offset 0, flags [DF], proto ICMP (1), length 84)
    10.0.0.1 > 10.0.0.2: ICMP echo request, id <n>, seq 1, length 64
IP (tos 0x2e,ECT(0), ttl 64, id <n>, offset 0, flags [none], proto ICMP (1), length 84)
    10.0.0.2 > 10.0.0.1: ICMP echo reply, id <n>, seq 1, length 64
IP (tos 0x0, ttl 7, id <n>, offset 0, flags [DF], proto ICMP (1), length 84)
    10.0.0.1 > 10.0.0.2: ICMP echo request, id <n>, seq 1, length 64
IP (tos 0x0, ttl 64, id <n>, offset 0, flags [none], proto ICMP (1), length 84)
    10.0.0.2 > 10.0.0.1: ICMP echo reply, id <n>, seq 1, length 64
IP (tos 0x0, ttl 64, id <n>, offset 0, flags [+], proto ICMP (1), length 1500)
    10.0.0.1 > 10.0.0.2: ICMP echo request, id <n>, seq 1, length 1480
IP (tos 0x0, ttl 64, id <n>, offset 1480, flags [none], proto ICMP (1), length 548)
    10.0.0.1 > 10.0.0.2: ip-proto-1
IP (tos 0x0, ttl 64, id <n>, offset 0, flags [+], proto ICMP (1), length 1500)
    10.0.0.2 > 10.0.0.1: ICMP echo reply, id <n>, seq 1, length 1480
IP (tos 0x0, ttl 64, id <n>, offset 1480, flags [none], proto ICMP (1), length 548)
    10.0.0.2 > 10.0.0.1: ip-proto-1
10 packets captured
10 packets received by filter
0 packets dropped by kernel
$ ip netns exec b tcpdump -l -n -t -v -c 5 -i v0 &
$ sleep 0.5
$ ip netns exec a ping -q -c 1 -W 1 -b 10.0.0.255
WARNING: pinging broadcast address
PING 10.0.0.255 (10.0.0.255) 56(84) bytes of data.

--- 10.0.0.255 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -c 1 -W 1 -I v0 224.0.0.1
PING 224.0.0.1 (224.0.0.1) from 10.0.0.1 v0: 56(84) bytes of data.

--- 224.0.0.1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -c 1 -W 1 -b 255.255.255.255
ping: connect: Network is unreachable
[2]
$ sleep 6
$ wait
tcpdump: listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
IP (tos 0x0, ttl 64, id <n>, offset 0, flags [DF], proto ICMP (1), length 84)
    10.0.0.1 > 10.0.0.255: ICMP echo request, id <n>, seq 1, length 64
IP (tos 0x0, ttl 1, id <n>, offset 0, flags [DF], proto ICMP (1), length 84)
    10.0.0.1 > 224.0.0.1: ICMP echo request, id <n>, seq 1, length 64
ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.1 tell 10.0.0.2, length 28
ARP, Ethernet (len 6), IPv4 (len 4), Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28

4 packets captured
4 packets received by filter
0 packets dropped by kernel
