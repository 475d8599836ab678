# addresses that are tentative, fail, are kept while the interface is down
$ ip netns add a
$ ip netns add b
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 2001:db8::5/64 dev v0
$ ip -n a addr add 2001:db8::6/64 dev v0 nodad
$ ip -n a -6 addr
2: v0: <BROADCAST,MULTICAST> mtu 1500 state DOWN qlen 1000
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global tentative 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global tentative 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link tentative 
       valid_lft forever preferred_lft forever
$ ip netns exec a ping -c 1 -W 1 2001:db8::5
PING 2001:db8::5(2001:db8::5) 56 data bytes

--- 2001:db8::5 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ sleep 3
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local 2001:db8::5 dev v0 table local proto kernel metric 0 pref medium
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n b addr add 2001:db8::5/64 dev v0
$ sleep 2.5
$ ip -n b -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns a
    inet6 2001:db8::5/64 scope global dadfailed tentative 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:2/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n b -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local fe80::ff:fe00:2 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n b addr add 2001:db8::7/64 dev v0
$ ip netns exec b ping -c 1 -W 1 2001:db8::6
PING 2001:db8::6(2001:db8::6) 56 data bytes
64 bytes from 2001:db8::6: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8::6 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ sleep 2.5
$ ip netns exec b ping -c 1 -W 1 2001:db8::6
PING 2001:db8::6(2001:db8::6) 56 data bytes
64 bytes from 2001:db8::6: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8::6 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n b addr del 2001:db8::5/64 dev v0
$ ip -n b addr add 2001:db8::5/64 dev v0 nodad
$ ip -n b -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns a
    inet6 2001:db8::5/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:2/64 scope link 
       valid_lft forever preferred_lft forever
$ ip netns exec b ping -c 1 2001:db8::5
PING 2001:db8::5(2001:db8::5) 56 data bytes

--- 2001:db8::5 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n b -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns a
    inet6 2001:db8::5/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::7/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:2/64 scope link 
       valid_lft forever preferred_lft forever
$ ip netns exec a sysctl -qw net.ipv6.conf.v0.keep_addr_on_down=1
$ ip -n a link set v0 down
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default qlen 1000 link-netns b
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global tentative 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
$ ip -n a link set v0 up
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global tentative 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link tentative 
       valid_lft forever preferred_lft forever
$ sleep 3
$ ip -n a -6 addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000 link-netns b
    inet6 2001:db8::6/64 scope global nodad 
       valid_lft forever preferred_lft forever
    inet6 2001:db8::5/64 scope global dadfailed tentative 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip -n a link set lo up
$ ip -n a addr add 2001:db8:7::1/64 dev lo
$ ip netns exec a ping -c 1 -W 1 2001:db8:7::5
PING 2001:db8:7::5(2001:db8:7::5) 56 data bytes
From 2001:db8:7::1 icmp_seq=1 Destination unreachable: No route

--- 2001:db8:7::5 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n a -6 route get 2001:db8:7::5
2001:db8:7::5 from :: dev lo proto kernel src 2001:db8:7::1 metric 256 pref medium
$ ip -n a -6 route add 2001:db8:77::/64 dev lo
$ ip -n a -6 route
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
2001:db8:7::/64 dev lo proto kernel metric 256 pref medium
2001:db8:77::/64 dev lo metric 1024 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
$ ip netns exec a ping -c 1 -W 1 2001:db8:77::5
PING 2001:db8:77::5(2001:db8:77::5) 56 data bytes
From 2001:db8:7::1 icmp_seq=1 Destination unreachable: No route

--- 2001:db8:77::5 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n a link set lo down
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip netns exec a ping -c 1 -W 1 2001:db8::6
PING 2001:db8::6(2001:db8::6) 56 data bytes

--- 2001:db8::6 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n a link set lo up
$ ip -n a -6 route show table all
2001:db8::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local 2001:db8::6 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
$ ip netns exec a ping -c 1 -W 1 2001:db8::6
PING 2001:db8::6(2001:db8::6) 56 data bytes
64 bytes from 2001:db8::6: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8::6 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
