# route of net-tools
$ ip netns add a
$ ip netns add b
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip netns exec a route
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
[1]
$ ip netns exec a route -n
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
[1]
$ ip -n a addr add 10.0.0.1/24 brd + dev v0
$ ip -n a link set v0 up
$ ip -n a link set lo up
$ ip -n b link set v0 up
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip netns exec a route add default gw 10.0.0.2
$ ip netns exec a route add -net 10.5.0.0 netmask 255.255.0.0 gw 10.0.0.2
$ ip netns exec a route add -net 10.6.0.0/16 dev v0
$ ip netns exec a route add -host 10.7.0.1 gw 10.0.0.2 metric 5
$ ip netns exec a route add -net 10.8.0.0/16 reject
$ ip netns exec a route add -host 10.9.0.1 dev v0 mss 1400 window 2000 irtt 100
$ ip netns exec a route add 192.168.0.0 gw 10.0.0.2
$ ip netns exec a route add 192.168.1.1 gw 10.0.0.2
$ ip netns exec a route -n
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.0.0.2        0.0.0.0         UG    0      0        0 v0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 v0
10.5.0.0        10.0.0.2        255.255.0.0     UG    0      0        0 v0
10.6.0.0        0.0.0.0         255.255.0.0     U     0      0        0 v0
10.7.0.1        10.0.0.2        255.255.255.255 UGH   5      0        0 v0
10.8.0.0        -               255.255.0.0     !     0      -        0 -
10.9.0.1        0.0.0.0         255.255.255.255 UH    0      0        0 v0
192.168.0.0     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
192.168.1.1     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
$ ip netns exec a route -e -n
Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         10.0.0.2        0.0.0.0         UG        0 0          0 v0
10.0.0.0        0.0.0.0         255.255.255.0   U         0 0          0 v0
10.5.0.0        10.0.0.2        255.255.0.0     UG        0 0          0 v0
10.6.0.0        0.0.0.0         255.255.0.0     U         0 0          0 v0
10.7.0.1        10.0.0.2        255.255.255.255 UGH       0 0          0 v0
10.8.0.0        -               255.255.0.0     !         - -          - -
10.9.0.1        0.0.0.0         255.255.255.255 UH     1400 2000     100 v0
192.168.0.0     10.0.0.2        255.255.255.255 UGH       0 0          0 v0
192.168.1.1     10.0.0.2        255.255.255.255 UGH       0 0          0 v0
$ ip netns exec a route -ee -n
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt
0.0.0.0         10.0.0.2        0.0.0.0         UG    0      0        0 v0       0     0      0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 v0       0     0      0
10.5.0.0        10.0.0.2        255.255.0.0     UG    0      0        0 v0       0     0      0
10.6.0.0        0.0.0.0         255.255.0.0     U     0      0        0 v0       0     0      0
10.7.0.1        10.0.0.2        255.255.255.255 UGH   5      0        0 v0       0     0      0
10.8.0.0        -               255.255.0.0     !     0      -        0 -        -     -      -
10.9.0.1        0.0.0.0         255.255.255.255 UH    0      0        0 v0       1400  2000   100
192.168.0.0     10.0.0.2        255.255.255.255 UGH   0      0        0 v0       0     0      0
192.168.1.1     10.0.0.2        255.255.255.255 UGH   0      0        0 v0       0     0      0
$ ip netns exec a route
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
default         10.0.0.2        0.0.0.0         UG    0      0        0 v0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 v0
10.5.0.0        10.0.0.2        255.255.0.0     UG    0      0        0 v0
10.6.0.0        0.0.0.0         255.255.0.0     U     0      0        0 v0
10.7.0.1        10.0.0.2        255.255.255.255 UGH   5      0        0 v0
10.8.0.0        -               255.255.0.0     !     0      -        0 -
10.9.0.1        0.0.0.0         255.255.255.255 UH    0      0        0 v0
192.168.0.0     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
192.168.1.1     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
$ ip netns exec a route -n -C
Kernel IP routing cache
Source          Destination     Gateway         Flags Metric Ref    Use Iface
$ ip -n a route
default via 10.0.0.2 dev v0 
10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
10.5.0.0/16 via 10.0.0.2 dev v0 
10.6.0.0/16 dev v0 scope link 
10.7.0.1 via 10.0.0.2 dev v0 metric 5 
unreachable 10.8.0.0/16 scope host 
10.9.0.1 dev v0 scope link window 2000 rtt 100ms advmss 1360 
192.168.0.0 via 10.0.0.2 dev v0 
192.168.1.1 via 10.0.0.2 dev v0 
$ ip netns exec a route add default gw 10.0.0.2
SIOCADDRT: File exists
[7]
$ ip netns exec a route add -net 10.5.0.1/16 gw 10.0.0.2
route: netmask doesn't match route address
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route add -net 10.5.0.0 gw 10.0.0.2
SIOCADDRT: Invalid argument
[7]
$ ip netns exec a route add -net 10.50.0.0/16 gw 10.99.0.2
SIOCADDRT: Network is unreachable
[7]
$ ip netns exec a route add -net 10.50.0.0/16
SIOCADDRT: No such device
[7]
$ ip netns exec a route add -net 10.50.0.0/16 dev nope
SIOCADDRT: No such device
[7]
$ ip netns exec a route add -net 10.50.0.0/33 dev v0
route: netmask doesn't match route address
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route add -net 10.50.0.0 netmask 255.0.255.0 dev v0
route: bogus netmask 255.0.255.0
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route add -host 10.50.0.0/16 dev v0
route: netmask 0000ffff doesn't make sense with host route
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route add foo dev v0
foo: Host name lookup failure
[6]
$ ip netns exec a route add -net 10.50.0.0/16 gw foo
foo: Unknown host
[6]
$ ip netns exec a route add
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
$ ip netns exec a route add -net
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route add -net 10.50.0.0/16 frob
SIOCADDRT: No such device
[7]
$ ip netns exec a route add -net 10.50.0.0/16 gw
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route frob
Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.

       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.
       route {-V|--version}                  Display version/author and exit.

        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB

  <AF>=Use -4, -6, '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
[3]
$ ip netns exec a route del default
$ ip netns exec a route del default
SIOCDELRT: No such process
[7]
$ ip netns exec a route del -net 10.5.0.0/16
$ ip netns exec a route del -net 10.5.0.0 netmask 255.255.0.0 gw 10.0.0.2
SIOCDELRT: No such process
[7]
$ ip netns exec a route del -net 10.8.0.0/16 reject
$ ip netns exec a route del -host 10.7.0.1
$ ip netns exec a route flush
Flushing `inet' routing table not supported
Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
[3]
$ ip netns exec a route -V
net-tools 2.10
+NEW_ADDRT +RTF_IRTT +RTF_REJECT +I18N +SELINUX
AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH
HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 
$ ip netns exec a route -n
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 v0
10.6.0.0        0.0.0.0         255.255.0.0     U     0      0        0 v0
10.9.0.1        0.0.0.0         255.255.255.255 UH    0      0        0 v0
192.168.0.0     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
192.168.1.1     10.0.0.2        255.255.255.255 UGH   0      0        0 v0
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
