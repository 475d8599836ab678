# ifconfig: addresses, labels, masks, flags, sizes, wrong words
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 brd + dev v0
$ ip -n a link set v0 up
$ ip netns exec a ifconfig lo up
$ ip -n b link set v0 up
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ifconfig
lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
        loop  txqueuelen 1000  (Local Loopback)
        RX packets 0  bytes 0 (0.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 0  bytes 0 (0.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig -v v0
v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig -s
Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
lo              65536        0      0      0 0             0      0      0      0 LRU
v0               1500        2      0      0 0             2      0      0      0 BMRU
$ ip netns exec a ifconfig -a -s
Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
lo              65536        0      0      0 0             0      0      0      0 LRU
v0               1500        2      0      0 0             2      0      0      0 BMRU
$ ip netns exec a ifconfig -s v0
Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
v0               1500        2      0      0 0             2      0      0      0 BMRU
$ ip netns exec a ifconfig v0 add 10.0.0.7
$ ip netns exec a ifconfig v0
v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig v0 del 10.0.0.7
$ ip netns exec a ifconfig v0:0 10.9.0.1 netmask 255.255.0.0
$ ip netns exec a ifconfig v0:1 10.10.0.1/24
$ ip netns exec a ifconfig v0:0
v0:0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.9.0.1  netmask 255.255.0.0  broadcast 10.9.255.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)

$ ip netns exec a ifconfig v0:0 down
$ ip netns exec a ifconfig v0:0
v0:0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)

$ ip netns exec a ifconfig v0:5
v0:5: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)

$ ip netns exec a ifconfig v0:5 down
SIOCSIFFLAGS: Cannot assign requested address
[255]
$ ip netns exec a ifconfig v0:5 up
SIOCSIFFLAGS: Cannot assign requested address
[255]
$ ip netns exec a ifconfig
lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
        loop  txqueuelen 1000  (Local Loopback)
        RX packets 0  bytes 0 (0.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 0  bytes 0 (0.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

v0:1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.10.0.1  netmask 255.255.255.0  broadcast 10.10.0.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)

$ ip netns exec a ifconfig v0 10.0.0.5/16
$ ip netns exec a ifconfig v0 pointopoint 10.0.0.6
$ ip netns exec a ifconfig v0
v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.0.0.5  netmask 255.255.0.0  broadcast 10.0.255.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig v0 broadcast 10.0.255.254
$ ip netns exec a ifconfig v0 netmask 255.255.255.0
$ ip netns exec a ifconfig v0 -pointopoint
$ ip netns exec a ifconfig v0 -broadcast
Warning: Interface v0 still in BROADCAST mode.
$ ip netns exec a ifconfig v0 broadcast
$ ip netns exec a ifconfig v0 promisc
$ ip netns exec a ifconfig v0 allmulti -arp -multicast
$ ip netns exec a ifconfig v0
v0: flags=963<UP,BROADCAST,RUNNING,NOARP,PROMISC,ALLMULTI>  mtu 1500
        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.255.254
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig v0 -promisc -allmulti arp multicast
$ ip netns exec a ifconfig v0 hw ether 02:00:00:00:00:99
$ ip netns exec a ifconfig v0 hw ether zz
zz: invalid ether address.
[1]
$ ip netns exec a ifconfig v0 down hw ether 02:00:00:00:00:98
$ ip netns exec a ifconfig v0 mtu x
SIOCSIFMTU: Invalid argument
[1]
$ ip netns exec a ifconfig v0 mtu 20
SIOCSIFMTU: Invalid argument
[1]
$ ip netns exec a ifconfig v0 mtu 1400 txqueuelen 7 up
$ ip netns exec a ifconfig v0 netmask x
x: Host name lookup failure
[1]
$ ip netns exec a ifconfig v0 netmask 255.0.255.0
SIOCSIFNETMASK: Invalid argument
[1]
$ ip netns exec a ifconfig v0 frob
frob: Host name lookup failure
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig v0 1.2.3
$ ip netns exec a ifconfig v0 1.2.3.4.5
1.2.3.4.5: Unknown host
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig v0 256.1.1.1
256.1.1.1: Unknown host
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig v0 metric 2
metric: Host name lookup failure
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig v0 metric 0
metric: Host name lookup failure
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig nope up
nope: ERROR while getting interface flags: No such device
[255]
$ ip netns exec a ifconfig nope 10.0.0.1
SIOCSIFADDR: No such device
nope: ERROR while getting interface flags: No such device
[255]
$ ip netns exec a ifconfig nope
nope: error fetching interface information: Device not found
[1]
$ ip netns exec a ifconfig nope mtu 5
SIOCSIFMTU: No such device
[1]
$ ip netns exec a ifconfig -z
ifconfig: option `-z' not recognised.
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig -V
net-tools 2.10
$ ip netns exec a ifconfig v0 0
$ ip netns exec a ifconfig v0 0.0.0.0
$ sleep 1.2
$ ip netns exec a ifconfig v0
v0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1400
        ether 02:00:00:00:00:98  txqueuelen 7  (Ethernet)
        RX packets 2  bytes 140 (140.0 B)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 2  bytes 140 (140.0 B)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

$ ip netns exec a ifconfig v0 localhost
$ ip netns exec a ifconfig v0 default
$ ip netns exec a ifconfig v0 inet 10.1.1.1
$ ip netns exec a ifconfig v0 nosuch 10.1.1.1
nosuch: Host name lookup failure
ifconfig: `--help' gives usage information.
[1]
$ ip netns exec a ifconfig v0 tunnel ::1
SIOCSIFDSTADDR: No such device
[1]
$ ip netns exec a ifconfig v0 outfill 3
SIOCSOUTFILL: Operation not supported
[1]
$ ip netns exec a ifconfig v0 mem_start 3
mem_start: SIOCSIFMAP: Operation not supported
[1]
$ ip netns exec a ifconfig v0 name w0
$ ip -n a addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: w0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default qlen 7
    link/ether 02:00:00:00:00:98 brd ff:ff:ff:ff:ff:ff link-netns b
    inet 10.10.0.1/24 brd 10.10.0.255 scope global w0
       valid_lft forever preferred_lft forever
    inet 10.1.1.1/8 brd 10.255.255.255 scope global w0:2
       valid_lft forever preferred_lft forever
