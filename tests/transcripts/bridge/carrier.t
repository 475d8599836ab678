# the carrier, MAC and MTU of a bridge come from its ports
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add br0 address 02:00:00:00:00:b0 type bridge
$ ip -n a link set br0 up
$ ip -n a link show br0
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n a link add p1 address 02:00:00:00:00:11 type veth peer name e1 address 02:00:00:00:01:11 netns b
$ ip -n a link add p2 address 02:00:00:00:00:05 mtu 1400 type veth peer name e2 address 02:00:00:00:01:05 netns b
$ ip -n a link set p1 master br0
$ ip -n a link show br0
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n a link set p1 up
$ ip -n b link set e1 up
$ ip -n a link show br0
2: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n a link set p2 master br0
$ ip -n a link show br0
2: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n b link set e1 down
$ ip -n a link show br0
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip netns exec a bridge link
3: p1@br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 master br0 state disabled priority 32 cost 2 
4: p2@p1: <BROADCAST,MULTICAST> mtu 1400 master br0 state disabled priority 32 cost 2 
$ ip -n a link add br1 address 02:00:00:00:00:b1 type bridge
$ ip -n a link set p1 master br1
$ ip -n a link show br0
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n a link set br1 master br0
Error: Can not enslave a bridge to a bridge.
[2]
$ ip -n a link set lo master br0
RTNETLINK answers: Invalid argument
[2]
$ ip -n a link set p1 master p2
RTNETLINK answers: Operation not supported
[2]
$ ip -n a link set br0 netns b
Error: The interface netns is immutable.
[2]
$ ip -n a link del p2
$ ip -n a link show br0
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
$ ip -n a link del br1
$ ip -n a link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
3: p1@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:11 brd ff:ff:ff:ff:ff:ff link-netns b
