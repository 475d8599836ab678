# bridge: ports, their options, the forwarding database
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add br0 address 02:00:00:00:00:b0 type bridge
$ ip -n a link add p1 address 02:00:00:00:00:01 type veth peer name e1 address 02:00:00:00:00:11 netns b
$ ip -n a link add p2 address 02:00:00:00:00:02 type veth peer name e2 address 02:00:00:00:00:12 netns b
$ ip -n a link set p1 master br0 up
$ ip -n a link set p2 master br0
$ ip -n a link set br0 type bridge ageing_time 500
$ ip -n b link set e1 up
$ ip -n b link set e2 up
$ ip -n a link set br0 up
$ ip netns exec a bridge link
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
$ ip netns exec a bridge -d link
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
    hairpin off guard off root_block off fastleave off learning on flood on mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated off locked off 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
    hairpin off guard off root_block off fastleave off learning on flood on mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated off locked off 
$ ip netns exec a bridge -j link
[{"ifindex":3,"link":"br0","ifname":"p1","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"master":"br0","state":"forwarding","priority":32,"cost":2},{"ifindex":4,"link":"p1","ifname":"p2","flags":["BROADCAST","MULTICAST"],"mtu":1500,"master":"br0","state":"disabled","priority":32,"cost":2}]
$ ip netns exec a bridge -s link
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
$ ip netns exec a bridge link show dev p1
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
$ ip netns exec a bridge link show master br0
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
$ ip netns exec a bridge link show dev nope
Cannot find device "nope"
[255]
$ ip netns exec a bridge link show nope
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
$ ip netns exec a bridge link set dev p1 cost 99 state 3 hairpin on
$ ip netns exec a bridge link set dev p1 priority 70
RTNETLINK answers: Numerical result out of range
[255]
$ ip netns exec a bridge link set dev p1 flood off learning off isolated on bcast_flood off mcast_flood off
$ ip netns exec a bridge link set dev p1 state x
Error: invalid STP port state
[255]
$ ip netns exec a bridge link set dev p1 state 9
RTNETLINK answers: Invalid argument
[255]
$ ip netns exec a bridge link set dev p1 foo
Usage: bridge link set dev DEV [ cost COST ] [ priority PRIO ] [ state STATE ]
                               [ guard {on | off} ]
                               [ hairpin {on | off} ]
                               [ fastleave {on | off} ]
                               [ root_block {on | off} ]
                               [ learning {on | off} ]
                               [ learning_sync {on | off} ]
                               [ flood {on | off} ]
                               [ mcast_router MULTICAST_ROUTER ]
                               [ mcast_flood {on | off} ]
                               [ bcast_flood {on | off} ]
                               [ mcast_to_unicast {on | off} ]
                               [ neigh_suppress {on | off} ]
                               [ vlan_tunnel {on | off} ]
                               [ isolated {on | off} ]
                               [ locked {on | off} ]
                               [ hwmode {vepa | veb} ]
                               [ backup_port DEVICE ] [ nobackup_port ]
                               [ self ] [ master ]
       bridge link show [dev DEV]
[255]
$ ip netns exec a bridge link set cost 5
Device is a required argument.
[255]
$ ip netns exec a bridge link set dev nope cost 5
Cannot find bridge device "nope"
[255]
$ ip netns exec a bridge link set dev p1
$ ip netns exec a bridge link frob
Command "frob" is unknown, try "bridge link help".
[255]
$ ip netns exec a bridge -d link show dev p1
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 99 
    hairpin on guard off root_block off fastleave off learning off flood off mcast_flood off bcast_flood off mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated on locked off 
$ ip netns exec a bridge fdb show brport p1
02:00:00:00:00:01 master br0 permanent
33:33:00:00:00:01 self permanent
01:00:5e:00:00:01 self permanent
$ ip netns exec a bridge fdb show dev p1
02:00:00:00:00:01 master br0 permanent
33:33:00:00:00:01 self permanent
01:00:5e:00:00:01 self permanent
$ ip netns exec a bridge fdb show dev nope
Cannot find device "nope"
[255]
$ ip netns exec a bridge fdb show br nope
Cannot find bridge device "nope"
[255]
$ ip netns exec a bridge -s fdb show brport p1
02:00:00:00:00:01 used <sec> master br0 permanent
33:33:00:00:00:01 self permanent
01:00:5e:00:00:01 self permanent
$ ip netns exec a bridge fdb add 02:00:00:00:00:77 dev p1
$ ip netns exec a bridge fdb add 02:00:00:00:00:78 dev p1 master
$ ip netns exec a bridge fdb add 02:00:00:00:00:79 dev p1 master static
$ ip netns exec a bridge fdb add 02:00:00:00:00:7a dev p1 master dynamic
$ ip netns exec a bridge fdb add 02:00:00:00:00:7a dev p1 master dynamic
RTNETLINK answers: File exists
[255]
$ ip netns exec a bridge fdb replace 02:00:00:00:00:7a dev p2 master static
$ ip netns exec a bridge fdb append 02:00:00:00:00:7b dev p2 master static
$ ip netns exec a bridge fdb get 02:00:00:00:00:79 br br0
02:00:00:00:00:79 dev p1 master br0 static
$ ip netns exec a bridge fdb get 02:00:00:00:00:99 br br0
Error: Fdb entry not found.
[254]
$ ip netns exec a bridge fdb get to 02:00:00:00:00:79 dev p1
02:00:00:00:00:79 dev p1 master br0 static
$ ip netns exec a bridge fdb del 02:00:00:00:00:79 dev p1 master
$ ip netns exec a bridge fdb del 02:00:00:00:00:79 dev p1 master
RTNETLINK answers: No such file or directory
[255]
$ ip netns exec a bridge fdb del 02:00:00:00:00:77 dev p1
$ ip netns exec a bridge fdb add 02:00:00:00:00:77
Device and address are required arguments.
[255]
$ ip netns exec a bridge fdb add zz dev p1
Invalid mac address zz
[255]
$ ip netns exec a bridge fdb add 02:00:00:00:00:77 dev nope
Cannot find device "nope"
[255]
$ ip netns exec a bridge fdb add 02:00:00:00:00:77 dev p1 foo
Error: either "to" is duplicate, or "foo" is a garbage.
[255]
$ ip netns exec a bridge fdb add dev p1
Device and address are required arguments.
[255]
$ ip netns exec a bridge fdb frob
Command "frob" is unknown, try "bridge fdb help".
[255]
$ ip netns exec a bridge fdb flush dev br0
$ ip netns exec a bridge vlan
port              vlan-id  
$ ip netns exec a bridge vlan show
port              vlan-id  
$ ip netns exec a bridge -j vlan
[]
$ ip netns exec a bridge vlan add dev p1 vid 5
RTNETLINK answers: Operation not supported
[255]
$ ip netns exec a bridge frob
Object "frob" is unknown, try "bridge help".
[255]
$ ip netns exec a bridge
Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
       bridge [ -force ] -batch filename
where  OBJECT := { link | fdb | mdb | vlan | monitor }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -o[neline] | -t[imestamp] | -n[etns] name |
                    -c[ompressvlans] -color -p[retty] -j[son] }
[255]
$ ip netns exec a bridge -z
Option "-z" is unknown, try "bridge help".
[255]
$ ip netns exec a bridge -V
bridge utility, 6.1.0
$ ip netns exec a bridge -n nope link
Cannot open network namespace "nope": No such file or directory
[255]
$ bridge -n a link
3: p1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 99 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1500 master br0 state disabled priority 32 cost 2 
