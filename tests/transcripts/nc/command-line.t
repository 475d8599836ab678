# nc's complaints, scans and service names
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
$ ip netns exec a nc 
usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
[1]
$ ip netns exec a nc -Z
usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
[1]
$ ip netns exec a nc 10.0.0.2
nc: missing port number
[1]
$ ip netns exec a nc -l
nc: missing port number
[1]
$ ip netns exec a nc 10.0.0.2 foo
nc: port number invalid: foo
[1]
$ ip netns exec a nc 10.0.0.2 70000
nc: port number too large: 70000
[1]
$ ip netns exec a nc nowhere 80
nc: getaddrinfo for host "nowhere" port 80: Temporary failure in name resolution
[1]
$ ip netns exec a nc -v 10.0.0.2 81
nc: connect to 10.0.0.2 port 81 (tcp) failed: Connection refused
[1]
$ ip netns exec a nc -vz 10.0.0.2 80-82
nc: connect to 10.0.0.2 port 80 (tcp) failed: Connection refused
nc: connect to 10.0.0.2 port 81 (tcp) failed: Connection refused
nc: connect to 10.0.0.2 port 82 (tcp) failed: Connection refused
[1]
$ ip netns exec a nc -w x 10.0.0.2 80
nc: timeout invalid: x
[1]
$ ip netns exec a nc -p x 10.0.0.2 80
nc: getaddrinfo: Servname not supported for ai_socktype
[1]
$ ip netns exec a nc -s 9.9.9.9 10.0.0.2 80
nc: bind failed: Cannot assign requested address
[1]
$ ip netns exec a nc -l -z 9000
nc: cannot use -z and -l
[1]
$ ip netns exec a nc -l 9.9.9.9 9000
nc: Cannot assign requested address
[1]
$ ip netns exec a nc -k 10.0.0.2 80
nc: must use -l with -k
[1]
$ ip netns exec a nc -U nosock
nc: nosock: No such file or directory
[1]
$ ip netns exec a nc -v 10.1.1.1 80
nc: connect to 10.1.1.1 port 80 (tcp) failed: Network is unreachable
[1]
$ ip netns exec b nc -kl 10.0.0.2 80 > got &
$ sleep 0.3
$ ip netns exec a nc -vz 10.0.0.2 80
Connection to 10.0.0.2 80 port [tcp/http] succeeded!
$ ip netns exec a nc -vnz 10.0.0.2 80
Connection to 10.0.0.2 80 port [tcp/*] succeeded!
$ echo one | ip netns exec a nc -N 10.0.0.2 80
$ echo two | ip netns exec a nc -q 0 10.0.0.2 80
$ sleep 0.2
$ cat got
one
two
