# groups are reported to routers by IGMPv3
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip netns exec b tcpdump -l -n -t -v -e -c 4 -i v0 igmp &
$ sleep 0.5
$ ip -n a addr add 239.1.2.3/32 dev v0 autojoin
$ sleep 2.5
$ ip -n a maddr show dev v0
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	link  01:00:5e:01:02:03
	inet  239.1.2.3
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
$ ip -n a addr del 239.1.2.3/32 dev v0
$ sleep 2.5
$ wait
tcpdump: listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
02:00:00:00:00:01 > 01:00:5e:00:00:16, ethertype IPv4 (0x0800), length 54: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 40, options (RA))
    10.0.0.1 > 224.0.0.22: igmp v3 report, 1 group record(s) [gaddr 239.1.2.3 to_ex, 0 source(s)]
02:00:00:00:00:01 > 01:00:5e:00:00:16, ethertype IPv4 (0x0800), length 54: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 40, options (RA))
    10.0.0.1 > 224.0.0.22: igmp v3 report, 1 group record(s) [gaddr 239.1.2.3 to_ex, 0 source(s)]
02:00:00:00:00:01 > 01:00:5e:00:00:16, ethertype IPv4 (0x0800), length 54: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 40, options (RA))
    10.0.0.1 > 224.0.0.22: igmp v3 report, 1 group record(s) [gaddr 239.1.2.3 to_in, 0 source(s)]
02:00:00:00:00:01 > 01:00:5e:00:00:16, ethertype IPv4 (0x0800), length 54: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 40, options (RA))
    10.0.0.1 > 224.0.0.22: igmp v3 report, 1 group record(s) [gaddr 239.1.2.3 to_in, 0 source(s)]
4 packets captured
4 packets received by filter
0 packets dropped by kernel
$ ip -n a maddr show dev v0
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
$ ip -n a addr add 10.9.9.9/32 dev v0 autojoin
autojoin needs multicast address
[1]
$ ip netns exec a sysctl -qw net.ipv4.conf.v0.force_igmp_version=2
$ ip netns exec b tcpdump -l -n -t -v -e -c 2 -i v0 igmp &
$ sleep 0.5
$ ip -n a addr add 239.1.2.3/32 dev v0 autojoin
$ sleep 0.2
$ ip -n a addr del 239.1.2.3/32 dev v0
$ sleep 1
$ wait
tcpdump: listening on v0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
02:00:00:00:00:01 > 01:00:5e:01:02:03, ethertype IPv4 (0x0800), length 46: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 32, options (RA))
    10.0.0.1 > 239.1.2.3: igmp v2 report 239.1.2.3
02:00:00:00:00:01 > 01:00:5e:00:00:02, ethertype IPv4 (0x0800), length 46: (tos 0xc0, ttl 1, id <n>, offset 0, flags [DF], proto IGMP (2), length 32, options (RA))
    10.0.0.1 > 224.0.0.2: igmp leave 239.1.2.3
2 packets captured
2 packets received by filter
0 packets dropped by kernel
