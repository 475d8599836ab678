# IPv6 routes: replace, append, types, what is refused, route get
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:01:01 type veth peer name v1 address 02:00:00:00:01:02 netns b
$ ip -n a link set lo up
$ ip -n a -6 route add 2001:db8:1::/48 dev v0
Error: Nexthop device is not up.
[2]
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a link set v1 up
$ ip -n b link set v1 up
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n a addr add 2001:db8:0:1::1/64 dev v1
$ ip -n a -6 route add 2001:db8:1::/48 dev v0
$ ip -n a -6 route add 2001:db8:1::/48 dev v0
RTNETLINK answers: File exists
[2]
$ ip -n a -6 route add 2001:db8:1::/48 dev v1
RTNETLINK answers: File exists
[2]
$ ip -n a -6 route append 2001:db8:1::/48 dev v1
$ ip -n a -6 route append 2001:db8:1::/48 via 2001:db8::2
$ ip -n a -6 route append 2001:db8:1::/48 via 2001:db8:0:1::2
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8:0:1::2 dev v1 weight 1 
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route replace 2001:db8:1::/48 via 2001:db8::3
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route add 2001:db8:1::/48 via 2001:db8::3 metric 5
$ ip -n a -6 route add 2001:db8:2::/48 nexthop via 2001:db8::3 nexthop via 2001:db8:0:1::2 weight 3
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 5 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8::3 dev v0 weight 1 
	nexthop via 2001:db8:0:1::2 dev v1 weight 3 
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route append 2001:db8:2::/48 via 2001:db8::7
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 5 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8::3 dev v0 weight 1 
	nexthop via 2001:db8:0:1::2 dev v1 weight 3 
	nexthop via 2001:db8::7 dev v0 weight 1 
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route del 2001:db8:2::/48 via 2001:db8::3
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 5 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8:0:1::2 dev v1 weight 3 
	nexthop via 2001:db8::7 dev v0 weight 1 
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route add blackhole 2001:db8:10::/48
$ ip -n a -6 route add unreachable 2001:db8:11::/48
$ ip -n a -6 route add prohibit 2001:db8:12::/48
$ ip -n a -6 route add throw 2001:db8:13::/48
$ ip -n a -6 route add local 2001:db8:14::/48 dev lo
$ ip -n a -6 route add anycast 2001:db8:15::/48 dev v0
$ ip -n a -6 route add multicast 2001:db8:16::/48 dev v0
$ ip -n a -6 route add broadcast 2001:db8:17::/48 dev v0
$ ip -n a -6 route show
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 5 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8:0:1::2 dev v1 weight 3 
	nexthop via 2001:db8::7 dev v0 weight 1 
blackhole 2001:db8:10::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:11::/48 dev lo metric 1024 pref medium
prohibit 2001:db8:12::/48 dev lo metric 1024 pref medium
throw 2001:db8:13::/48 dev lo metric 1024 pref medium
multicast 2001:db8:16::/48 dev v0 metric 1024 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route show table local
local ::1 dev lo proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 proto kernel metric 0 pref medium
local 2001:db8:0:1::1 dev v1 proto kernel metric 0 pref medium
local 2001:db8:14::/48 dev lo metric 1024 pref medium
anycast 2001:db8:15::/48 dev v0 metric 1024 pref medium
broadcast 2001:db8:17::/48 dev v0 metric 1024 pref medium
local fe80::ff:fe00:1 dev v0 proto kernel metric 0 pref medium
local fe80::ff:fe00:101 dev v1 proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 proto kernel metric 256 pref medium
multicast ff00::/8 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route get 2001:db8:10::1
RTNETLINK answers: Invalid argument
[2]
$ ip -n a -6 route get 2001:db8:11::1
RTNETLINK answers: No route to host
[2]
$ ip -n a -6 route get 2001:db8:12::1
RTNETLINK answers: Permission denied
[2]
$ ip -n a -6 route get 2001:db8:13::1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get 2001:db8:14::1
local 2001:db8:14::1 from :: dev lo table local src 2001:db8::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8:15::1
anycast 2001:db8:15::1 from :: dev v0 table local src 2001:db8::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8::1
local 2001:db8::1 from :: dev lo table local proto kernel src 2001:db8::1 metric 0 pref medium
$ ip -n a -6 route get 2001:db8::2
2001:db8::2 from :: dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8::2 from 2001:db8::1
2001:db8::2 from 2001:db8::1 dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8::2 from 2001:db8::99
2001:db8::2 from 2001:db8::99 dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8::2 from 2001:db8:99::99
2001:db8::2 from 2001:db8:99::99 dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8::2 oif v1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get 2001:db8::2 from 2001:db8:5::1 iif v1
2001:db8::2 from 2001:db8:5::1 dev v0 proto kernel metric 256 iif v1 pref medium
$ ip -n a -6 route get ff02::1
multicast ff02::1 from :: dev v0 table local proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a -6 route get ff02::1 oif v1
multicast ff02::1 from :: dev v1 table local proto kernel src fe80::ff:fe00:101 metric 256 pref medium
$ ip -n a -6 route get ff05::1 oif v1
multicast ff05::1 from :: dev v1 table local proto kernel src 2001:db8:0:1::1 metric 256 pref medium
$ ip -n a -6 route get fe80::5
fe80::5 from :: dev v0 proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a -6 route get fe80::5 oif v1
fe80::5 from :: dev v1 proto kernel src fe80::ff:fe00:101 metric 256 pref medium
$ ip -n a -6 route get 3000::1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get ::1
local ::1 from :: dev lo table local proto kernel src ::1 metric 0 pref medium
$ ip -n a -6 route get ::
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get ::2
RTNETLINK answers: Network is unreachable
[2]
$ ip netns exec a ping -c 1 3000::1
ping: connect: Network is unreachable
[2]
$ ip netns exec a ping -c 1 2001:db8:10::1
ping: connect: Invalid argument
[2]
$ ip netns exec a ping -c 1 2001:db8:11::1
ping: connect: No route to host
[2]
$ ip netns exec a ping -c 1 2001:db8:12::1
ping: connect: Permission denied
[2]
$ ip netns exec a ping -c 1 2001:db8:13::1
ping: connect: Network is unreachable
[2]
$ ip netns exec a ping -c 1 2001:db8:14::1
PING 2001:db8:14::1(2001:db8:14::1) 56 data bytes
64 bytes from 2001:db8:14::1: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8:14::1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 2001:db8::77
PING 2001:db8::77(2001:db8::77) 56 data bytes
From 2001:db8::1 icmp_seq=1 Destination unreachable: Address unreachable

--- 2001:db8::77 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n a -6 route add 2001:db8:20::1/48 dev v0
$ ip -n a -6 route add 2001:db8:20::/48 via 3000::1
RTNETLINK answers: No route to host
[2]
$ ip -n a -6 route add 2001:db8:20::/48 via 3000::1 dev v0
RTNETLINK answers: No route to host
[2]
$ ip -n a -6 route add 2001:db8:20::/48 via 3000::1 dev v0 onlink
RTNETLINK answers: File exists
[2]
$ ip -n a -6 route add 2001:db8:21::/48 via 2001:db8::1
Error: Gateway can not be a local address.
[2]
$ ip -n a -6 route add 2001:db8:21::/48 via 2001:db8::1 dev v0
Error: Gateway can not be a local address.
[2]
$ ip -n a -6 route add 2001:db8:21::/48 via fe80::1
Error: Egress device not specified.
[2]
$ ip -n a -6 route add 2001:db8:21::/48 via fe80::1 dev v0
$ ip -n a -6 route add 2001:db8:22::/48 via ff02::1 dev v0
Error: Invalid gateway address.
[2]
$ ip -n a -6 route add 2001:db8:22::/48 via :: dev v0
Error: Invalid gateway address.
[2]
$ ip -n a -6 route add 2001:db8:22::/48
RTNETLINK answers: No such device
[2]
$ ip -n a -6 route add 2001:db8:22::/48 dev nope
Cannot find device "nope"
[1]
$ ip -n a -6 route add 2001:db8:22::/48 dev v0 src 2001:db8::99
Error: Invalid source address.
[2]
$ ip -n a -6 route add 2001:db8:22::/48 dev v0 src 2001:db8::1
$ ip -n a -6 route add 2001:db8:24::/48 dev v0 mtu 1300 hoplimit 9 advmss 500 pref high
$ ip -n a -6 route add 2001:db8:25::/48 dev v0 table 77 proto static
$ ip -n a -6 route add 2001:db8:25::/48 dev v0 table 50 metric 7 tos 4
Error: Invalid dsfield (tos): option not available for IPv6.
[2]
$ ip -n a -6 route add default dev v0 metric 0
$ ip -n a -6 route add default via 2001:db8::2 metric 5
$ ip -n a -6 route del 2001:db8:99::/48
RTNETLINK answers: No such process
[2]
$ ip -n a -6 route del 2001:db8:22::/48 dev v1
RTNETLINK answers: No such process
[2]
$ ip -n a -6 route change 2001:db8:99::/48 dev v0
Error: Can not replace route - no match found.
[2]
$ ip -n a -6 route change 2001:db8:22::/48 dev v1
$ ip -n a -6 route prepend 2001:db8:22::/48 dev v0
$ ip -n a -6 route show table all
2001:db8:25::/48 dev v0 table 77 proto static metric 1024 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 5 pref medium
2001:db8:1::/48 dev v0 metric 1024 pref medium
2001:db8:1::/48 dev v1 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8:0:1::2 dev v1 weight 3 
	nexthop via 2001:db8::7 dev v0 weight 1 
blackhole 2001:db8:10::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:11::/48 dev lo metric 1024 pref medium
prohibit 2001:db8:12::/48 dev lo metric 1024 pref medium
throw 2001:db8:13::/48 dev lo metric 1024 pref medium
multicast 2001:db8:16::/48 dev v0 metric 1024 pref medium
2001:db8:20::/48 dev v0 metric 1024 pref medium
2001:db8:21::/48 via fe80::1 dev v0 metric 1024 pref medium
2001:db8:22::/48 dev v1 metric 1024 pref medium
2001:db8:22::/48 dev v0 metric 1024 pref medium
2001:db8:24::/48 dev v0 metric 1024 mtu 1300 advmss 500 hoplimit 9 pref high
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
default via 2001:db8::2 dev v0 metric 5 pref medium
default dev v0 metric 1024 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:1::1 dev v1 table local proto kernel metric 0 pref medium
local 2001:db8:14::/48 dev lo table local metric 1024 pref medium
anycast 2001:db8:15::/48 dev v0 table local metric 1024 pref medium
broadcast 2001:db8:17::/48 dev v0 table local metric 1024 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:101 dev v1 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
multicast ff00::/8 dev v1 table local proto kernel metric 256 pref medium
$ ip -n a -6 route get 2001:db8:24::1
2001:db8:24::1 from :: dev v0 src 2001:db8::1 metric 1024 mtu 1300 advmss 500 hoplimit 9 pref high
$ ip -n a -6 route get 2001:db8:22::1
2001:db8:22::1 from :: dev v1 src 2001:db8:0:1::1 metric 1024 pref medium
$ ip -n a -6 route flush table 77
$ ip -n a -6 route flush table main proto static
$ ip -n a -6 route flush proto boot
$ ip -n a -6 rule
0:	from all lookup local
32766:	from all lookup main
$ ip -n a -6 rule add from 2001:db8::/32 table 50
$ ip -n a -6 rule add from 2001:db8::/32 table 50
$ ip -n a -6 rule add to 2001:db8:25::/48 lookup 50 pref 100
$ ip -n a -6 rule del pref 99
RTNETLINK answers: No such file or directory
[2]
$ ip -n a -6 rule
0:	from all lookup local
100:	from all to 2001:db8:25::/48 lookup 50
32764:	from 2001:db8::/32 lookup 50
32765:	from 2001:db8::/32 lookup 50
32766:	from all lookup main
$ ip -n a -6 route get 2001:db8:25::1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:1::1 dev v1 table local proto kernel metric 0 pref medium
local 2001:db8:14::/48 dev lo table local metric 1024 pref medium
anycast 2001:db8:15::/48 dev v0 table local metric 1024 pref medium
broadcast 2001:db8:17::/48 dev v0 table local metric 1024 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:101 dev v1 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
multicast ff00::/8 dev v1 table local proto kernel metric 256 pref medium
