# IPv6 addresses: order, flags, what is refused, MTU, disable_ipv6, forwarding
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a -6 route show table all
$ ip -n a addr add 2001:db8::5/64 dev v0
$ ip -n a addr add fe80::77/64 dev v0
$ ip -n a -6 addr
2: v0: <BROADCAST,MULTICAST> mtu 1500 state DOWN qlen 1000
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local fe80::77 dev v0 table local proto kernel metric 0 pref medium
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n a -6 addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN qlen 1000
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: v0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 state DOWN qlen 1000
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 linkdown pref medium
fe80::/64 dev v0 proto kernel metric 256 linkdown pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local fe80::77 dev v0 table local proto kernel metric 0 pref medium
$ ip -n b link set v0 up
$ ip -n a -6 addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN qlen 1000
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local fe80::77 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n a addr add 2001:db8::9/64 dev v0
$ ip -n a addr add 2001:db8::3/128 dev v0
$ ip -n a addr add fc00::1/64 dev v0
$ ip -n a addr add fec0::1/64 dev v0
$ ip -n a addr add fe80::99/10 dev v0
$ ip -n a addr add 2001:db8:0:5::1 peer 2001:db8:0:6::1/64 dev v0
$ ip -n a addr add 2001:db8:0:7::1/64 dev lo
$ ip -n a addr add ::1/128 dev lo
Error: ipv6: address already assigned.
[2]
$ ip -n a addr add ff02::1/64 dev v0
Error: ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag.
[2]
$ ip -n a addr add ::/64 dev v0
Error: ipv6: Invalid address.
[2]
$ ip -n a addr add ::5/128 dev v0
$ ip -n a addr add 2001:db8::/64 dev v0
$ ip -n a addr add ::ffff:1.2.3.4/128 dev v0
$ ip -n a addr add 2001:db8:8::1/64 dev v0 noprefixroute
$ ip -n a addr add 2001:db8:9::1/64 dev v0 metric 9
$ ip -n a addr add 2001:db8:a::1/64 dev v0 valid_lft 100 preferred_lft 50
$ ip -n a addr add 2001:db8:b::1/64 dev v0 valid_lft 100 preferred_lft 150
preferred_lft is greater than valid_lft
[1]
$ ip -n a addr add 2001:db8:b::1/64 dev v0 valid_lft 0
valid_lft is zero
[1]
$ ip -n a addr add 2001:db8:c::1/129 dev v0
Error: any valid prefix is expected rather than "2001:db8:c::1/129".
[1]
$ ip -n a addr add 2001:db8:c::1/64 dev v0 preferred_lft 0
$ ip -n a addr add 2001:db8:c::2/64 dev v0 home
$ ip -n a addr add 2001:db8:c::3/64 dev v0 mngtmpaddr
$ ip -n a addr add 2001:db8:c::4/64 dev v0 label x
$ ip -n a addr add 2001:db8:c::5/64 broadcast 2001:db8:c::6 dev v0
$ ip -n a addr add 2001:db8:c::7/64 scope link dev v0
$ ip -n a -6 addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN qlen 1000
    inet6 2001:db8:0:7::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000
    inet6 2001:db8:c::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::4/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::3/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::2/64 scope global home 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 2001:db8:a::1/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:9::1/64 metric 9 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:8::1/64 scope global noprefixroute 
       valid_lft forever preferred_lft forever
    inet6 ::ffff:1.2.3.4/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 ::5/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:0:5::1 peer 2001:db8:0:6::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fc00::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::3/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::9/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fec0::1/64 scope site 
       valid_lft forever preferred_lft forever
    inet6 fe80::99/10 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
::5 dev v0 proto kernel metric 256 pref medium
::ffff:1.2.3.4 dev v0 proto kernel metric 256 pref medium
2001:db8::3 dev v0 proto kernel metric 256 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:5::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:6::1 dev v0 proto kernel metric 256 pref medium
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
2001:db8:9::/64 dev v0 proto kernel metric 9 pref medium
2001:db8:a::/64 dev v0 proto kernel metric 256 expires <sec> pref medium
2001:db8:c::/64 dev v0 proto kernel metric 256 pref medium
fc00::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/10 dev v0 proto kernel metric 256 pref medium
fec0::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local ::5 dev v0 table local proto kernel metric 0 pref medium
local ::ffff:1.2.3.4 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:: dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::3 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::9 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:5::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:7::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8:8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:9::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:a::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::2 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::3 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::4 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::5 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::7 dev v0 table local proto kernel metric 0 pref medium
local fc00::1 dev v0 table local proto kernel metric 0 pref medium
local fe80::77 dev v0 table local proto kernel metric 0 pref medium
local fe80::99 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fec0::1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a addr del 2001:db8::1/64 dev v0
$ ip -n a addr del 2001:db8::77/64 dev v0
Error: ipv6: address not found.
[2]
$ ip -n a addr del 2001:db8::9 dev v0
Error: ipv6: address not found.
[2]
$ ip -n a addr change 2001:db8::9/64 dev v0 preferred_lft 10 valid_lft 20
$ ip -n a addr replace 2001:db8::10/64 dev v0 preferred_lft 10 valid_lft 20
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::10/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:c::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::4/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::3/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::2/64 scope global home 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 2001:db8:a::1/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:9::1/64 metric 9 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:8::1/64 scope global noprefixroute 
       valid_lft forever preferred_lft forever
    inet6 ::ffff:1.2.3.4/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 ::5/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:0:5::1 peer 2001:db8:0:6::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fc00::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::3/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::9/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fec0::1/64 scope site 
       valid_lft forever preferred_lft forever
    inet6 fe80::99/10 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route
::5 dev v0 proto kernel metric 256 pref medium
::ffff:1.2.3.4 dev v0 proto kernel metric 256 pref medium
2001:db8::3 dev v0 proto kernel metric 256 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 expires <sec> pref medium
2001:db8:0:5::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:6::1 dev v0 proto kernel metric 256 pref medium
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
2001:db8:9::/64 dev v0 proto kernel metric 9 pref medium
2001:db8:a::/64 dev v0 proto kernel metric 256 expires <sec> pref medium
2001:db8:c::/64 dev v0 proto kernel metric 256 pref medium
fc00::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/10 dev v0 proto kernel metric 256 pref medium
fec0::/64 dev v0 proto kernel metric 256 pref medium
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::10/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:c::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::4/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::3/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::2/64 scope global home 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 2001:db8:a::1/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:9::1/64 metric 9 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:8::1/64 scope global noprefixroute 
       valid_lft forever preferred_lft forever
    inet6 ::ffff:1.2.3.4/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 ::5/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:0:5::1 peer 2001:db8:0:6::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fc00::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::3/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::9/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fec0::1/64 scope site 
       valid_lft forever preferred_lft forever
    inet6 fe80::99/10 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
::5 dev v0 proto kernel metric 256 pref medium
::ffff:1.2.3.4 dev v0 proto kernel metric 256 pref medium
2001:db8::3 dev v0 proto kernel metric 256 pref medium
2001:db8::/64 dev v0 proto kernel metric 256 expires <sec> pref medium
2001:db8:0:5::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:0:6::1 dev v0 proto kernel metric 256 pref medium
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
2001:db8:9::/64 dev v0 proto kernel metric 9 pref medium
2001:db8:a::/64 dev v0 proto kernel metric 256 expires <sec> pref medium
2001:db8:c::/64 dev v0 proto kernel metric 256 pref medium
fc00::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/10 dev v0 proto kernel metric 256 pref medium
fec0::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local ::5 dev v0 table local proto kernel metric 0 pref medium
local ::ffff:1.2.3.4 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:: dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::3 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::9 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::10 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:5::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:0:7::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8:8::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:9::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:a::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::1 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::2 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::3 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::4 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::5 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8:c::7 dev v0 table local proto kernel metric 0 pref medium
local fc00::1 dev v0 table local proto kernel metric 0 pref medium
local fe80::77 dev v0 table local proto kernel metric 0 pref medium
local fe80::99 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fec0::1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n b link set v0 up
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::10/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:c::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::4/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::3/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::2/64 scope global home 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:c::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 2001:db8:a::1/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8:9::1/64 metric 9 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:8::1/64 scope global noprefixroute 
       valid_lft forever preferred_lft forever
    inet6 ::ffff:1.2.3.4/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 ::5/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:0:5::1 peer 2001:db8:0:6::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fc00::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::3/128 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::9/64 scope global dynamic 
       valid_lft <sec> preferred_lft <sec>
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fec0::1/64 scope site 
       valid_lft forever preferred_lft forever
    inet6 fe80::99/10 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
    inet6 fe80::77/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a link set v0 down
$ ip -n a -6 addr show dev v0
$ ip -n a -6 route show table all
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8:0:7::1 dev lo table local proto kernel metric 0 pref medium
$ ip -n a link set v0 up
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8:0:7::1 dev lo table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a link set v0 mtu 1279
$ ip -n a -6 addr show dev v0
$ ip netns exec a ls /proc/sys/net/ipv6/conf
all
default
lo
$ ip -n a link set v0 mtu 1500
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip netns exec a sysctl -w net.ipv6.conf.v0.disable_ipv6=1
net.ipv6.conf.v0.disable_ipv6 = 1
$ ip -n a -6 addr show dev v0
$ ip -n a -6 route show table all
2001:db8:0:7::/64 dev lo proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8:0:7::1 dev lo table local proto kernel metric 0 pref medium
$ ip -n a addr add 2001:db8::1/64 dev v0
Error: ipv6: IPv6 is disabled on this device.
[2]
$ ip -n a -6 route add 2001:db8:3::/64 dev v0
Error: IPv6 is disabled on nexthop device.
[2]
$ ip netns exec a sysctl -w net.ipv6.conf.v0.disable_ipv6=0
net.ipv6.conf.v0.disable_ipv6 = 0
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip netns exec a sysctl -w net.ipv6.conf.lo.disable_ipv6=1
net.ipv6.conf.lo.disable_ipv6 = 1
$ ip -n a -6 addr
2: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip netns exec a sysctl -w net.ipv6.conf.lo.disable_ipv6=0
net.ipv6.conf.lo.disable_ipv6 = 0
$ ip -n a -6 addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN qlen 1000
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=1
net.ipv6.conf.all.disable_ipv6 = 1
$ ip -n a -6 addr
$ ip netns exec a sysctl net.ipv6.conf.v0.disable_ipv6 net.ipv6.conf.default.disable_ipv6
net.ipv6.conf.v0.disable_ipv6 = 1
net.ipv6.conf.default.disable_ipv6 = 1
$ ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=0
net.ipv6.conf.all.disable_ipv6 = 0
$ ip -n a -6 addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN qlen 1000
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip netns exec a sysctl -w net.ipv6.conf.all.forwarding=1
net.ipv6.conf.all.forwarding = 1
$ ip -n a addr add 2001:db8::1/64 dev v0
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
anycast 2001:db8:: dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
anycast fe80:: dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip netns exec a sysctl -w net.ipv6.conf.all.forwarding=0
net.ipv6.conf.all.forwarding = 0
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
