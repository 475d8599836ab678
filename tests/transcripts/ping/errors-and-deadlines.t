# answers that do not come, errors on the way, floods and deadlines
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n b link set lo up
$ ip -n b link set v0 up
$ ip netns exec a ping -c 3 -i 0.1 -W 0.2 10.0.0.77
PING 10.0.0.77 (10.0.0.77) 56(84) bytes of data.

--- 10.0.0.77 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 1 -w 5 10.0.0.77
PING 10.0.0.77 (10.0.0.77) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable
From 10.0.0.1 icmp_seq=2 Destination Host Unreachable
From 10.0.0.1 icmp_seq=3 Destination Host Unreachable

--- 10.0.0.77 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time <ms>ms
pipe 3
[1]
$ ip netns exec a ping -M do -s 1473 -c 2 -i 0.2 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 1473(1501) bytes of data.
ping: local error: message too long, mtu=1500
ping: local error: message too long, mtu=1500

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -M do -s 1473 -c 2 -f 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 1473(1501) bytes of data.
EE
--- 10.0.0.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 3 -f 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
. . . 
--- 10.0.0.2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 2 -i 0.2 -s 15 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 15(43) bytes of data.
23 bytes from 10.0.0.2: icmp_seq=1 ttl=64
23 bytes from 10.0.0.2: icmp_seq=2 ttl=64

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time <ms>ms

$ ip netns exec a ping -c 1 -b 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<ms> ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -l 3 -c 3 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<ms> ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=<ms> ms
64 bytes from 10.0.0.2: icmp_seq=3 ttl=64 time=<ms> ms

--- 10.0.0.2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -I v0 10.0.0.2
PING 10.0.0.2 (10.0.0.2) from 10.0.0.1 v0: 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<ms> ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -I v0 10.0.0.1
PING 10.0.0.1 (10.0.0.1) from 10.0.0.1 v0: 56(84) bytes of data.
64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 10.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 127.1
PING 127.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 127.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -v 10.0.0.2
ping: sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: 4 (socktype: SOCK_RAW), hints.ai_family: AF_UNSPEC

ai->ai_family: AF_INET, ai->ai_canonname: '10.0.0.2'
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ident=<n> ttl=64 time=<ms> ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -a 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<ms> ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
$ ip netns exec a ping -c 3 -O -i 0.3 -W 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
no answer yet for icmp_seq=1
no answer yet for icmp_seq=2

--- 10.0.0.2 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 2 -w 1 -i 0.6 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
