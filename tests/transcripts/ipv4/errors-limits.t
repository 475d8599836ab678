# TTL, DF and no routes: what routers say, count and quote
$ ip netns add h
$ ip netns add r
$ ip netns add s
$ ip netns exec h sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec r sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec s sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n h link add e address 02:00:00:00:01:01 type veth peer name w address 02:00:00:00:01:02 netns r
$ ip -n r link add e address 02:00:00:00:02:01 type veth peer name w address 02:00:00:00:02:02 netns s
$ ip -n h addr add 10.0.1.1/24 dev e
$ ip -n r addr add 10.0.1.2/24 dev w
$ ip -n r addr add 10.0.2.1/24 dev e
$ ip -n s addr add 10.0.2.2/24 dev w
$ ip -n h link set e up
$ ip -n r link set w up
$ ip -n r link set e up
$ ip -n s link set w up
$ ip -n h route add default via 10.0.1.2
$ ip -n s route add default via 10.0.2.1
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec h tcpdump -l -n -t -v -c 4 -i e icmp &
$ sleep 0.3
$ ip netns exec h ping -q -c 1 -W 1 -s 1000 -t 1 10.0.2.2
PING 10.0.2.2 (10.0.2.2) 1000(1028) bytes of data.

--- 10.0.2.2 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n r link set e mtu 700
$ ip netns exec h ping -q -c 1 -W 1 -s 1000 -M do 10.0.2.2
PING 10.0.2.2 (10.0.2.2) 1000(1028) bytes of data.

--- 10.0.2.2 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ wait
tcpdump: listening on e, link-type EN10MB (Ethernet), snapshot length 262144 bytes
IP (tos 0x0, ttl 1, id <n>, offset 0, flags [DF], proto ICMP (1), length 1028)
    10.0.1.1 > 10.0.2.2: ICMP echo request, id <n>, seq 1, length 1008
IP (tos 0xc0, ttl 64, id <n>, offset 0, flags [none], proto ICMP (1), length 576)
    10.0.1.2 > 10.0.1.1: ICMP time exceeded in-transit, length 556
	IP (tos 0x0, ttl 1, id <n>, offset 0, flags [DF], proto ICMP (1), length 1028)
    10.0.1.1 > 10.0.2.2: ICMP echo request, id <n>, seq 1, length 1008
IP (tos 0x0, ttl 64, id <n>, offset 0, flags [DF], proto ICMP (1), length 1028)
    10.0.1.1 > 10.0.2.2: ICMP echo request, id <n>, seq 1, length 1008
IP (tos 0xc0, ttl 64, id <n>, offset 0, flags [none], proto ICMP (1), length 576)
    10.0.1.2 > 10.0.1.1: ICMP 10.0.2.2 unreachable - need to frag (mtu 700), length 556
	IP (tos 0x0, ttl 64, id <n>, offset 0, flags [DF], proto ICMP (1), length 1028)
    10.0.1.1 > 10.0.2.2: ICMP echo request, id <n>, seq 1, length 1008
4 packets captured
4 packets received by filter
0 packets dropped by kernel
$ ip netns exec h ping -c 12 -i 0.002 -W 1 -t 1 10.0.2.2 | grep -c From
5
$ ip netns exec h ping -c 8 -i 0.002 -W 1 10.55.2.2 | grep -c From
0
[1]
$ ip netns exec r grep "^Icmp:" /proc/net/snmp
Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
Icmp: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 7 0 0 8 1 6 0 0 0 0 0 0 0 0 0
$ ip netns exec r grep "^Ip:" /proc/net/snmp
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 1 64 22 13 0 1 0 0 0 7 0 0 0 0 0 0 0 1 0 7
$ ip netns exec r sysctl -qw net.ipv4.icmp_ratelimit=0
$ ip netns exec h ping -c 12 -i 0.002 -W 1 -t 1 10.0.2.2 | grep -c From
12
$ ip netns exec r sysctl -qw net.ipv4.conf.w.forwarding=0
$ ip netns exec h ping -q -c 1 -W 1 10.0.2.2
PING 10.0.2.2 (10.0.2.2) 56(84) bytes of data.

--- 10.0.2.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec r grep "^Ip:" /proc/net/snmp
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 1 64 35 25 1 1 0 0 0 19 0 0 0 0 0 0 0 1 0 19
$ ip netns exec s ping -q -c 1 -W 1 10.0.1.1
PING 10.0.1.1 (10.0.1.1) 56(84) bytes of data.

--- 10.0.1.1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
