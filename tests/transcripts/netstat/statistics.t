# netstat over UDP, ICMP and routes
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
$ ip -n a route add default via 10.0.0.2
$ ip netns exec a ping -q -c 2 -i 0.2 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ echo hi | ip netns exec a nc -u -w 1 -p 4000 10.0.0.2 9
$ ip netns exec a netstat -s
Ip:
    Forwarding: 2
    3 total packets received
    0 forwarded
    0 incoming packets discarded
    3 incoming packets delivered
    3 requests sent out
    OutTransmits: 3
Icmp:
    3 ICMP messages received
    0 input ICMP message failed
    ICMP input histogram:
        destination unreachable: 1
        echo replies: 2
    2 ICMP messages sent
    0 ICMP messages failed
    ICMP output histogram:
        echo requests: 2
IcmpMsg:
        InType0: 2
        InType3: 1
        OutType8: 2
Tcp:
    0 active connection openings
    0 passive connection openings
    0 failed connection attempts
    0 connection resets received
    0 connections established
    0 segments received
    0 segments sent out
    0 segments retransmitted
    0 bad segments received
    0 resets sent
Udp:
    0 packets received
    0 packets to unknown port received
    0 packet receive errors
    1 packets sent
    0 receive buffer errors
    0 send buffer errors
UdpLite:
TcpExt:
    0 packet headers predicted
IpExt:
    InOctets: 227
    OutOctets: 199
    InNoECTPkts: 3
MPTcpExt:
$ ip netns exec a netstat -su
IcmpMsg:
    InType0: 2
    InType3: 1
    OutType8: 2
Udp:
    0 packets received
    0 packets to unknown port received
    0 packet receive errors
    1 packets sent
    0 receive buffer errors
    0 send buffer errors
UdpLite:
IpExt:
    InOctets: 227
    OutOctets: 199
    InNoECTPkts: 3
MPTcpExt:
$ ip netns exec a netstat -st
IcmpMsg:
    InType0: 2
    InType3: 1
    OutType8: 2
Tcp:
    0 active connection openings
    0 passive connection openings
    0 failed connection attempts
    0 connection resets received
    0 connections established
    0 segments received
    0 segments sent out
    0 segments retransmitted
    0 bad segments received
    0 resets sent
UdpLite:
TcpExt:
    0 packet headers predicted
IpExt:
    InOctets: 227
    OutOctets: 199
    InNoECTPkts: 3
MPTcpExt:
$ ip netns exec a netstat -sw
Ip:
    Forwarding: 2
    3 total packets received
    0 forwarded
    0 incoming packets discarded
    3 incoming packets delivered
    3 requests sent out
    OutTransmits: 3
Icmp:
    3 ICMP messages received
    0 input ICMP message failed
    ICMP input histogram:
        destination unreachable: 1
        echo replies: 2
    2 ICMP messages sent
    0 ICMP messages failed
    ICMP output histogram:
        echo requests: 2
IcmpMsg:
        InType0: 2
        InType3: 1
        OutType8: 2
UdpLite:
IpExt:
    InOctets: 227
    OutOctets: 199
    InNoECTPkts: 3
MPTcpExt:
$ ip netns exec a netstat -rn
Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         10.0.0.2        0.0.0.0         UG        0 0          0 v0
10.0.0.0        0.0.0.0         255.255.255.0   U         0 0          0 v0
$ ip netns exec a netstat -rne
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.0.0.2        0.0.0.0         UG    0      0        0 v0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 v0
$ ip netns exec a netstat -i
Kernel Interface table
Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
lo              65536        0      0      0 0             0      0      0      0 LRU
v0               1500        4      0      0 0             4      0      0      0 BMRU
$ ip netns exec a netstat -gn
IPv6/IPv4 Group Memberships
Interface       RefCnt Group
--------------- ------ ---------------------
lo              1      224.0.0.1
v0              1      224.0.0.1
lo              1      ff02::1
lo              1      ff01::1
v0              1      ff02::1
v0              1      ff01::1
$ ip netns exec a netstat -uan
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State      
$ ip netns exec a netstat -tuan
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State      
$ ip netns exec a netstat -M
netstat: no support for `ip_masquerade' on this system.
[1]
$ ip netns exec a netstat -V
net-tools 2.10
Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others
+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX
AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH
HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 
$ ip netns exec b netstat -s
Ip:
    Forwarding: 2
    3 total packets received
    0 forwarded
    0 incoming packets discarded
    3 incoming packets delivered
    3 requests sent out
    OutTransmits: 3
Icmp:
    2 ICMP messages received
    0 input ICMP message failed
    ICMP input histogram:
        echo requests: 2
    3 ICMP messages sent
    0 ICMP messages failed
    ICMP output histogram:
        destination unreachable: 1
        echo replies: 2
IcmpMsg:
        InType8: 2
        OutType0: 2
        OutType3: 1
Tcp:
    0 active connection openings
    0 passive connection openings
    0 failed connection attempts
    0 connection resets received
    0 connections established
    0 segments received
    0 segments sent out
    0 segments retransmitted
    0 bad segments received
    0 resets sent
Udp:
    0 packets received
    1 packets to unknown port received
    0 packet receive errors
    0 packets sent
    0 receive buffer errors
    0 send buffer errors
UdpLite:
TcpExt:
    0 packet headers predicted
IpExt:
    InOctets: 199
    OutOctets: 227
    InNoECTPkts: 3
MPTcpExt:
$ ip netns exec b nstat -as "Icmp*"
#kernel
IcmpInMsgs                      2                  0.0
IcmpInEchos                     2                  0.0
IcmpOutMsgs                     3                  0.0
IcmpOutDestUnreachs             1                  0.0
IcmpOutEchoReps                 2                  0.0
IcmpMsgInType8                  2                  0.0
IcmpMsgOutType0                 2                  0.0
IcmpMsgOutType3                 1                  0.0
