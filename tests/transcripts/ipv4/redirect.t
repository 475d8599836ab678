# a router on the same wire tells of a better way; rp_filter; local sources
$ ip netns add h
$ ip netns add r
$ ip netns add o
$ ip netns add sw
$ ip -n sw link add br type bridge
"type" is invalid lladdr.
[1]
$ ip -n sw link set br up
"up" is invalid lladdr.
[1]
$ ip -n sw link add p1 address 02:00:00:00:01:02 type veth peer name e address 02:00:00:00:01:01 netns h
$ ip -n sw link add p2 address 02:00:00:00:02:02 type veth peer name e address 02:00:00:00:02:01 netns r
$ ip -n sw link add p3 address 02:00:00:00:03:02 type veth peer name e address 02:00:00:00:03:01 netns o
$ ip -n sw link set p1 master br up
Error: argument "br" is wrong: Device does not exist

[255]
$ ip -n sw link set p2 master br up
Error: argument "br" is wrong: Device does not exist

[255]
$ ip -n sw link set p3 master br up
Error: argument "br" is wrong: Device does not exist

[255]
$ ip netns exec h sysctl -qw net.ipv6.conf.all.disable_ipv6=1
$ ip netns exec r sysctl -qw net.ipv6.conf.all.disable_ipv6=1
$ ip netns exec o sysctl -qw net.ipv6.conf.all.disable_ipv6=1
$ ip -n h addr add 10.0.0.1/24 dev e
$ ip -n r addr add 10.0.0.2/24 dev e
$ ip -n o addr add 10.0.0.3/24 dev e
$ ip -n o addr add 10.9.0.1/32 dev e
$ ip -n h link set lo up
$ ip -n h link set e up
$ ip -n r link set lo up
$ ip -n r link set e up
$ ip -n o link set lo up
$ ip -n o link set e up
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip -n r route add 10.9.0.0/16 via 10.0.0.3
$ ip -n h route add 10.9.0.0/16 via 10.0.0.2
$ ip netns exec h ping -q -c 1 10.0.0.3
PING 10.0.0.3 (10.0.0.3) 56(84) bytes of data.

--- 10.0.0.3 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec h ping -c 2 -i 0.5 10.9.0.1
PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable
From 10.0.0.1 icmp_seq=2 Destination Host Unreachable

--- 10.9.0.1 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time <ms>ms
pipe 2
[1]
$ ip -n h route get 10.9.0.1
10.9.0.1 via 10.0.0.2 dev e src 10.0.0.1 uid 0 
    cache 
$ ip -n h route get 10.9.0.2
10.9.0.2 via 10.0.0.2 dev e src 10.0.0.1 uid 0 
    cache 
$ ip netns exec r grep "^Icmp:" /proc/net/snmp
Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
Icmp: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
$ ip netns exec h sysctl -qw net.ipv4.conf.e.accept_redirects=0 net.ipv4.conf.all.accept_redirects=0
$ ip -n h route flush cache
$ ip -n h route get 10.9.0.1
10.9.0.1 via 10.0.0.2 dev e src 10.0.0.1 uid 0 
    cache 
$ ip netns exec h ping -c 1 10.9.0.1
PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.9.0.1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip -n h route get 10.9.0.1
10.9.0.1 via 10.0.0.2 dev e src 10.0.0.1 uid 0 
    cache 
$ ip netns exec r sysctl -qw net.ipv4.conf.e.send_redirects=0 net.ipv4.conf.all.send_redirects=0
$ sleep 1
$ ip netns exec h ping -c 1 10.9.0.1
PING 10.9.0.1 (10.9.0.1) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.9.0.1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
