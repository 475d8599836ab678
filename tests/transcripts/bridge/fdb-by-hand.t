# entries of a bridge's table set by hand
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add br0 address 02:00:00:00:00:b0 type bridge
$ ip -n a link add p1 address 02:00:00:00:00:11 type veth peer name e1 address 02:00:00:00:01:11 netns b
$ ip -n a link add p2 address 02:00:00:00:00:05 type veth peer name e2 address 02:00:00:00:01:05 netns b
$ ip -n a link set p1 master br0 up
$ ip -n a link set p2 master br0 up
$ ip -n a link set br0 up
$ ip -n b link set e1 up
$ ip -n b link set e2 up
$ ip netns exec a bridge fdb show br br0
33:33:00:00:00:01 dev br0 self permanent
01:00:5e:00:00:6a dev br0 self permanent
33:33:00:00:00:6a dev br0 self permanent
01:00:5e:00:00:01 dev br0 self permanent
02:00:00:00:00:b0 dev br0 master br0 permanent
02:00:00:00:00:11 dev p1 master br0 permanent
33:33:00:00:00:01 dev p1 self permanent
01:00:5e:00:00:01 dev p1 self permanent
02:00:00:00:00:05 dev p2 master br0 permanent
33:33:00:00:00:01 dev p2 self permanent
01:00:5e:00:00:01 dev p2 self permanent
$ ip netns exec a bridge fdb add 02:00:00:00:00:99 dev p1 master static
$ ip netns exec a bridge fdb add 02:00:00:00:00:99 dev p1 master static
RTNETLINK answers: File exists
[255]
$ ip netns exec a bridge fdb add 02:00:00:00:00:95 dev p1 master local
$ ip netns exec a bridge fdb add 02:00:00:00:00:96 dev p1 master dynamic
$ ip netns exec a bridge fdb replace 02:00:00:00:00:99 dev p2 master static
$ ip netns exec a bridge fdb del 02:00:00:00:00:55 dev p1 master
RTNETLINK answers: No such file or directory
[255]
$ ip netns exec a bridge fdb show br br0
33:33:00:00:00:01 dev br0 self permanent
01:00:5e:00:00:6a dev br0 self permanent
33:33:00:00:00:6a dev br0 self permanent
01:00:5e:00:00:01 dev br0 self permanent
02:00:00:00:00:b0 dev br0 master br0 permanent
02:00:00:00:00:96 dev p1 master br0 
02:00:00:00:00:95 dev p1 master br0 permanent
02:00:00:00:00:11 dev p1 master br0 permanent
33:33:00:00:00:01 dev p1 self permanent
01:00:5e:00:00:01 dev p1 self permanent
02:00:00:00:00:99 dev p2 master br0 static
02:00:00:00:00:05 dev p2 master br0 permanent
33:33:00:00:00:01 dev p2 self permanent
01:00:5e:00:00:01 dev p2 self permanent
$ ip netns exec a bridge fdb del 02:00:00:00:00:99 dev p2 master
$ ip netns exec a bridge fdb show br br0
33:33:00:00:00:01 dev br0 self permanent
01:00:5e:00:00:6a dev br0 self permanent
33:33:00:00:00:6a dev br0 self permanent
01:00:5e:00:00:01 dev br0 self permanent
02:00:00:00:00:b0 dev br0 master br0 permanent
02:00:00:00:00:96 dev p1 master br0 
02:00:00:00:00:95 dev p1 master br0 permanent
02:00:00:00:00:11 dev p1 master br0 permanent
33:33:00:00:00:01 dev p1 self permanent
01:00:5e:00:00:01 dev p1 self permanent
02:00:00:00:00:05 dev p2 master br0 permanent
33:33:00:00:00:01 dev p2 self permanent
01:00:5e:00:00:01 dev p2 self permanent
