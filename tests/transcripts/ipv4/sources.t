# which source a packet has, and where it may come from
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n a addr add 10.0.0.7/24 dev v0
$ ip -n a addr add 10.1.0.1/24 dev v0
$ ip -n a addr add 192.0.2.1/32 dev lo
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n b addr add 10.1.0.2/24 dev v0
$ ip -n a route add default via 10.1.0.2
$ ip -n a route get 10.0.0.2
10.0.0.2 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 10.1.0.2
10.1.0.2 dev v0 src 10.1.0.1 uid 0 
    cache 
$ ip -n a route get 8.8.8.8
8.8.8.8 via 10.1.0.2 dev v0 src 10.1.0.1 uid 0 
    cache 
$ ip -n a route get 10.0.0.2 from 192.0.2.1
10.0.0.2 from 192.0.2.1 dev v0 uid 0 
    cache 
$ ip -n a route get 10.0.0.2 from 127.0.0.1
RTNETLINK answers: Invalid argument
[2]
$ ip -n a route get 192.0.2.1
local 192.0.2.1 dev lo src 192.0.2.1 uid 0 
    cache <local> 
$ ip -n a route get 10.0.0.2 oif lo
10.0.0.2 dev lo src 192.0.2.1 uid 0 
    cache <local> 
$ ip -n a route get 77.0.0.1 oif v0
77.0.0.1 via 10.1.0.2 dev v0 src 10.1.0.1 uid 0 
    cache 
$ ip -n a route del default
$ ip -n a route get 77.0.0.1 oif v0
77.0.0.1 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n b route get 10.0.0.2 from 10.0.0.1 iif v0
local 10.0.0.2 from 10.0.0.1 dev lo 
    cache <local> iif v0 
$ ip -n b route get 10.0.0.2 from 99.0.0.1 iif v0
local 10.0.0.2 from 99.0.0.1 dev lo 
    cache <local> iif v0 
$ ip netns exec b sysctl -qw net.ipv4.conf.all.rp_filter=1
$ ip -n b route get 10.0.0.2 from 99.0.0.1 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n b route get 10.0.0.2 from 10.0.0.2 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n b route get 10.0.0.2 from 127.0.0.1 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n b route get 127.0.0.1 from 10.0.0.1 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n b route get 10.0.0.255 from 10.0.0.1 iif v0
broadcast 10.0.0.255 from 10.0.0.1 dev lo 
    cache <local,brd> iif v0 
$ ip -n b route get 255.255.255.255 from 10.0.0.1 iif v0
broadcast 255.255.255.255 from 10.0.0.1 dev lo 
    cache <local,brd> iif v0 
$ ip -n b route get 224.0.0.1 from 10.0.0.1 iif v0
multicast 224.0.0.1 from 10.0.0.1 dev lo rt_offload_failed 
    cache <local,mc> iif v0 
$ ip -n b route get 224.0.0.9 from 10.0.0.1 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip -n b route get 240.0.0.1 from 10.0.0.1 iif v0
RTNETLINK answers: No route to host
[2]
$ ip -n b route get 0.0.0.0 from 10.0.0.1 iif v0
RTNETLINK answers: Invalid argument
[2]
$ ip netns exec a ping -q -c 1 -W 1 -I 192.0.2.1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) from 192.0.2.1 : 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec b grep "^TcpExt" /proc/net/netstat | cut -d " " -f 68-72
TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure TCPSackShifted TCPSackMerged
0 0 0 0 0
$ ip netns exec b sysctl -qw net.ipv4.conf.all.rp_filter=0
$ ip netns exec a ping -q -c 1 -W 1 -I 192.0.2.1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) from 192.0.2.1 : 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n b route add 192.0.2.1 via 10.0.0.1
$ ip netns exec a ping -q -c 1 -W 1 -I 192.0.2.1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) from 192.0.2.1 : 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
