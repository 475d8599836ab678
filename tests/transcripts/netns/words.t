# ip's options and batches, and ip netns
$ ip netns add a
$ ip -n a link set lo up
$ ip -n
Cannot open network namespace "(null)": No such file or directory
[255]
$ ip -f nope link
Error: argument "nope" is wrong: invalid protocol family
[255]
$ ip -f inet6 addr
$ ip -family inet -br addr
$ ip -V link
ip utility, iproute2-6.1.0, libbpf 1.1.2
$ ip -Version
ip utility, iproute2-6.1.0, libbpf 1.1.2
$ ip -4 -n a -o addr
1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
$ ip --brief -n a link
lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> 
$ ip -n a -- link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -c=foo link
Option "-c=foo" is unknown, try "ip -help".
[255]
$ ip -c=never link show lo
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -color=always link show lo
1: [36mlo: [0m<LOOPBACK> mtu 65536 qdisc noop state [31mDOWN [0mmode DEFAULT group default qlen 1000
    link/loopback [33m00:00:00:00:00:00[0m brd [33m00:00:00:00:00:00[0m
$ ip -l x link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -b nofile
Cannot open file "nofile" for reading: No such file or directory
[1]
$ ip -rc x link
Invalid rcvbuf size 'x'
[255]
$ echo "link set lo mtu 1000" > batch
$ echo "# comment" >> batch
$ echo "addr add 10.0.0.1/8 dev nope" >> batch
$ echo "link show lo" >> batch
$ ip -n a -b batch
Cannot find device "nope"
Command failed batch:3
[1]
$ ip -n a -force -b batch
Cannot find device "nope"
Command failed batch:3
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 1000 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
[1]
$ ip -n a -b - < batch
Cannot find device "nope"
Command failed -:3
[1]
$ ip -n a -batch batch -force
Cannot find device "nope"
Command failed batch:3
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 1000 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
[1]
$ ip netns help
Usage:	ip netns list
	ip netns add NAME
	ip netns attach NAME PID
	ip netns set NAME NETNSID
	ip [-all] netns delete [NAME]
	ip netns identify [PID]
	ip netns pids NAME
	ip [-all] netns exec [NAME] cmd ...
	ip netns monitor
	ip netns list-id [target-nsid POSITIVE-INT] [nsid POSITIVE-INT]
NETNSID := auto | POSITIVE-INT
[255]
$ ip net
a
$ ip netns exec
No netns name specified
[1]
$ ip netns exec a
No command specified
[1]
$ ip netns frob
Command "frob" is unknown, try "ip netns help".
[255]
$ ip netns add
No netns name specified
[1]
$ ip netns del
No netns name specified
[1]
$ ip netns list x
a
$ ip netns add ..
Invalid netns name ".."
[255]
$ ip netns pids a
$ ip netns pids nope
Cannot open network namespace: No such file or directory
[1]
$ ip netns identify

$ ip netns identify 999999
Cannot open network namespace: No such file or directory
[1]
$ ip netns identify x
Specified string 'x' is not a pid
[1]
$ ip netns set a 5
$ ip netns list-id
nsid 5 (iproute2 netns name: a)
$ ip netns
a (id: 5)
$ ip netns set a auto
Error: Peer netns already has a nsid assigned.
[2]
$ ip netns set nope 7
Cannot open network namespace "nope": No such file or directory
[1]
$ ip netns set a
No nsid specified
[1]
$ ip netns set a x
Error: argument "x" is wrong: Invalid "netnsid" value
[255]
$ ip netns list-id
nsid 5 (iproute2 netns name: a)
$ ip netns add c
$ ip netns add bb
$ ip netns add zz
$ ip netns add a1
$ ip netns add b
$ ip netns
b
a1
zz
bb
c
a (id: 5)
$ ip -j netns
[{"name":"b"},{"name":"a1"},{"name":"zz"},{"name":"bb"},{"name":"c"},{"name":"a","id":5}]
$ ip -all netns del
$ ip netns
