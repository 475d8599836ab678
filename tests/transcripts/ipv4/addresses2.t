# secondaries, promotion, /31 and /0, lifetimes and broadcast
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a addr add 10.0.0.1/24 brd + dev v0
$ ip -n a addr add 10.0.0.2/24 brd + dev v0
$ ip -n a addr add 10.0.0.3/24 dev v0
$ ip -n a addr add 10.0.0.65/26 dev v0
$ ip -n a addr show dev v0 secondary
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.2/24 brd 10.0.0.255 scope global secondary v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.3/24 scope global secondary v0
       valid_lft forever preferred_lft forever
$ ip -n a addr show dev v0 primary
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.1/24 brd 10.0.0.255 scope global v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.65/26 scope global v0
       valid_lft forever preferred_lft forever
$ ip netns exec a sysctl -qw net.ipv4.conf.v0.promote_secondaries=1
$ ip -n a addr del 10.0.0.1/24 dev v0
$ ip -n a addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.65/26 scope global v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.2/24 brd 10.0.0.255 scope global v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.3/24 scope global secondary v0
       valid_lft forever preferred_lft forever
$ ip -n a route
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.2 
10.0.0.64/26 dev v0 proto kernel scope link src 10.0.0.65 
$ ip -n a route show table local dev v0
local 10.0.0.2 proto kernel scope host src 10.0.0.2 
local 10.0.0.3 proto kernel scope host src 10.0.0.2 
local 10.0.0.65 proto kernel scope host src 10.0.0.65 
broadcast 10.0.0.127 proto kernel scope link src 10.0.0.65 
broadcast 10.0.0.255 proto kernel scope link src 10.0.0.2 
$ ip -n a addr del 10.0.0.3/24 dev v0
$ ip -n a addr del 10.0.0.2/24 dev v0
$ ip -n a addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.65/26 scope global v0
       valid_lft forever preferred_lft forever
$ ip -n a route show table local dev v0
local 10.0.0.65 proto kernel scope host src 10.0.0.65 
broadcast 10.0.0.127 proto kernel scope link src 10.0.0.65 
$ ip -n a addr add 10.7.0.1/24 dev v0 valid_lft 100 preferred_lft 200
preferred_lft is greater than valid_lft
[1]
$ ip -n a addr add 10.7.0.1/24 dev v0 valid_lft 100 preferred_lft 0
$ ip -n a addr show dev v0 deprecated
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.7.0.1/24 scope global deprecated dynamic v0
       valid_lft <sec> preferred_lft <sec>
$ ip -n a addr add 10.8.0.1/0 dev v0
$ ip -n a addr add 10.9.0.1/33 dev v0
Error: any valid prefix is expected rather than "10.9.0.1/33".
[1]
$ ip -n a addr add 224.0.0.1/24 dev v0
$ ip -n a addr add 127.0.0.2/8 dev lo
$ ip -n a addr add 127.0.0.3/32 dev v0
$ ip -n a addr show
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet 127.0.0.2/8 scope host secondary lo
       valid_lft forever preferred_lft forever
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 127.0.0.3/32 scope host v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.65/26 scope global v0
       valid_lft forever preferred_lft forever
    inet 10.7.0.1/24 scope global deprecated dynamic v0
       valid_lft <sec> preferred_lft <sec>
    inet 10.8.0.1/0 scope global v0
       valid_lft forever preferred_lft forever
    inet 224.0.0.1/24 scope global v0
       valid_lft forever preferred_lft forever
$ ip -n a route
10.0.0.64/26 dev v0 proto kernel scope link src 10.0.0.65 
10.7.0.0/24 dev v0 proto kernel scope link src 10.7.0.1 
$ ip -n a route show table local
local 10.0.0.65 dev v0 proto kernel scope host src 10.0.0.65 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.65 
local 10.7.0.1 dev v0 proto kernel scope host src 10.7.0.1 
broadcast 10.7.0.255 dev v0 proto kernel scope link src 10.7.0.1 
local 10.8.0.1 dev v0 proto kernel scope host src 10.8.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.2 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.3 dev v0 proto kernel scope host src 127.0.0.3 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
local 224.0.0.1 dev v0 proto kernel scope host src 224.0.0.1 
$ ip -n a addr del 127.0.0.1/8 dev lo
$ ip -n a addr show dev lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -n a route show table local dev lo
$ ip -n a link set lo down
$ ip -n a link set lo up
$ ip -n a addr show dev lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
