# a router refuses by routes, neighbours, groups and sysctls
$ ip netns add h1
$ ip netns add r
$ ip netns add h2
$ ip netns exec h1 sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip netns exec h2 sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
$ ip netns exec r sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=1
$ ip -n h1 link add e0 address 02:00:00:00:00:01 type veth peer name e0 address 02:00:00:00:00:02 netns r
$ ip -n h2 link add e0 address 02:00:00:00:00:03 type veth peer name e1 address 02:00:00:00:00:04 netns r
$ ip -n h1 addr add 2001:db8:1::2/64 dev e0
$ ip -n r addr add 2001:db8:1::1/64 dev e0
$ ip -n r addr add 2001:db8:2::1/64 dev e1
$ ip -n h2 addr add 2001:db8:2::2/64 dev e0
$ ip -n h1 link set e0 up
$ ip -n h2 link set e0 up
$ ip -n r link set e0 up
$ ip -n r link set e1 up
$ ip -n h1 link set lo up
$ ip -n r link set lo up
$ ip -n h1 -6 route add default via 2001:db8:1::1
$ ip -n h2 -6 route add default via 2001:db8:2::1
$ sleep 2
$ ip netns exec h1 ping -c 1 2001:db8:2::2
PING 2001:db8:2::2(2001:db8:2::2) 56 data bytes
64 bytes from 2001:db8:2::2: icmp_seq=1 ttl=63 time=<ms> ms

--- 2001:db8:2::2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec h1 ping -c 1 2001:db8:1::
PING 2001:db8:1::(2001:db8:1::) 56 data bytes
64 bytes from 2001:db8:1::1: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8:1:: ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n r -6 route add unreachable 2001:db8:10::/48
$ ip -n r -6 route add prohibit 2001:db8:11::/48
$ ip -n r -6 route add blackhole 2001:db8:12::/48
$ ip -n r -6 route add throw 2001:db8:13::/48
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:10::1
PING 2001:db8:10::1(2001:db8:10::1) 56 data bytes
From 2001:db8:1::1 icmp_seq=1 Destination unreachable: No route

--- 2001:db8:10::1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ sleep 0.3
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:11::1
PING 2001:db8:11::1(2001:db8:11::1) 56 data bytes
From 2001:db8:1::1 icmp_seq=1 Destination unreachable: Administratively prohibited

--- 2001:db8:11::1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ sleep 0.3
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:12::1
PING 2001:db8:12::1(2001:db8:12::1) 56 data bytes

--- 2001:db8:12::1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:13::1
PING 2001:db8:13::1(2001:db8:13::1) 56 data bytes
From 2001:db8:1::1 icmp_seq=1 Destination unreachable: No route

--- 2001:db8:13::1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 4 2001:db8:2::77
PING 2001:db8:2::77(2001:db8:2::77) 56 data bytes
From 2001:db8:1::1 icmp_seq=1 Destination unreachable: Address unreachable

--- 2001:db8:2::77 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 4 2001:db8:1::77
PING 2001:db8:1::77(2001:db8:1::77) 56 data bytes
From 2001:db8:1::2 icmp_seq=1 Destination unreachable: Address unreachable

--- 2001:db8:1::77 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n h1 neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:50 dev e0
$ ip -n h1 neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:50 dev e0
RTNETLINK answers: File exists
[2]
$ ip -n h1 neigh replace 2001:db8:1::50 lladdr 02:00:00:00:00:51 dev e0 nud stale router
$ ip -n h1 neigh del 2001:db8:1::60 dev e0
RTNETLINK answers: No such file or directory
[2]
$ ip -n h1 neigh add proxy 2001:db8:1::99 dev e0
$ ip -n h1 -6 neigh show proxy
2001:db8:1::99 dev e0 proxy 
$ ip -n h1 -6 neigh flush dev e0
$ ip -n h1 addr del 2001:db8:1::2/64 dev e0
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:2::2
PING 2001:db8:2::2(2001:db8:2::2) 56 data bytes
From fe80::ff:fe00:2%e0 icmp_seq=1 Destination unreachable: Beyond scope of source address

--- 2001:db8:2::2 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n h1 -6 route get 2001:db8:2::2
2001:db8:2::2 from :: via 2001:db8:1::1 dev e0 src fe80::ff:fe00:1 metric 1024 pref medium
$ ip -n h1 addr add 2001:db8:1::2/64 dev e0
$ ip netns exec h1 ping -c 1 -W 1 ff02::2%e0
PING ff02::2%e0(ff02::2%e0) 56 data bytes
64 bytes from fe80::ff:fe00:2%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- ff02::2%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec h1 ping -c 1 -W 1 ff02::1%e0
PING ff02::1%e0(ff02::1%e0) 56 data bytes
64 bytes from fe80::ff:fe00:1%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- ff02::1%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec h1 ping -c 1 -W 1 fe80::ff:fe00:1%e0
PING fe80::ff:fe00:1%e0(fe80::ff:fe00:1%e0) 56 data bytes
64 bytes from fe80::ff:fe00:1%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- fe80::ff:fe00:1%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec h1 ping -c 1 -W 1 fe80::ff:fe00:1%lo
PING fe80::ff:fe00:1%lo(fe80::ff:fe00:1%lo) 56 data bytes

--- fe80::ff:fe00:1%lo ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 1 fe80::77%e0
PING fe80::77%e0(fe80::77%e0) 56 data bytes

--- fe80::77%e0 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 1 ff02::1%lo
PING ff02::1%lo(ff02::1%lo) 56 data bytes

--- ff02::1%lo ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h1 ping -c 1 -W 1 -s 3000 2001:db8:2::2
PING 2001:db8:2::2(2001:db8:2::2) 3000 data bytes
3008 bytes from 2001:db8:2::2: icmp_seq=1 ttl=63 time=<ms> ms

--- 2001:db8:2::2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec r sysctl -w net.ipv6.conf.e0.forwarding=0
net.ipv6.conf.e0.forwarding = 0
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:2::2
PING 2001:db8:2::2(2001:db8:2::2) 56 data bytes
64 bytes from 2001:db8:2::2: icmp_seq=1 ttl=63 time=<ms> ms

--- 2001:db8:2::2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec r sysctl -w net.ipv6.icmp.echo_ignore_all=1
net.ipv6.icmp.echo_ignore_all = 1
$ ip netns exec h1 ping -c 1 -W 1 2001:db8:1::1
PING 2001:db8:1::1(2001:db8:1::1) 56 data bytes

--- 2001:db8:1::1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec r sysctl -w net.ipv6.conf.e0.hop_limit=0
sysctl: setting key "net.ipv6.conf.e0.hop_limit": Invalid argument
[1]
$ ip netns exec r sysctl -w net.ipv6.conf.e0.nope=0
sysctl: cannot stat /proc/sys/net/ipv6/conf/e0/nope: No such file or directory
[1]
$ ip netns exec r sysctl -w net.ipv6.conf.e0.mtu=1000
sysctl: setting key "net.ipv6.conf.e0.mtu": Invalid argument
[1]
$ ip netns exec r sysctl -w net.ipv6.conf.e0.mtu=1400
net.ipv6.conf.e0.mtu = 1400
