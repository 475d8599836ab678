# what the paths of IP and ICMP count
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:00:03 type veth peer name v1 address 02:00:00:00:00:04 netns b
$ ip -n a link set v0 up
$ ip -n a link set v1 up
$ ip -n b link set v0 up
$ ip -n b link set v1 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a route add default via 10.0.0.2
$ ip netns exec a ping -q -c 2 -i 0.2 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -s 5000 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 5000(5028) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 1 -W 1 10.9.0.1
PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.

--- 10.9.0.1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec b sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec a ping -q -c 1 -W 1 10.9.0.1
PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.

--- 10.9.0.1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -b -c 1 -W 1 10.0.0.255
WARNING: pinging broadcast address
PING 10.0.0.255 (10.0.0.255) 56(84) bytes of data.

--- 10.0.0.255 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -c 1 -W 1 -t 1 10.8.0.1
PING 10.8.0.1 (10.8.0.1) 56(84) bytes of data.

--- 10.8.0.1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -q -c 1 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a grep "^Ip:" /proc/net/snmp
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 2 64 11 0 0 0 0 0 8 9 0 0 0 4 1 0 1 0 4 12
$ ip netns exec a grep "^Icmp" /proc/net/snmp
Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
Icmp: 8 1 0 2 0 0 0 0 2 4 0 0 0 0 9 0 0 0 0 0 0 0 0 8 1 0 0 0 0
IcmpMsg: InType0 InType3 InType8 OutType0 OutType8
IcmpMsg: 4 2 2 1 8
$ ip netns exec a grep "^IpExt:" /proc/net/netstat
IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps
IpExt: 0 0 0 0 1 1 5732 5760 0 0 84 84 0 11 0 0 0 0
$ ip netns exec b grep "^Ip:" /proc/net/snmp
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 1 64 10 0 1 0 0 0 4 5 0 0 0 4 1 0 1 0 4 8
$ ip netns exec b grep "^Icmp" /proc/net/snmp
Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
Icmp: 4 1 0 0 0 0 0 0 4 0 0 0 0 0 5 0 0 0 2 0 0 0 0 0 3 0 0 0 0
IcmpMsg: InType8 OutType0 OutType3
IcmpMsg: 4 3 2
$ ip netns exec b grep "^IpExt:" /proc/net/netstat
IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps
IpExt: 2 0 0 0 1 0 5592 5480 0 0 84 0 0 10 0 0 0 0
$ ip netns exec a cat /proc/net/dev
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     168       2    0    0    0     0          0         0      168       2    0    0    0     0       0          0
    v0:    5634       9    0    0    0     0          0         0     5774      11    0    0    0     0       0          0
    v1:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
