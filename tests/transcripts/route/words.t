# routes: metrics, several next hops, types, details, JSON, selectors, get, flush, wrong words
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n b link set lo up
$ ip -n b link set v0 up
$ ip -n a route show table main
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
$ ip -n a addr add 2001:db8::1/64 dev v0 nodad
$ ip -n a route add 10.9.0.0/16 via 10.0.0.2 metric 5 mtu 1400 advmss 1300 rtt 100ms rto_min 1s initcwnd 20 hoplimit 9 quickack 1 features ecn congctl reno window 1000
$ ip -n a route add 10.10.0.0/16 via 10.0.0.2 mtu lock 1400 proto static
$ ip -n a route add 10.11.0.0/16 nexthop via 10.0.0.2 weight 2 nexthop via 10.0.0.3
$ ip -n a route add 10.12.0.0/16 via 10.0.0.2 tos 0x10
$ ip -n a route add blackhole 10.13.0.0/16 metric 7
$ ip -n a route add 10.14.0.0/16 dev v0 proto 77 scope 77 table 77
$ ip -n a route add default via inet6 fe80::1 dev v0
$ ip -n a -6 route add 2001:db8:9::/48 via 2001:db8::2 metric 5 mtu 1300 pref high
$ ip -n a -6 route add blackhole 2001:db8:a::/48
$ ip -n a -6 route add unreachable 2001:db8:b::/48 proto static
$ ip -n a -6 route add 2001:db8:c::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3 weight 5
$ ip -n a -6 route add default via fe80::2 dev v0 proto ra
RTNETLINK answers: File exists
[2]
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto static mtu lock 1400 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
blackhole 10.13.0.0/16 metric 7 
$ ip -n a -d route
unicast 10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
unicast 10.9.0.0/16 via 10.0.0.2 dev v0 proto boot scope global metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
unicast 10.10.0.0/16 via 10.0.0.2 dev v0 proto static scope global mtu lock 1400 
unicast 10.11.0.0/16 proto boot scope global 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
unicast 10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 proto boot scope global 
blackhole 10.13.0.0/16 proto boot scope global metric 7 
$ ip -n a -j route
[{"dst":"10.0.0.0/24","dev":"v0","protocol":"kernel","scope":"link","prefsrc":"10.0.0.1","flags":[]},{"dst":"10.9.0.0/16","gateway":"10.0.0.2","dev":"v0","metric":5,"flags":[],"metrics":[{"mtu":1400,"window":1000,"rtt":100,"advmss":1300,"hoplimit":9,"initcwnd":20,"ecn":null,"rto_min":1000,"quickack":1,"congestion":"reno"}]},{"dst":"10.10.0.0/16","gateway":"10.0.0.2","dev":"v0","protocol":"static","flags":[],"metrics":[{"mtu":1400}]},{"dst":"10.11.0.0/16","flags":[],"nexthops":[{"gateway":"10.0.0.2","dev":"v0","weight":2,"flags":[]},{"gateway":"10.0.0.3","dev":"v0","weight":1,"flags":[]}]},{"dst":"10.12.0.0/16","tos":"0x10","gateway":"10.0.0.2","dev":"v0","flags":[]},{"type":"blackhole","dst":"10.13.0.0/16","metric":7,"flags":[]}]
$ ip -n a -p -j route show 10.11.0.0/16
[ {
        "dst": "10.11.0.0/16",
        "flags": [ ],
        "nexthops": [ {
                "gateway": "10.0.0.2",
                "dev": "v0",
                "weight": 2,
                "flags": [ ]
            },{
                "gateway": "10.0.0.3",
                "dev": "v0",
                "weight": 1,
                "flags": [ ]
            } ]
    } ]
$ ip -n a -d -j route
[{"type":"unicast","dst":"10.0.0.0/24","dev":"v0","protocol":"kernel","scope":"link","prefsrc":"10.0.0.1","flags":[]},{"type":"unicast","dst":"10.9.0.0/16","gateway":"10.0.0.2","dev":"v0","protocol":"boot","scope":"global","metric":5,"flags":[],"metrics":[{"mtu":1400,"window":1000,"rtt":100,"advmss":1300,"hoplimit":9,"initcwnd":20,"ecn":null,"rto_min":1000,"quickack":1,"congestion":"reno"}]},{"type":"unicast","dst":"10.10.0.0/16","gateway":"10.0.0.2","dev":"v0","protocol":"static","scope":"global","flags":[],"metrics":[{"mtu":1400}]},{"type":"unicast","dst":"10.11.0.0/16","protocol":"boot","scope":"global","flags":[],"nexthops":[{"gateway":"10.0.0.2","dev":"v0","weight":2,"flags":[]},{"gateway":"10.0.0.3","dev":"v0","weight":1,"flags":[]}]},{"type":"unicast","dst":"10.12.0.0/16","tos":"0x10","gateway":"10.0.0.2","dev":"v0","protocol":"boot","scope":"global","flags":[]},{"type":"blackhole","dst":"10.13.0.0/16","protocol":"boot","scope":"global","metric":7,"flags":[]}]
$ ip -n a route show table all
10.14.0.0/16 dev v0 table 77 proto 77 scope 77 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto static mtu lock 1400 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
blackhole 10.13.0.0/16 metric 7 
local 10.0.0.1 dev v0 table local proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.255 dev v0 table local proto kernel scope link src 10.0.0.1 
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1 
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto kernel metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a -N route show table all
10.14.0.0/16 dev v0 table 77 proto 77 scope 77 
10.0.0.0/24 dev v0 proto 2 scope 253 src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto 4 mtu lock 1400 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
6 10.13.0.0/16 metric 7 
2 10.0.0.1 dev v0 table 255 proto 2 scope 254 src 10.0.0.1 
3 10.0.0.255 dev v0 table 255 proto 2 scope 253 src 10.0.0.1 
2 127.0.0.0/8 dev lo table 255 proto 2 scope 254 src 127.0.0.1 
2 127.0.0.1 dev lo table 255 proto 2 scope 254 src 127.0.0.1 
3 127.255.255.255 dev lo table 255 proto 2 scope 253 src 127.0.0.1 
2001:db8::/64 dev v0 proto 2 metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
6 2001:db8:a::/48 dev lo metric 1024 pref medium
7 2001:db8:b::/48 dev lo proto 4 metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto 2 metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
2 ::1 dev lo table 255 proto 2 metric 0 pref medium
2 2001:db8::1 dev v0 table 255 proto 2 metric 0 pref medium
2 fe80::ff:fe00:1 dev v0 table 255 proto 2 metric 0 pref medium
5 ff00::/8 dev v0 table 255 proto 2 metric 256 pref medium
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto kernel metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
$ ip -n a -d -6 route
unicast 2001:db8::/64 dev v0 proto kernel scope global metric 256 pref medium
unicast 2001:db8:9::/48 via 2001:db8::2 dev v0 proto boot scope global metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo proto boot scope global metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static scope global metric 1024 pref medium
unicast 2001:db8:c::/48 proto boot scope global metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
unicast fe80::/64 dev v0 proto kernel scope global metric 256 pref medium
unicast default via fe80::1 dev v0 proto boot scope global metric 1024 pref medium
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto kernel metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a -s route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto static mtu lock 1400 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
blackhole 10.13.0.0/16 metric 7 
$ ip -n a -s -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto kernel metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
$ ip -n a -o route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto static mtu lock 1400 
10.11.0.0/16 \	nexthop via 10.0.0.2 dev v0 weight 2 \	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
blackhole 10.13.0.0/16 metric 7 
$ ip -n a -o -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:9::/48 via 2001:db8::2 dev v0 metric 5 mtu 1300 pref high
blackhole 2001:db8:a::/48 dev lo metric 1024 pref medium
unreachable 2001:db8:b::/48 dev lo proto static metric 1024 pref medium
2001:db8:c::/48 metric 1024 pref medium\	nexthop via 2001:db8::2 dev v0 weight 1 \	nexthop via 2001:db8::3 dev v0 weight 5 
fe80::/64 dev v0 proto kernel metric 256 pref medium
default via fe80::1 dev v0 metric 1024 pref medium
$ ip -n a -c route
[35m10.0.0.0/24 [0mdev [36mv0 [0mproto kernel scope link src [35m10.0.0.1 [0m
[35m10.9.0.0/16 [0mvia [35m10.0.0.2 [0mdev [36mv0 [0mmetric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
[35m10.10.0.0/16 [0mvia [35m10.0.0.2 [0mdev [36mv0 [0mproto static mtu lock 1400 
[35m10.11.0.0/16 [0m
	nexthop via [35m10.0.0.2 [0mdev v0 weight 2 
	nexthop via [35m10.0.0.3 [0mdev v0 weight 1 
[35m10.12.0.0/16 [0mtos 0x10 via [35m10.0.0.2 [0mdev [36mv0 [0m
blackhole [35m10.13.0.0/16 [0mmetric 7 
$ ip -n a route show proto static
10.10.0.0/16 via 10.0.0.2 dev v0 mtu lock 1400 
$ ip -n a route show proto kernel
10.0.0.0/24 dev v0 scope link src 10.0.0.1 
$ ip -n a route show scope link
10.0.0.0/24 dev v0 proto kernel src 10.0.0.1 
$ ip -n a route show type blackhole
blackhole 10.13.0.0/16 metric 7 
$ ip -n a route show via 10.0.0.2
10.9.0.0/16 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 dev v0 proto static mtu lock 1400 
10.12.0.0/16 tos 0x10 dev v0 
$ ip -n a route show src 10.0.0.1
10.0.0.0/24 dev v0 proto kernel scope link 
$ ip -n a route show exact 10.9.0.0/16
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route show 10.9.0.0/16
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route show 10.9/16
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route show default
$ ip -n a route show match 10.9.1.1
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route show root 10.0.0.0/8
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.10.0.0/16 via 10.0.0.2 dev v0 proto static mtu lock 1400 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 
blackhole 10.13.0.0/16 metric 7 
$ ip -n a route show cache
$ ip -n a route show metric 5
10.9.0.0/16 via 10.0.0.2 dev v0 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route show table 77
10.14.0.0/16 dev v0 proto 77 scope 77 
$ ip -n a route show table 78
Error: ipv4: FIB table does not exist.
Dump terminated
[2]
$ ip -n a route show table nope
Error: argument "nope" is wrong: table id value is invalid

[255]
$ ip -n a route show dev nope
Cannot find device "nope"
[1]
$ ip -n a route show proto nope
Error: argument "nope" is wrong: invalid "protocol"

[255]
$ ip -n a -6 route show table 78
Error: ipv6: FIB table does not exist.
Dump terminated
[2]
$ ip -n a route get 10.11.1.1
10.11.1.1 via 10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 10.9.1.1
10.9.1.1 via 10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a -j route get 10.9.1.1
[{"dst":"10.9.1.1","gateway":"10.0.0.2","dev":"v0","prefsrc":"10.0.0.1","flags":[],"uid":0,"cache":[],"metrics":[{"mtu":1400,"window":1000,"rtt":100,"advmss":1300,"hoplimit":9,"initcwnd":20,"ecn":null,"rto_min":1000,"quickack":1,"congestion":"reno"}]}]
$ ip -n a -d route get 10.0.0.1
local 10.0.0.1 dev lo table main src 10.0.0.1 uid 0 
    cache <local> 
$ ip -n a -p -j route get 10.0.0.255
[ {
        "type": "broadcast",
        "dst": "10.0.0.255",
        "dev": "v0",
        "prefsrc": "10.0.0.1",
        "flags": [ ],
        "uid": 0,
        "cache": [ "local","brd" ]
    } ]
$ ip -n a route get fibmatch 10.9.1.1
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route get 10.9.1.1 oif v0
10.9.1.1 via 10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route get 10.9.1.1 from 10.0.0.1 iif v0
RTNETLINK answers: No route to host
[2]
$ ip -n a route get 10.0.0.1 from 10.0.0.2 iif v0
local 10.0.0.1 from 10.0.0.2 dev lo 
    cache <local> iif v0 
$ ip -n a route get 10.9.1.1 dport x
Error: argument "x" is wrong: invalid dport

[255]
$ ip -n a route get
need at least a destination address
[1]
$ ip -n a route get 2001:db8:9::1
2001:db8:9::1 from :: via 2001:db8::2 dev v0 src 2001:db8::1 metric 5 mtu 1300 pref high
$ ip -n a -j route get 2001:db8:9::1
[{"dst":"2001:db8:9::1","from":"::","gateway":"2001:db8::2","dev":"v0","prefsrc":"2001:db8::1","metric":5,"flags":[],"metrics":[{"mtu":1300}],"pref":"high"}]
$ ip -n a -6 route get 2001:db8:b::1
RTNETLINK answers: No route to host
[2]
$ ip -n a -6 route get fe80::5
fe80::5 from :: dev v0 proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a -6 route get fe80::5 oif v0
fe80::5 from :: dev v0 proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a -6 route get ff02::1
multicast ff02::1 from :: dev v0 table local proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a route get 10.9.1.1/24
Warning: /24 as prefix is invalid, only /32 (or none) is supported.
10.9.1.1 via 10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
$ ip -n a route get 10.9.1.1 nonsense
Error: inet prefix is expected rather than "nonsense".
[1]
$ ip -n a route add 10.20.0.0/16 via 10.0.0.2 metric x
Error: argument "x" is wrong: "metric" value is invalid

[255]
$ ip -n a route add 10.20.0.0/16 via 10.0.0.2 mtu x
Error: argument "x" is wrong: "mtu" value is invalid

[255]
$ ip -n a route add 10.20.0.0/16 via 10.0.0.x
Error: inet address is expected rather than "10.0.0.x".
[1]
$ ip -n a route add 10.20.0.0/16 via
Command line is not complete. Try option "help"
[255]
$ ip -n a route add 10.20.0.0/16 table x
Error: argument "x" is wrong: "table" value is invalid

[255]
$ ip -n a route add 10.20.0.0/16 proto x
Error: argument "x" is wrong: "protocol" value is invalid

[255]
$ ip -n a route add 10.20.0.0/16 nexthop
Error: unexpected end of line after "nexthop"
[255]
$ ip -n a route add 10.20.0.0/16 nexthop foo
Error: "nexthop" or end of line is expected instead of "foo"
[255]
$ ip -n a route add 10.20.0.0/16 nexthop via 10.0.0.2 weight 0
Error: argument "0" is wrong: "weight" is invalid

[255]
$ ip -n a route add 10.20.0.0/16 10.30.0.0/16
Error: either "to" is duplicate, or "10.30.0.0/16" is a garbage.
[255]
$ ip -n a route frob
Command "frob" is unknown, try "ip route help".
[255]
$ ip -n a route change 10.30.0.0/16 via 10.0.0.2
RTNETLINK answers: No such file or directory
[2]
$ ip -n a route append 10.9.0.0/16 via 10.0.0.3 metric 5
$ ip -n a route prepend 10.9.0.0/16 via 10.0.0.4 metric 5
$ ip -n a route show 10.9.0.0/16
10.9.0.0/16 via 10.0.0.4 dev v0 metric 5 
10.9.0.0/16 via 10.0.0.2 dev v0 metric 5 mtu 1400 window 1000 rtt 100ms advmss 1300 hoplimit 9 initcwnd 20 features ecn rto_min lock 1s quickack 1 congctl reno 
10.9.0.0/16 via 10.0.0.3 dev v0 metric 5 
$ ip -n a route flush
"ip route flush" requires arguments.
[1]
$ ip -n a route flush 10.9.0.0/16
$ ip -n a route flush proto static
$ ip -n a -s route flush type blackhole

*** Round 1, deleting 1 entries ***
*** Flush is complete after 1 round ***
$ ip -n a -s -s route flush 10.12.0.0/16
10.12.0.0/16 tos 0x10 via 10.0.0.2 dev v0 

*** Round 1, deleting 1 entries ***
*** Flush is complete after 1 round ***
$ ip -n a route flush cache
$ ip -n a route del default via inet6 fe80::1
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.11.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
