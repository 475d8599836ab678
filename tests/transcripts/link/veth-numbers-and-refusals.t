# indexes of veths, names already taken, addresses that are refused, and what moving and renaming do
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 index 10 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
$ ip -n a link add v2 address 02:00:00:00:00:03 type veth peer name v3 address 02:00:00:00:00:04 netns b
$ ip -n a -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v1@v0            DOWN           02:00:00:00:00:02 <BROADCAST,MULTICAST,M-DOWN> 
v2@if2           DOWN           02:00:00:00:00:03 <BROADCAST,MULTICAST> 
v0@v1            DOWN           02:00:00:00:00:01 <BROADCAST,MULTICAST,M-DOWN> 
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v3@if3           DOWN           02:00:00:00:00:04 <BROADCAST,MULTICAST> 
$ ip -n a link add v8 index 10 type veth peer name v9
RTNETLINK answers: File exists
[2]
$ ip -n a link add v8 type veth peer name v2
RTNETLINK answers: File exists
[2]
$ ip -n a link add v8 type veth peer name v8
RTNETLINK answers: File exists
[2]
$ ip -n a link add v8 mtu 20 type veth peer name v9
RTNETLINK answers: Invalid argument
[2]
$ ip -n a link add v8 type veth peer name v9 mtu 70000
RTNETLINK answers: Invalid argument
[2]
$ ip -n a link add v8 address 01:00:00:00:00:01 type veth
RTNETLINK answers: Cannot assign requested address
[2]
$ ip -n a link set v0 address 01:00:00:00:00:01
RTNETLINK answers: Cannot assign requested address
[2]
$ ip -n a link set v0 netns b name v3
RTNETLINK answers: File exists
[2]
$ ip -n a link set v1 netns b name v9
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v3@if3           DOWN           02:00:00:00:00:04 <BROADCAST,MULTICAST> 
v9@v0            DOWN           02:00:00:00:00:02 <BROADCAST,MULTICAST,M-DOWN> 
v0@v9            DOWN           02:00:00:00:00:01 <BROADCAST,MULTICAST,M-DOWN> 
$ ip -n a link set v2 carrier off
RTNETLINK answers: Operation not supported
[2]
