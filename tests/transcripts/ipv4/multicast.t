# groups on interfaces
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:00:03 type veth peer name v1 address 02:00:00:00:00:04 netns b
$ ip -n a link set v0 up
$ ip -n a link set v1 up
$ ip -n b link set v0 up
$ ip -n b link set v1 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a maddr
1:	lo
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
3:	v1
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
$ ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
$ ip netns exec a ping -c 1 -W 1 -I v0 224.0.0.1
PING 224.0.0.1 (224.0.0.1) from 10.0.0.1 v0: 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<ms> ms

--- 224.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -W 1 224.0.0.1
ping: connect: Network is unreachable
[2]
$ ip -n a route add 224.0.0.0/4 dev v0
$ ip netns exec a ping -q -c 1 -W 1 224.0.0.1
PING 224.0.0.1 (224.0.0.1) 56(84) bytes of data.

--- 224.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -W 1 239.1.2.3
PING 239.1.2.3 (239.1.2.3) 56(84) bytes of data.

--- 239.1.2.3 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a grep "^IpExt:" /proc/net/netstat
IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps
IpExt: 0 0 2 3 0 0 336 252 168 252 0 0 0 4 0 0 0 0
$ ip netns exec b grep "^IpExt:" /proc/net/netstat
IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps
IpExt: 0 0 2 0 0 0 252 168 168 0 0 0 0 3 0 0 0 0
$ ip -n a link set v0 down
$ ip -n a maddr show dev v0
2:	v0
	link  33:33:00:00:00:01
	inet6 ff02::1
	inet6 ff01::1
