# IPv6 rules, tables and multipath routes
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:01:01 type veth peer name v1 address 02:00:00:00:01:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a link set v1 up
$ ip -n b link set v1 up
$ ip -n a link set lo up
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n a addr add 2001:db8:0:1::1/64 dev v1
$ sleep 2
$ ip -n a -6 route add 2001:db8:1::/48 via 2001:db8::2 table 100
$ ip -n a -6 route add default via 2001:db8:0:1::2 table 300
$ ip -n a -6 route add default via 2001:db8:0:1::3 table main
$ ip -n a -6 rule add from 2001:db8::/64 table 100 pref 500
$ ip -n a -6 rule add iif v1 table 300 pref 400
$ ip -n a -6 rule add to 2001:db8:9::/48 unreachable pref 300
$ ip -n a -6 rule add to 2001:db8:8::/48 prohibit pref 301
$ ip -n a -6 rule add to 2001:db8:7::/48 blackhole pref 302
$ ip -n a -6 rule add table main suppress_prefixlength 0 pref 303
$ ip -n a -6 rule
0:	from all lookup local
300:	from all to 2001:db8:9::/48 unreachable
301:	from all to 2001:db8:8::/48 prohibit
302:	from all to 2001:db8:7::/48 blackhole
303:	from all lookup main suppress_prefixlength 0
400:	from all iif v1 lookup 300
500:	from 2001:db8::/64 lookup 100
32766:	from all lookup main
$ ip -n a -6 route get 2001:db8:1::5
2001:db8:1::5 from :: via 2001:db8:0:1::3 dev v1 src 2001:db8:0:1::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8:1::5 from 2001:db8::1
2001:db8:1::5 from 2001:db8::1 via 2001:db8::2 dev v0 table 100 src 2001:db8::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8:1::5 from 2001:db8:5::1 iif v1
2001:db8:1::5 from 2001:db8:5::1 via 2001:db8:0:1::2 dev v1 table 300 metric 1024 iif v1 pref medium
$ ip -n a -6 route get 2001:db8:9::5
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get 2001:db8:8::5
RTNETLINK answers: Permission denied
[2]
$ ip -n a -6 route get 2001:db8:7::5
RTNETLINK answers: Invalid argument
[2]
$ ip -n a -6 route get 2001:db8::5
2001:db8::5 from :: dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 3000::5
3000::5 from :: via 2001:db8:0:1::3 dev v1 src 2001:db8:0:1::1 metric 1024 pref medium
$ ip -n a -6 route get fibmatch 3000::5
default via 2001:db8:0:1::3 dev v1 metric 1024 pref medium
$ ip -n a -6 route show table all
default via 2001:db8:0:1::2 dev v1 table 300 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::2 dev v0 table 100 metric 1024 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
default via 2001:db8:0:1::3 dev v1 metric 1024 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:1::1 dev v1 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:101 dev v1 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
multicast ff00::/8 dev v1 table local proto kernel metric 256 pref medium
$ ip -n a -6 route show table 300
default via 2001:db8:0:1::2 dev v1 metric 1024 pref medium
$ ip -n a -6 route show table 301
Error: ipv6: FIB table does not exist.
Dump terminated
[2]
$ ip -n a -6 route show root 2001:db8::/32
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
$ ip -n a -6 route show match 2001:db8:1::5
default via 2001:db8:0:1::3 dev v1 metric 1024 pref medium
$ ip -n a -6 route show exact 2001:db8::/64
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
$ ip -n a -6 route show dev v1
2001:db8:0:1::/64 proto kernel metric 256 pref medium
fe80::/64 proto kernel metric 256 pref medium
default via 2001:db8:0:1::3 metric 1024 pref medium
$ ip -n a -6 route show proto kernel
2001:db8::/64 dev v0 metric 256 pref medium
2001:db8:0:1::/64 dev v1 metric 256 pref medium
fe80::/64 dev v0 metric 256 pref medium
fe80::/64 dev v1 metric 256 pref medium
$ ip -n a -6 route show type local table all
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:1::1 dev v1 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:101 dev v1 table local proto kernel metric 0 pref medium
$ ip -n a -6 rule del from 2001:db8::/64
$ ip -n a -6 rule del pref 303
$ ip -n a -6 rule add from 2001:db8::/64 table 100 pref 500
$ ip -n a -6 rule add from 2001:db8::/64 table 100 pref 500
RTNETLINK answers: File exists
[2]
$ ip -n a -6 rule
0:	from all lookup local
300:	from all to 2001:db8:9::/48 unreachable
301:	from all to 2001:db8:8::/48 prohibit
302:	from all to 2001:db8:7::/48 blackhole
400:	from all iif v1 lookup 300
500:	from 2001:db8::/64 lookup 100
32766:	from all lookup main
$ ip -n a -6 rule flush
$ ip -n a -6 rule
0:	from all lookup local
$ ip -n a -6 route get 3000::5
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route add 2001:db8:50::/64 nexthop via 2001:db8::2 nexthop dev v1
Error: Device only routes can not be added for IPv6 using the multipath API.
[2]
$ ip -n a -6 route add 2001:db8:51::/64 nexthop via 2001:db8::2 nexthop via 2001:db8::2
RTNETLINK answers: File exists
[2]
$ ip -n a -6 route add 2001:db8:52::/64 nexthop via 2001:db8::2 weight 5 nexthop via 2001:db8:0:1::2
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:52::/64 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 5 
	nexthop via 2001:db8:0:1::2 dev v1 weight 1 
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
default via 2001:db8:0:1::3 dev v1 metric 1024 pref medium
$ ip -n a -6 route replace 2001:db8:52::/64 nexthop via 2001:db8::9
$ ip -n a -6 route del 2001:db8:50::/64 nexthop dev v1
RTNETLINK answers: No such process
[2]
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:52::/64 via 2001:db8::9 dev v0 metric 1024 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
default via 2001:db8:0:1::3 dev v1 metric 1024 pref medium
$ ip -n a link set v1 down
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:52::/64 via 2001:db8::9 dev v0 metric 1024 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
$ ip -n a link del v0
$ ip -n a -6 route show table all
local ::1 dev lo table local proto kernel metric 0 pref medium
$ ip -n a -6 route add 2001:db8:60::/64 via fe80::1 dev lo
Error: Egress device can not be loopback device for this route.
[2]
$ ip -n a -6 route add local 2001:db8:61::/64 dev lo
$ ip -n a -6 route add 2001:db8:62::/64 dev lo metric 0
$ ip -n a -6 route add unreachable default metric 4278198272
$ ip -n a -6 route
2001:db8:62::/64 dev lo metric 1024 pref medium
unreachable default dev lo metric 4278198272 pref medium
$ ip -n a -6 route get 2001:db8:62::1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get 2001:db8:61::1
local 2001:db8:61::1 from :: dev lo table local src ::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8:63::1
RTNETLINK answers: Network is unreachable
[2]
$ ip netns exec a ping -c 1 -W 1 2001:db8:61::1
PING 2001:db8:61::1(2001:db8:61::1) 56 data bytes
64 bytes from 2001:db8:61::1: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8:61::1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
