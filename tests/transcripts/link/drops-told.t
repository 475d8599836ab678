# what is dropped without carrier nobody is told; what the peer's smaller MTU drops the sender is
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v2 address 02:00:00:00:00:03 type veth peer name v3 address 02:00:00:00:00:04 netns b
$ ip -n a addr add 10.0.0.1/24 dev v2
$ ip -n a neigh add 10.0.0.2 lladdr 02:00:00:00:00:04 dev v2
$ ip -n a link set v2 up
$ ip netns exec a ping -q -c 2 -i 0.2 -W 0.2 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n a -s link show v2
2: v2@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns b
    RX:  bytes packets errors dropped  missed   mcast           
             0       0      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
             0       0      0       2       0       0 
$ ip -n b link set v3 mtu 200 up
$ ip -n b addr add 10.0.0.2/24 dev v3
$ ip netns exec a ping -q -c 1 -W 0.2 -s 100 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 100(128) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -W 0.2 -s 500 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 500(528) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n a -s link show v2
2: v2@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netns b
    RX:  bytes packets errors dropped  missed   mcast           
           184       2      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
           184       2      0       3       0       0 
$ ip -n b -s link show v3
2: v3@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 200 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff link-netns a
    RX:  bytes packets errors dropped  missed   mcast           
           184       2      0       1       0       0 
    TX:  bytes packets errors dropped carrier collsns           
           184       2      0       0       0       0 
