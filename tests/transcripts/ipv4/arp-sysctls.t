# who answers ARP: arp_ignore, arp_announce, proxy_arp, arp_notify, arp_accept
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
$ ip -n b addr add 10.9.0.2/32 dev lo
$ ip -n a addr add 10.8.0.1/32 dev lo
$ ip -n a route add 10.9.0.0/24 dev v0
$ ip -n b route add 10.8.0.0/24 dev v0
$ ip netns exec b tcpdump -l -n -t -e -c 2 -i v0 arp &
$ sleep 0.3
$ ip netns exec a ping -q -c 1 -I 10.8.0.1 10.9.0.2
PING 10.9.0.2 (10.9.0.2) from 10.8.0.1 : 56(84) bytes of data.

--- 10.9.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ sleep 0.2
$ wait
tcpdump: verbose output suppressed, use -v[v]... for full protocol decode
listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.9.0.2 tell 10.8.0.1, length 28
02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype ARP (0x0806), length 42: Reply 10.9.0.2 is-at 02:00:00:00:00:02, length 28
2 packets captured
2 packets received by filter
0 packets dropped by kernel
$ ip -n a neigh flush all
$ ip -n b neigh flush all
$ ip netns exec a sysctl -qw net.ipv4.conf.v0.arp_announce=2
$ ip netns exec b tcpdump -l -n -t -c 2 -i v0 arp &
$ sleep 0.3
$ ip netns exec a ping -q -c 1 -I 10.8.0.1 10.9.0.2
PING 10.9.0.2 (10.9.0.2) from 10.8.0.1 : 56(84) bytes of data.

--- 10.9.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ wait
tcpdump: verbose output suppressed, use -v[v]... for full protocol decode
listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
ARP, Request who-has 10.9.0.2 tell 10.0.0.1, length 28
ARP, Reply 10.9.0.2 is-at 02:00:00:00:00:02, length 28
2 packets captured
4 packets received by filter
0 packets dropped by kernel
$ ip -n a neigh flush all
$ ip netns exec b sysctl -qw net.ipv4.conf.v0.arp_ignore=1
$ ip netns exec a ping -q -c 1 -W 1 10.9.0.2
PING 10.9.0.2 (10.9.0.2) 56(84) bytes of data.

--- 10.9.0.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -c 1 -W 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n b neigh add proxy 10.9.0.2 dev v0
$ ip netns exec b sysctl -qw net.ipv4.ip_forward=1
$ ip -n b neigh show proxy
10.9.0.2 dev v0 proxy 
$ ip netns exec b tcpdump -l -n -t -c 1 -i v0 arp &
$ sleep 0.3
$ ip netns exec a sysctl -qw net.ipv4.conf.v0.arp_notify=1
$ ip -n a link set v0 down
$ ip -n a link set v0 up
$ wait
tcpdump: verbose output suppressed, use -v[v]... for full protocol decode
listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
ARP, Request who-has 10.0.0.1 tell 10.0.0.1, length 28
1 packet captured
1 packet received by filter
0 packets dropped by kernel
$ ip -n b neigh
$ ip netns exec b sysctl -qw net.ipv4.conf.v0.arp_accept=1
$ ip -n b neigh flush all
$ ip -n a link set v0 down
$ ip -n a link set v0 up
$ sleep 0.2
$ ip -n b neigh
10.0.0.1 dev v0 lladdr 02:00:00:00:00:01 STALE 
