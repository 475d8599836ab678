# what ip monitor says of IPv6 addresses, routes and rules
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set lo up
$ ip -n b link set v0 up
$ timeout 12 ip -n a monitor address route rule &
$ sleep 1
$ ip -n a link set v0 up
$ sleep 1
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n b addr add 2001:db8::2/64 dev v0
$ ip netns exec a ping -q -c 1 2001:db8::2
PING 2001:db8::2(2001:db8::2) 56 data bytes

--- 2001:db8::2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a -6 route add 2001:db8:1::/48 via 2001:db8::2
$ ip -n a -6 route replace 2001:db8:1::/48 via 2001:db8::3
$ ip -n a -6 route del 2001:db8:1::/48
$ ip -n a -6 route add 2001:db8:2::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3
$ ip -n a -6 route del 2001:db8:2::/48
$ ip -n a -6 rule add from 2001:db8::/64 table 100
$ ip -n a -6 rule del from 2001:db8::/64 table 100
$ ip -n a addr del 2001:db8::1/64 dev v0
$ ip -n a link set v0 down
$ sleep 0.3
$ wait
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
2: v0    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2: v0    inet6 2001:db8::1/64 scope global tentative 
       valid_lft forever preferred_lft forever
2: v0    inet6 2001:db8::1/64 scope global 
       valid_lft forever preferred_lft forever
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
2001:db8:1::/48 via 2001:db8::2 dev v0 metric 1024 pref medium
2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
Deleted 2001:db8:1::/48 via 2001:db8::3 dev v0 metric 1024 pref medium
2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 1 
Deleted 2001:db8:2::/48 metric 1024 pref medium
	nexthop via 2001:db8::2 dev v0 weight 1 
	nexthop via 2001:db8::3 dev v0 weight 1 
32765:	from 2001:db8::/64 lookup 100
Deleted 32765:	from 2001:db8::/64 lookup 100
Deleted 2: v0    inet6 2001:db8::1/64 scope global 
       valid_lft forever preferred_lft forever
Deleted local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
Deleted 2001:db8::/64 dev v0 proto kernel metric 256 pref medium
Deleted fe80::/64 dev v0 proto kernel metric 256 pref medium
Deleted local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
Deleted multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
Deleted 2: v0    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
[124]
