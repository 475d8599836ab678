# what links that go down, up and away do to routes
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
$ ip -n a addr add 10.1.0.1/24 dev v1
$ ip -n a route add 10.5.0.0/16 via 10.0.0.2
$ ip -n a route add 10.6.0.0/16 nexthop via 10.0.0.2 nexthop via 10.1.0.2 weight 3
$ ip -n a route add default via 10.1.0.2 table 9
$ ip -n a route add unreachable 10.7.0.0/16 metric 4000
$ ip -n a route add 10.8.0.0/16 dev v1 proto static src 10.0.0.1
$ ip -n a route add 10.9.0.0/16 via 10.0.0.2 mtu 1400 advmss 1300 initcwnd 20 tos 0x10
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 
10.5.0.0/16 via 10.0.0.2 dev v0 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 
	nexthop via 10.1.0.2 dev v1 weight 3 
unreachable 10.7.0.0/16 metric 4000 
10.8.0.0/16 dev v1 proto static scope link src 10.0.0.1 
10.9.0.0/16 tos 0x10 via 10.0.0.2 dev v0 mtu 1400 advmss 1300 initcwnd 20 
$ ip -n a link set v0 down
$ ip -n a route
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 dead linkdown 
	nexthop via 10.1.0.2 dev v1 weight 3 
unreachable 10.7.0.0/16 metric 4000 
10.8.0.0/16 dev v1 proto static scope link src 10.0.0.1 
$ ip -n a link set v0 up
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 
	nexthop via 10.1.0.2 dev v1 weight 3 
unreachable 10.7.0.0/16 metric 4000 
10.8.0.0/16 dev v1 proto static scope link src 10.0.0.1 
$ ip -n b link set v1 down
$ sleep 1.2
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 linkdown 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 
	nexthop via 10.1.0.2 dev v1 weight 3 linkdown 
unreachable 10.7.0.0/16 metric 4000 
10.8.0.0/16 dev v1 proto static scope link src 10.0.0.1 linkdown 
$ ip -n a route show table 9
default via 10.1.0.2 dev v1 linkdown 
$ ip netns exec a sysctl -qw net.ipv4.conf.v1.ignore_routes_with_linkdown=1
$ ip -n a route get 10.8.0.1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n b link set v1 up
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 
	nexthop via 10.1.0.2 dev v1 weight 3 
unreachable 10.7.0.0/16 metric 4000 
10.8.0.0/16 dev v1 proto static scope link src 10.0.0.1 
$ ip -n a route get 10.8.0.1
10.8.0.1 dev v1 src 10.0.0.1 uid 0 
    cache 
$ ip -n a addr del 10.0.0.1/24 dev v0
$ ip -n a route
10.1.0.0/24 dev v1 proto kernel scope link src 10.1.0.1 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 1 dead linkdown 
	nexthop via 10.1.0.2 dev v1 weight 3 
unreachable 10.7.0.0/16 metric 4000 
$ ip -n a link del v1
$ ip -n a route
unreachable 10.7.0.0/16 metric 4000 
$ ip -n a route show table 9
$ ip -n a route show table local
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
