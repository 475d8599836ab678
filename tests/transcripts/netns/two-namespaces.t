# namespaces: ids, links that cross, deleting, processes in them, the short names of objects
$ ip netns add red
$ ip netns add blue
$ ip netns exec red sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec blue sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip link add veth-red address 02:00:00:00:00:01 type veth peer name veth-blue address 02:00:00:00:00:02
$ ip link set veth-red netns red
$ ip netns
blue
red (id: 0)
$ ip link set veth-blue netns blue
$ ip netns
blue (id: 1)
red (id: 0)
$ ip netns list-id
nsid 0 (iproute2 netns name: red)
nsid 1 (iproute2 netns name: blue)
$ ip -n red netns
blue
red
$ ip -n blue link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: veth-blue@if3: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netns red
$ ip -n red -j link
[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,"qdisc":"noop","operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00"},{"ifindex":3,"link_index":2,"ifname":"veth-red","flags":["BROADCAST","MULTICAST"],"mtu":1500,"qdisc":"noop","operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"ether","address":"02:00:00:00:00:01","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":1}]
$ ip -n red link set veth-red name eth0 up
$ ip -n blue link set veth-blue name eth0 up
$ ip -n red addr add 10.0.0.1/24 dev eth0
$ ip -n blue addr add 10.0.0.2/24 dev eth0
$ ip netns del blue
$ ip -n red link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -n red route
$ ip netns
red (id: 0)
$ ip link add v0 address 02:00:00:00:00:03 type veth peer name v1 address 02:00:00:00:00:04 netns red
$ ip link show type veth
4: v0@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns red
$ ip -n red link show v1
2: v1@if4: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff link-netnsid 0
$ ip netns exec red ip link show v1
2: v1@if4: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff link-netnsid 0
$ ip link add br0 address 02:00:00:00:00:b0 type bridge
$ ip link set v0 master br0
$ ip link set br0 netns red
Error: The interface netns is immutable.
[2]
$ ip link set v0 netns red
$ ip -n red -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v1@v0            DOWN           02:00:00:00:00:04 <BROADCAST,MULTICAST,M-DOWN> 
v0@v1            DOWN           02:00:00:00:00:03 <BROADCAST,MULTICAST,M-DOWN> 
$ ip netns identify

$ ip netns exec red ip netns identify
red
$ ip netns exec red sh -c "exit 7"
[7]
$ ip netns exec red sleep 5 &
$ sleep 0.2
$ ip netns pids red | wc -l
1
$ ip netns del red
$ ip netns
$ ip link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
5: br0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip netns add red
$ ip netns exec red ip addr add 10.0.0.1/24 dev lo
$ ip netns exec red ip -br a
lo               DOWN           10.0.0.1/24 
$ ip netns exec red ip l
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip netns exec red ip r
$ ip netns exec red ip ru
0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
$ ip netns exec red ip n
$ ip netns exec red ip m
1:	lo
	inet6 ff02::1
	inet6 ff01::1
$ ip netns exec red ip -s neigh
$ ip netns exec red ip addr show lo | grep inet
    inet 10.0.0.1/24 scope global lo
