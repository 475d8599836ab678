# rules by interface, mark, port, protocol, with goto and suppress
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n a route add default via 10.0.0.254
$ ip -n a route add default via 10.0.0.10 table 10
$ ip -n a route add default via 10.0.0.11 table 11
$ ip -n a route add 9.9.0.0/16 via 10.0.0.11 table 11
$ ip -n a rule add iif lo table 10 pref 100
$ ip -n a route get 8.8.8.8
8.8.8.8 via 10.0.0.10 dev v0 table 10 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule del pref 100
$ ip -n a rule add oif v0 table 11 pref 100
$ ip -n a route get 8.8.8.8
8.8.8.8 via 10.0.0.254 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 8.8.8.8 oif v0
8.8.8.8 via 10.0.0.11 dev v0 table 11 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule del oif v0
$ ip -n a rule add fwmark 0x10/0xf0 table 10
$ ip -n a route get 8.8.8.8 mark 0x1f
8.8.8.8 via 10.0.0.10 dev v0 table 10 src 10.0.0.1 mark 0x1f uid 0 
    cache 
$ ip -n a route get 8.8.8.8 mark 0x2f
8.8.8.8 via 10.0.0.254 dev v0 src 10.0.0.1 mark 0x2f uid 0 
    cache 
$ ip -n a rule del fwmark 0x10/0xf0 table 10
$ ip -n a rule add ipproto tcp dport 80-90 table 10 pref 50
$ ip -n a route get 8.8.8.8 ipproto tcp dport 85
8.8.8.8 via 10.0.0.10 dev v0 table 10 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 8.8.8.8 ipproto tcp dport 91
8.8.8.8 via 10.0.0.254 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 8.8.8.8 ipproto udp dport 85
8.8.8.8 via 10.0.0.254 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule add not from 10.0.0.0/8 table 11 pref 60
$ ip -n a route get 9.9.9.9
9.9.9.9 via 10.0.0.11 dev v0 table 11 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule del pref 60
$ ip -n a rule add table 11 suppress_prefixlength 0 pref 61
$ ip -n a route get 8.8.8.8
8.8.8.8 via 10.0.0.254 dev v0 src 10.0.0.1 uid 0 
    cache 
$ ip -n a route get 9.9.9.9
9.9.9.9 via 10.0.0.11 dev v0 table 11 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule add goto 32767 pref 62
$ ip -n a rule
0:	from all lookup local
50:	from all ipproto tcp dport 80-90 lookup 10
61:	from all lookup 11 suppress_prefixlength 0
62:	from all goto 32767
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a route get 8.8.8.8
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a rule del pref 62
$ ip -n a rule add unreachable to 7.7.7.7 pref 10
$ ip -n a rule add prohibit to 7.7.7.8 pref 11
$ ip -n a rule add blackhole to 7.7.7.9 pref 12
$ ip -n a route get 7.7.7.7
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a route get 7.7.7.8
RTNETLINK answers: Permission denied
[2]
$ ip -n a route get 7.7.7.9
RTNETLINK answers: Invalid argument
[2]
$ ip -n a rule add tos 0x10 table 10 pref 13
$ ip -n a route get 6.6.6.6 tos 0x10
6.6.6.6 via 10.0.0.10 dev v0 table 10 src 10.0.0.1 uid 0 
    cache 
$ ip -n a rule show
0:	from all lookup local
10:	from all to 7.7.7.7 unreachable
11:	from all to 7.7.7.8 prohibit
12:	from all to 7.7.7.9 blackhole
13:	from all tos 0x10 lookup 10
50:	from all ipproto tcp dport 80-90 lookup 10
61:	from all lookup 11 suppress_prefixlength 0
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a rule flush
$ ip -n a rule show
0:	from all lookup local
$ ip -n a route get 8.8.8.8
RTNETLINK answers: Network is unreachable
[2]
$ ip -n a route get 10.0.0.1
local 10.0.0.1 dev lo table local src 10.0.0.1 uid 0 
    cache <local> 
