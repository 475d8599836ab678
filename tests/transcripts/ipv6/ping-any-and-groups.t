# ping to nobody, to groups of an interface and to a router; route get with a mark
$ ip netns add a
$ ip netns add b
$ ip -n a link add e0 address 02:00:00:00:00:01 type veth peer name e0 netns b address 02:00:00:00:00:02
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link set e0 up
$ ip -n b link set e0 up
$ ip -n a addr add 2001:db8::1/64 dev e0 nodad
$ ip -n b addr add 2001:db8::2/64 dev e0 nodad
$ sleep 2
$ ip -n a route get 2001:db8::2 mark 5
2001:db8::2 from :: dev e0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a route get 2001:db8::2 from 2001:db8::1 mark 0x10
2001:db8::2 from 2001:db8::1 dev e0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip -n a route get 2001:db8::2 oif e0
2001:db8::2 from :: dev e0 proto kernel src 2001:db8::1 metric 256 pref medium
$ ip netns exec a ping -c 1 ::
PING ::(::) 56 data bytes
64 bytes from ::1: icmp_seq=1 ttl=64 time=<ms> ms

--- :: ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -6 -c 1 ::
PING ::(::) 56 data bytes
64 bytes from ::1: icmp_seq=1 ttl=64 time=<ms> ms

--- :: ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 ff01::1%e0
PING ff01::1%e0(ff01::1%2) 56 data bytes
64 bytes from fe80::ff:fe00:1%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- ff01::1%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 ff02::1%e0
PING ff02::1%e0(ff02::1%e0) 56 data bytes
64 bytes from fe80::ff:fe00:1%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- ff02::1%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -L ff02::1%e0
PING ff02::1%e0(ff02::1%e0) 56 data bytes
64 bytes from fe80::ff:fe00:2%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- ff02::1%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -I e0 ff02::2
ping: Warning: source address might be selected on device other than: e0
PING ff02::2(ff02::2) from :: e0: 56 data bytes

--- ff02::2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 1 fe80::ff:fe00:2
PING fe80::ff:fe00:2(fe80::ff:fe00:2) 56 data bytes
64 bytes from fe80::ff:fe00:2%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- fe80::ff:fe00:2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 fe80::ff:fe00:2%e0
PING fe80::ff:fe00:2%e0(fe80::ff:fe00:2%e0) 56 data bytes
64 bytes from fe80::ff:fe00:2%e0: icmp_seq=1 ttl=64 time=<ms> ms

--- fe80::ff:fe00:2%e0 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec b sysctl -qw net.ipv6.conf.all.forwarding=1
$ ip netns exec a ping -c 1 2001:db8::
PING 2001:db8::(2001:db8::) 56 data bytes
64 bytes from 2001:db8::2: icmp_seq=1 ttl=64 time=<ms> ms

--- 2001:db8:: ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a nc -u -w 1 2001:db8:: 9
$ ip -n a addr add 2001:db8::/64 dev e0
$ ip -n b addr add 2001:db8::/64 dev e0
$ ip netns exec b ping -c 1 -I 2001:db8:: 2001:db8::1
ping: bind icmp socket: Cannot assign requested address
[2]
$ ip netns exec b ping -c 1 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
