# tcpdump's complaints, devices that are down, and files
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n b link set lo up
$ ip -n b link set v0 up
$ ip netns exec a tcpdump -i nope
tcpdump: nope: No such device exists
(No such device exists)
[1]
$ ip netns exec a tcpdump -c x
tcpdump: invalid packet count x
[1]
$ ip netns exec a tcpdump -c 0
tcpdump: invalid packet count 0
[1]
$ ip netns exec a tcpdump -i v0 tcp and
tcpdump: can't parse filter expression: syntax error
[1]
$ ip netns exec a tcpdump -i v0 host 1.2.3.4.5
tcpdump: unknown host '1.2.3.4.5'
[1]
$ ip netns exec a tcpdump -i v0 port nosuch
tcpdump: unknown port 'nosuch'
[1]
$ ip netns exec a tcpdump -i v0 net 10.0.0.1/8
tcpdump: non-network bits set in "10.0.0.1/8"
[1]
$ ip netns exec a tcpdump -i v0 port 70000
tcpdump: illegal port number 70000 > 65535
[1]
$ ip netns exec a tcpdump -i v0 icmp port 5
tcpdump: illegal qualifier of 'port'
[1]
$ ip netns exec a tcpdump -i v0 -Q foo
tcpdump: unknown capture direction `foo'
[1]
$ ip netns exec a tcpdump -s -1 -i v0
tcpdump: invalid snaplen -1 (must be >= 0 and <= 262144)
[1]
$ ip netns exec a tcpdump -i 9
tcpdump: Invalid adapter index
[1]
$ ip netns exec a tcpdump -r nofile
tcpdump: nofile: No such file or directory
[1]
$ ip netns exec a tcpdump --version
tcpdump version 4.99.3
libpcap version 1.10.3 (with TPACKET_V3)
OpenSSL 3.0.19 27 Jan 2026
$ ip netns exec a tcpdump -Z
tcpdump: option requires an argument -- 'Z'
tcpdump version 4.99.3
libpcap version 1.10.3 (with TPACKET_V3)
OpenSSL 3.0.19 27 Jan 2026
Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
[1]
$ ip netns exec a tcpdump -n -w x.pcap -c 4 -i v0 &
$ sleep 0.5
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ wait
tcpdump: listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
4 packets captured
4 packets received by filter
0 packets dropped by kernel
$ tcpdump -n -t -r x.pcap
reading from file x.pcap, link-type EN10MB (Ethernet), snapshot length 262144
ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28
ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28
IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id <n>, seq 1, length 64
IP 10.0.0.2 > 10.0.0.1: ICMP echo reply, id <n>, seq 1, length 64
$ tcpdump -n -t -v -r x.pcap arp
reading from file x.pcap, link-type EN10MB (Ethernet), snapshot length 262144
ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.2 tell 10.0.0.1, length 28
ARP, Ethernet (len 6), IPv4 (len 4), Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28
$ tcpdump -n -t -r x.pcap --count icmp
reading from file x.pcap, link-type EN10MB (Ethernet), snapshot length 262144
2 packets
$ tcpdump -n -t -e -# -r x.pcap icmp
reading from file x.pcap, link-type EN10MB (Ethernet), snapshot length 262144
    1  02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 98: 10.0.0.1 > 10.0.0.2: ICMP echo request, id <n>, seq 1, length 64
    2  02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 98: 10.0.0.2 > 10.0.0.1: ICMP echo reply, id <n>, seq 1, length 64
$ ip -n a link set v0 down
$ ip netns exec a tcpdump -i v0
tcpdump: v0: That device is not up
[1]
