# addresses that share subnets, are changed, have metrics and flags
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
$ ip -n a addr add 10.0.0.1/25 dev v0
$ ip -n a addr add 10.0.0.1/24 dev v1
$ ip -n a addr add 10.0.0.5/24 broadcast 10.0.0.255 dev v1
$ ip -n a addr add 10.2.0.1/16 dev v1 noprefixroute
$ ip -n a addr add 10.3.0.1/16 dev v1 metric 77
$ ip -n a addr add 0.0.0.5/8 dev v1
$ ip -n a addr add 10.4.0.1/30 peer 10.4.0.2/30 dev v1
$ ip -n a addr show dev v0
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.1/24 scope global v0
       valid_lft forever preferred_lft forever
    inet 10.0.0.1/25 scope global v0
       valid_lft forever preferred_lft forever
$ ip -n a addr show dev v1
3: v1@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.0.0.1/24 scope global v1
       valid_lft forever preferred_lft forever
    inet 10.2.0.1/16 scope global noprefixroute v1
       valid_lft forever preferred_lft forever
    inet 10.3.0.1/16 metric 77 scope global v1
       valid_lft forever preferred_lft forever
    inet 0.0.0.5/8 scope global v1
       valid_lft forever preferred_lft forever
    inet 10.4.0.1 peer 10.4.0.2/30 scope global v1
       valid_lft forever preferred_lft forever
    inet 10.0.0.5/24 brd 10.0.0.255 scope global secondary v1
       valid_lft forever preferred_lft forever
$ ip -n a route
10.0.0.0/25 dev v0 proto kernel scope link src 10.0.0.1 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.0.0.0/24 dev v1 proto kernel scope link src 10.0.0.1 
10.3.0.0/16 dev v1 proto kernel scope link src 10.3.0.1 metric 77 
10.4.0.0/30 dev v1 proto kernel scope link src 10.4.0.1 
$ ip -n a route show table local
local 0.0.0.5 dev v1 proto kernel scope host src 0.0.0.5 
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
local 10.0.0.1 dev v1 proto kernel scope host src 10.0.0.1 
local 10.0.0.5 dev v1 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
broadcast 10.0.0.255 dev v0 proto kernel scope link src 10.0.0.1 
broadcast 10.0.0.255 dev v1 proto kernel scope link src 10.0.0.1 
local 10.2.0.1 dev v1 proto kernel scope host src 10.2.0.1 
broadcast 10.2.255.255 dev v1 proto kernel scope link src 10.2.0.1 
local 10.3.0.1 dev v1 proto kernel scope host src 10.3.0.1 
broadcast 10.3.255.255 dev v1 proto kernel scope link src 10.3.0.1 
local 10.4.0.1 dev v1 proto kernel scope host src 10.4.0.1 
broadcast 10.4.0.3 dev v1 proto kernel scope link src 10.4.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
$ ip -n a addr change 10.3.0.1/16 dev v1 metric 99
$ ip -n a addr add 10.3.0.2/16 scope link dev v1
Error: ipv4: Invalid scope value.
[2]
$ ip -n a route
10.0.0.0/25 dev v0 proto kernel scope link src 10.0.0.1 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.0.0.0/24 dev v1 proto kernel scope link src 10.0.0.1 
10.3.0.0/16 dev v1 proto kernel scope link src 10.3.0.1 metric 99 
10.4.0.0/30 dev v1 proto kernel scope link src 10.4.0.1 
$ ip -n a addr del 10.0.0.1/24 dev v0
$ ip -n a route show table local
local 0.0.0.5 dev v1 proto kernel scope host src 0.0.0.5 
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
local 10.0.0.1 dev v1 proto kernel scope host src 10.0.0.1 
local 10.0.0.5 dev v1 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
broadcast 10.0.0.255 dev v1 proto kernel scope link src 10.0.0.1 
local 10.2.0.1 dev v1 proto kernel scope host src 10.2.0.1 
broadcast 10.2.255.255 dev v1 proto kernel scope link src 10.2.0.1 
local 10.3.0.1 dev v1 proto kernel scope host src 10.3.0.1 
broadcast 10.3.255.255 dev v1 proto kernel scope link src 10.3.0.1 
local 10.4.0.1 dev v1 proto kernel scope host src 10.4.0.1 
broadcast 10.4.0.3 dev v1 proto kernel scope link src 10.4.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
$ ip -n a addr del 10.0.0.1/24 dev v1
$ ip -n a addr show dev v1
3: v1@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.2.0.1/16 scope global noprefixroute v1
       valid_lft forever preferred_lft forever
    inet 10.3.0.1/16 metric 99 scope global v1
       valid_lft forever preferred_lft forever
    inet 0.0.0.5/8 scope global v1
       valid_lft forever preferred_lft forever
    inet 10.4.0.1 peer 10.4.0.2/30 scope global v1
       valid_lft forever preferred_lft forever
$ ip -n a route
10.0.0.0/25 dev v0 proto kernel scope link src 10.0.0.1 
10.3.0.0/16 dev v1 proto kernel scope link src 10.3.0.1 metric 99 
10.4.0.0/30 dev v1 proto kernel scope link src 10.4.0.1 
$ ip -n a route show table local
local 0.0.0.5 dev v1 proto kernel scope host src 0.0.0.5 
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
local 10.2.0.1 dev v1 proto kernel scope host src 10.2.0.1 
broadcast 10.2.255.255 dev v1 proto kernel scope link src 10.2.0.1 
local 10.3.0.1 dev v1 proto kernel scope host src 10.3.0.1 
broadcast 10.3.255.255 dev v1 proto kernel scope link src 10.3.0.1 
local 10.4.0.1 dev v1 proto kernel scope host src 10.4.0.1 
broadcast 10.4.0.3 dev v1 proto kernel scope link src 10.4.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
$ ip -n a link set v1 down
$ ip -n a route
10.0.0.0/25 dev v0 proto kernel scope link src 10.0.0.1 
$ ip -n a route show table local
local 0.0.0.5 dev v1 proto kernel scope host src 0.0.0.5 
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
local 10.2.0.1 dev v1 proto kernel scope host src 10.2.0.1 
local 10.3.0.1 dev v1 proto kernel scope host src 10.3.0.1 
local 10.4.0.1 dev v1 proto kernel scope host src 10.4.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
$ ip -n a link set v1 up
$ ip -n a route
10.0.0.0/25 dev v0 proto kernel scope link src 10.0.0.1 
10.3.0.0/16 dev v1 proto kernel scope link src 10.3.0.1 metric 99 
10.4.0.0/30 dev v1 proto kernel scope link src 10.4.0.1 
$ ip -n a route show table local
local 0.0.0.5 dev v1 proto kernel scope host src 0.0.0.5 
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
local 10.2.0.1 dev v1 proto kernel scope host src 10.2.0.1 
broadcast 10.2.255.255 dev v1 proto kernel scope link src 10.2.0.1 
local 10.3.0.1 dev v1 proto kernel scope host src 10.3.0.1 
broadcast 10.3.255.255 dev v1 proto kernel scope link src 10.3.0.1 
local 10.4.0.1 dev v1 proto kernel scope host src 10.4.0.1 
broadcast 10.4.0.3 dev v1 proto kernel scope link src 10.4.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
$ ip -n a link set v1 name w1
$ ip -n a addr show dev w1
3: w1@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.2.0.1/16 scope global noprefixroute w1
       valid_lft forever preferred_lft forever
    inet 10.3.0.1/16 metric 99 scope global w1:2
       valid_lft forever preferred_lft forever
    inet 0.0.0.5/8 scope global w1:3
       valid_lft forever preferred_lft forever
    inet 10.4.0.1 peer 10.4.0.2/30 scope global w1:4
       valid_lft forever preferred_lft forever
$ ip -n a addr flush dev w1
$ ip -n a route show table local
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.127 dev v0 proto kernel scope link src 10.0.0.1 
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 
