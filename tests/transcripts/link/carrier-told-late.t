# the state of an interface follows its carrier at once where that is urgent, else within a second, or when it is asked for by name
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip -n b link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: v0@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netns a
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v0@if2           DOWN           02:00:00:00:00:02 <NO-CARRIER,BROADCAST,MULTICAST,UP,LOWER_UP> 
$ ip netns exec b cat /sys/class/net/v0/operstate
down
$ ip netns exec b cat /sys/class/net/v0/carrier
1
$ ip netns exec b cat /sys/class/net/v0/operstate
up
$ ip -n b link
1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netns a
$ ip -n a link set v0 down
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v0@if2           UP             02:00:00:00:00:02 <BROADCAST,MULTICAST,UP> 
$ ip -n b addr show dev v0
2: v0@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netns a
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v0@if2           DOWN           02:00:00:00:00:02 <NO-CARRIER,BROADCAST,MULTICAST,UP> 
$ sleep 1.2
$ ip -n a link set v0 up
$ sleep 1.2
$ ip -n a -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v0@if2           UP             02:00:00:00:00:01 <BROADCAST,MULTICAST,UP,LOWER_UP> 
$ ip -n b -br link
lo               DOWN           00:00:00:00:00:00 <LOOPBACK> 
v0@if2           UP             02:00:00:00:00:02 <BROADCAST,MULTICAST,UP,LOWER_UP> 
