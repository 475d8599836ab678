# rules: all selectors and actions, details, JSON, filters, wrong words
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
$ ip -n a rule add from 10.0.0.0/24 to 10.1.0.0/16 iif v0 tos 0x10 fwmark 0x7/0xff table 100 pref 100
$ ip -n a rule add oif v0 table main suppress_prefixlength 0 pref 101
$ ip -n a rule add not from 10.0.0.9 lookup 200 pref 102
$ ip -n a rule add prohibit from 10.9.9.9 pref 103
$ ip -n a rule add unreachable pref 104 to 1.2.3.4
$ ip -n a rule add goto 32766 pref 105
$ ip -n a rule add nop pref 106
$ ip -n a rule add ipproto tcp sport 100-200 dport 80 table 5 pref 107
$ ip -n a rule add iif nosuch table 7 pref 108 protocol static
$ ip -n a rule add goto 5000 pref 109
$ ip -n a rule
0:	from all lookup local
100:	from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x7/0xff iif v0 lookup 100
101:	from all oif v0 lookup main suppress_prefixlength 0
102:	not from 10.0.0.9 lookup 200
103:	from 10.9.9.9 prohibit
104:	from all to 1.2.3.4 unreachable
105:	from all goto 32766
106:	from all nop
107:	from all ipproto tcp sport 100-200 dport 80 lookup 5
108:	from all iif nosuch [detached] lookup 7 proto static
109:	from all goto 5000 [unresolved]
32766:	from all lookup main
32767:	from all lookup default
$ ip -n a -d rule
0:	from all lookup local proto kernel
100:	from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x7/0xff iif v0 lookup 100 proto unspec
101:	from all oif v0 lookup main suppress_prefixlength 0 proto unspec
102:	not from 10.0.0.9 lookup 200 proto unspec
103:	from 10.9.9.9 prohibit proto unspec
104:	from all to 1.2.3.4 unreachable proto unspec
105:	from all goto 32766 proto unspec
106:	from all nop proto unspec
107:	from all ipproto tcp sport 100-200 dport 80 lookup 5 proto unspec
108:	from all iif nosuch [detached] lookup 7 proto static
109:	from all goto 5000 [unresolved] proto unspec
32766:	from all lookup main proto kernel
32767:	from all lookup default proto kernel
$ ip -n a -j rule
[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"10.0.0.0","srclen":24,"dst":"10.1.0.0","dstlen":16,"tos":"0x10","fwmark":"0x7","fwmask":"0xff","iif":"v0","table":"100"},{"priority":101,"src":"all","oif":"v0","table":"main","suppress_prefixlen":0},{"priority":102,"not":null,"src":"10.0.0.9","table":"200"},{"priority":103,"src":"10.9.9.9","action":"prohibit"},{"priority":104,"src":"all","dst":"1.2.3.4","action":"unreachable"},{"priority":105,"src":"all","goto":32766},{"priority":106,"src":"all","nop":null},{"priority":107,"src":"all","ipproto":"tcp","sport_start":100,"sport_end":200,"dport":80,"table":"5"},{"priority":108,"src":"all","iif":"nosuch","iif_detached":null,"table":"7","protocol":"static"},{"priority":109,"src":"all","goto":5000,"unresolved":null},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]
$ ip -n a -N rule
0:	from all lookup 255
100:	from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x7/0xff iif v0 lookup 100
101:	from all oif v0 lookup 254 suppress_prefixlength 0
102:	not from 10.0.0.9 lookup 200
103:	from 10.9.9.9 8
104:	from all to 1.2.3.4 7
105:	from all goto 32766
106:	from all nop
107:	from all ipproto ipproto-6 sport 100-200 dport 80 lookup 5
108:	from all iif nosuch [detached] lookup 7 proto 4
109:	from all goto 5000 [unresolved]
32766:	from all lookup 254
32767:	from all lookup 253
$ ip -n a -6 rule
0:	from all lookup local
32766:	from all lookup main
$ ip -n a rule show from 10.0.0.9
102:	not from 10.0.0.9 lookup 200
$ ip -n a rule show table 100
100:	from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x7/0xff iif v0 lookup 100
$ ip -n a rule show pref 101
101:	from all oif v0 lookup main suppress_prefixlength 0
$ ip -n a rule show iif v0
100:	from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x7/0xff iif v0 lookup 100
$ ip -n a rule list lookup main
101:	from all oif v0 lookup main suppress_prefixlength 0
32766:	from all lookup main
$ ip -n a rule add
"ip rule add" requires arguments.
[1]
$ ip -n a rule add frob
Error: argument "frob" is wrong: Failed to parse rule type
[255]
$ ip -n a rule add from x
Error: any valid prefix is expected rather than "x".
[1]
$ ip -n a rule add pref x
Error: argument "x" is wrong: preference value is invalid

[255]
$ ip -n a rule add table x
Error: argument "x" is wrong: invalid table ID

[255]
$ ip -n a rule add fwmark x
Error: argument "x" is wrong: fwmark value is invalid

[255]
$ ip -n a rule add from 10.0.0.0/24 to 10.1.0.0/16 iif v0 tos 0x10 fwmark 0x7/0xff table 100 pref 100
RTNETLINK answers: File exists
[2]
$ ip -n a rule add from 10.0.0.0/24 to 10.1.0.0/16 iif v0 tos 0x10 fwmark 0x7/0xff table 100 pref 100
RTNETLINK answers: File exists
[2]
$ ip -n a rule del
"ip rule del" requires arguments.
[1]
$ ip -n a rule del
"ip rule del" requires arguments.
[1]
$ ip -n a rule del from 10.9.9.9
$ ip -n a rule del from 10.9.9.9
RTNETLINK answers: No such file or directory
[2]
$ ip -n a rule del prohibit from 10.9.9.9
RTNETLINK answers: No such file or directory
[2]
$ ip -n a rule del prohibit from 10.9.9.9
RTNETLINK answers: No such file or directory
[2]
$ ip -n a rule frob
Command "frob" is unknown, try "ip rule help".
[255]
$ ip -n a rule frob
Command "frob" is unknown, try "ip rule help".
[255]
$ ip -n a rule flush
$ ip -n a rule flush
$ ip -n a rule
0:	from all lookup local
$ ip -n a rule
0:	from all lookup local
