# which source address is preferred (RFC 6724)
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:01:01 type veth peer name v1 address 02:00:00:00:01:02 netns b
$ ip -n a link set lo up
$ ip -n b link set v0 up
$ ip -n b link set v1 up
$ ip -n a link set v0 up
$ ip -n a link set v1 up
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n a addr add 2001:db8::2/64 dev v0 preferred_lft 0
$ ip -n a addr add fc00::1/64 dev v0
$ ip -n a addr add 2002:a00:1::1/64 dev v0
$ ip -n a addr add 2001:db8:0:1::1/64 dev v1
$ ip -n a addr add fec0::1/64 dev v1
$ ip -n a addr add 2001:db8:5::1/128 dev lo
$ sleep 2
$ ip -n a -6 route add default via 2001:db8::ff
$ ip -n a -6 route get 2001:db8::55
2001:db8::55 from :: dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8:0:1::55
2001:db8:0:1::55 from :: dev v1 proto kernel src 2001:db8:0:1::1 metric 256 pref medium
$ ip -n a -6 route get fc00::55
fc00::55 from :: dev v0 proto kernel src fc00::1 metric 256 pref medium
$ ip -n a -6 route get fc01::55
fc01::55 from :: via 2001:db8::ff dev v0 src fc00::1 metric 1024 pref medium
$ ip -n a -6 route get 2002::55
2002::55 from :: via 2001:db8::ff dev v0 src 2002:a00:1::1 metric 1024 pref medium
$ ip -n a -6 route get fec0::55
fec0::55 from :: dev v1 proto kernel src fec0::1 metric 256 pref medium
$ ip -n a -6 route get fe80::55 oif v1
fe80::55 from :: dev v1 proto kernel src fe80::ff:fe00:101 metric 256 pref medium
$ ip -n a -6 route get ff02::1 oif v0
multicast ff02::1 from :: dev v0 table local proto kernel src fe80::ff:fe00:1 metric 256 pref medium
$ ip -n a -6 route get ff05::1 oif v0
multicast ff05::1 from :: dev v0 table local proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get ff0e::1 oif v1
multicast ff0e::1 from :: dev v1 table local proto kernel src 2001:db8:0:1::1 metric 256 pref medium
$ ip -n a -6 route get 2001:db8:5::77
2001:db8:5::77 from :: via 2001:db8::ff dev v0 src 2001:db8::1 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8::2
local 2001:db8::2 from :: dev lo table local proto kernel src 2001:db8::2 metric 0 pref medium
$ ip -n a -6 route get 2001:db8:5::1
local 2001:db8:5::1 from :: dev lo table local proto kernel src 2001:db8:5::1 metric 0 pref medium
$ ip -n a -6 route get ::1
local ::1 from :: dev lo table local proto kernel src ::1 metric 0 pref medium
$ ip -n a -6 route get 2001:db8::55 oif v0
2001:db8::55 from :: dev v0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a -6 route get 3000::1 oif v1
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a -6 route get fe80::ff:fe00:1
local fe80::ff:fe00:1 from :: dev lo table local proto kernel src fe80::ff:fe00:1 metric 0 pref medium
$ ip -n a -6 route get fe80::ff:fe00:1 oif v0
local fe80::ff:fe00:1 from :: dev lo table local proto kernel src fe80::ff:fe00:1 metric 0 pref medium
$ ip -n a -6 route get fe80::ff:fe00:1 oif v1
fe80::ff:fe00:1 from :: dev v1 proto kernel src fe80::ff:fe00:101 metric 256 pref medium
$ ip -n a -6 route get ::ffff:1.2.3.4
::ffff:1.2.3.4 from :: via 2001:db8::ff dev v0 src 2002:a00:1::1 metric 1024 pref medium
$ ip -n a addr del 2001:db8::1/64 dev v0
$ ip -n a -6 route get 2001:db8::55
2001:db8::55 from :: dev v0 proto kernel src 2002:a00:1::1 metric 256 pref medium
$ ip -n a -6 route add 2001:db8:9::/64 via 2001:db8::ff src fc00::1
$ ip -n a -6 route get 2001:db8:9::1
2001:db8:9::1 from :: via 2001:db8::ff dev v0 src fc00::1 metric 1024 pref medium
$ ip -n a addr del fc00::1/64 dev v0
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:1::/64 dev v1 proto kernel metric 256 pref medium
2001:db8:5::1 dev lo proto kernel metric 256 pref medium
2001:db8:9::/64 via 2001:db8::ff dev v0 metric 1024 pref medium
2002:a00:1::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
fec0::/64 dev v1 proto kernel metric 256 pref medium
default via 2001:db8::ff dev v0 metric 1024 pref medium
$ ip -n a -6 route get 2001:db8:9::1
2001:db8:9::1 from :: via 2001:db8::ff dev v0 src 2002:a00:1::1 metric 1024 pref medium
