# what route get, route changes and rules answer
$ ip netns add a
$ ip netns add b
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip netns exec a ping -c 1 -M do -s 1473 10.0.0.2
ping: connect: Network is unreachable
[2]
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip netns exec a ping -c 1 -M do -s 1473 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 1473(1501) bytes of data.
ping: local error: message too long, mtu=1500

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n a rule add fwmark 7 table 100 pref 400
$ ip -n a rule
0:	from all lookup local
400:	from all fwmark 0x7 lookup 100
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a route del 10.5.0.0/16 table 77
Error: FIB table does not exist.
[2]
$ ip -n a route add 10.5.0.0/16 via 10.0.0.2 scope link
Error: Nexthop has invalid gateway.
[2]
$ ip -n a route add 10.5.0.0/16 via 10.0.0.2 scope host
Error: Route with host scope can not have a gateway.
[2]
$ ip -n a route add local 10.5.0.0/16 dev v0
$ ip -n a route show table local
local 10.0.0.1 dev v0 proto kernel scope host src 10.0.0.1 
broadcast 10.0.0.255 dev v0 proto kernel scope link src 10.0.0.1 
local 10.5.0.0/16 dev v0 scope host 
$ ip -n a route get 10.5.3.4
local 10.5.3.4 dev lo table local src 10.5.3.4 uid 0 
    cache <local> 
$ ip -n a route get 10.0.0.2
10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 10.0.0.2 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n a route get 10.0.0.1 from 10.0.0.2 iif v0
local 10.0.0.1 from 10.0.0.2 dev lo table local 
    cache <local> iif v0 
$ ip -n a route get 8.8.8.8 from 10.0.0.2 iif v0
RTNETLINK answers: No route to host
[2]
$ ip netns exec a sysctl -qw net.ipv4.ip_forward=1
$ ip -n a route get 8.8.8.8 from 10.0.0.2 iif v0
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a route add default via 10.0.0.2
$ ip -n a route get 8.8.8.8 from 10.0.0.2 iif v0
8.8.8.8 from 10.0.0.2 via 10.0.0.2 dev v0 
    cache <redirect> iif v0 
$ ip -n a route get 8.8.8.8 from 10.0.0.3 iif v0
8.8.8.8 from 10.0.0.3 via 10.0.0.2 dev v0 
    cache <redirect> iif v0 
$ ip -n a route get 255.255.255.255
broadcast 255.255.255.255 dev v0 src 10.0.0.1 uid 0 
    cache <local,brd> 
$ ip -n a route get 224.0.0.5
multicast 224.0.0.5 dev v0 src 10.0.0.1 rt_offload_failed uid 0 
    cache <mc> 
$ ip -n a route get 239.1.1.1
multicast 239.1.1.1 dev v0 src 10.0.0.1 rt_offload_failed uid 0 
    cache <mc> 
$ ip -n a route get 0.0.0.0
local 0.0.0.0 dev lo src 127.0.0.1 uid 0 
    cache <local> 
$ ip -n a route get 127.0.0.1
127.0.0.1 via 10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route add 10.6.0.0/16 nexthop via 10.0.0.2 weight 2 nexthop via 10.0.0.3
$ ip -n a route
default via 10.0.0.2 dev v0 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
$ ip -n a route append 10.6.0.0/16 via 10.0.0.9
$ ip -n a route prepend 10.6.0.0/16 via 10.0.0.8
$ ip -n a route change 10.6.0.0/16 via 10.0.0.7
$ ip -n a route change 10.99.0.0/16 via 10.0.0.7
RTNETLINK answers: No such file or directory
[2]
$ ip -n a route replace 10.6.0.0/16 via 10.0.0.9
RTNETLINK answers: File exists
[2]
$ ip -n a route
default via 10.0.0.2 dev v0 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.6.0.0/16 via 10.0.0.7 dev v0 
10.6.0.0/16 
	nexthop via 10.0.0.2 dev v0 weight 2 
	nexthop via 10.0.0.3 dev v0 weight 1 
10.6.0.0/16 via 10.0.0.9 dev v0 
$ ip -n a route add blackhole 10.7.0.0/16 dev v0
Error: Gateway, device and multipath can not be specified for this route type.
[2]
$ ip -n a route add 10.8.0.0/16 dev lo
Error: Device for nexthop is not up.
[2]
$ ip -n a rule add goto 300 pref 400
Error: Backward goto not supported.
[2]
$ ip -n a rule add from 10.0.0.0/8 pref 400
$ ip -n a rule add from 10.0.0.0/8 pref 400
RTNETLINK answers: File exists
[2]
$ ip -n a rule add pref 500 goto 600
$ ip -n a rule
0:	from all lookup local
400:	from all fwmark 0x7 lookup 100
400:	from 10.0.0.0/8 lookup main
500:	from all goto 600 [unresolved]
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a rule del pref 0
$ ip -n a rule
400:	from all fwmark 0x7 lookup 100
400:	from 10.0.0.0/8 lookup main
500:	from all goto 600 [unresolved]
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a route get 10.0.0.1
10.0.0.1 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a maddr show dev v0
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	link  33:33:ff:00:00:01
	inet  224.0.0.1
	inet6 ff02::1:ff00:1
	inet6 ff02::1
	inet6 ff01::1
