# ss: filters, states and columns
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
$ ip netns exec b nc -kl 10.0.0.2 9000 > got &
$ ip netns exec b nc -ul 10.0.0.2 53 > got2 &
$ sleep 0.3
$ sleep 4 | ip netns exec a nc -p 4000 10.0.0.2 9000 &
$ sleep 0.3
$ ip netns exec b ss -tan
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
ESTAB  0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -tln
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
$ ip netns exec b ss -tl
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
$ ip netns exec b ss -uan
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
UNCONN 0      0           10.0.0.2:53        0.0.0.0:*          
$ ip netns exec b ss -tuan
Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
udp   UNCONN 0      0           10.0.0.2:53        0.0.0.0:*          
tcp   LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
tcp   ESTAB  0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -Htn
ESTAB 0      0      10.0.0.2:9000 10.0.0.1:4000
$ ip netns exec b ss -tan state listening
Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
0      1           10.0.0.2:9000      0.0.0.0:*          
$ ip netns exec b ss -tan state established
Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -tan sport = :9000
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
ESTAB  0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -tan dst 10.0.0.0/8
State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
ESTAB 0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -tan "( dport = :4000 or sport = :1 )"
State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
ESTAB 0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -tan not dst 10.0.0.1
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
$ ip netns exec b ss -4tan
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      1           10.0.0.2:9000      0.0.0.0:*          
ESTAB  0      0           10.0.0.2:9000     10.0.0.1:4000       
$ ip netns exec b ss -6tan
State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
$ ip netns exec b ss -V
ss utility, iproute2-6.1.0
$ ip netns exec b ss -tan state foo
ss: wrong state name: foo
[255]
$ ip netns exec b ss -tan foo bar
Error: an inet prefix is expected rather than "foo".
Cannot parse dst/src address.
[1]
$ ip netns exec b ss -tan "sport = :nosuch"
Error: "nosuch" does not look like a port.
Cannot parse dst/src address.
[1]
$ ip netns exec b ss -u
Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
