# what tc adds, changes, replaces, deletes and refuses; limits from txqueuelen; a child of tbf
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip netns exec a tc qdisc show dev v0
qdisc noqueue 0: root refcnt 2 
$ ip netns exec a tc -s qdisc show dev v0
qdisc noqueue 0: root refcnt 2 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ ip netns exec a tc qdisc del dev v0 root
Error: Cannot delete qdisc with handle of zero.
[2]
$ ip netns exec a tc qdisc add dev v0 root handle 1: pfifo limit 5
$ ip netns exec a tc qdisc add dev v0 root pfifo
Error: Exclusivity flag on, cannot modify.
[2]
$ ip netns exec a tc qdisc add dev v0 root handle 2: pfifo
Error: NLM_F_REPLACE needed to override.
[2]
$ ip netns exec a tc qdisc replace dev v0 root handle 1: bfifo
Error: Invalid qdisc name: must match existing qdisc.
[2]
$ ip netns exec a tc qdisc show dev v0
qdisc pfifo 1: root refcnt 3 limit 5p
$ ip netns exec a tc qdisc change dev v0 root pfifo limit 7
$ ip netns exec a tc qdisc change dev v0 root handle 1: pfifo limit 7
$ ip netns exec a tc qdisc change dev v0 root bfifo limit 7
$ ip netns exec a tc qdisc show dev v0
qdisc bfifo 8xxx: root refcnt 3 limit 7b
$ ip netns exec a tc qdisc replace dev v0 root bfifo limit 8
$ ip netns exec a tc qdisc show dev v0
qdisc bfifo 8xxx: root refcnt 3 limit 8b
$ ip netns exec a tc qdisc del dev v0 root handle 9:
Error: Invalid handle.
[2]
$ ip netns exec a tc qdisc del dev v0 root pfifo
Error: Invalid qdisc name: must match existing qdisc.
[2]
$ ip netns exec a tc qdisc del dev v0 root
$ ip netns exec a tc qdisc del dev v0 root
Error: Cannot delete qdisc with handle of zero.
[2]
$ ip -n a link set v0 txqueuelen 42
$ ip netns exec a tc qdisc add dev v0 root bfifo
$ ip netns exec a tc qdisc show dev v0
qdisc bfifo 8xxx: root refcnt 3 limit 63588b
$ ip netns exec a tc qdisc replace dev v0 root pfifo
$ ip netns exec a tc qdisc show dev v0
qdisc pfifo 8xxx: root refcnt 3 limit 42p
$ ip netns exec a tc qdisc del dev v0 root
$ ip netns exec a tc qdisc add dev v0 root pfifo
$ ip netns exec a tc qdisc show dev v0
qdisc pfifo 8xxx: root refcnt 3 limit 42p
$ ip netns exec a tc qdisc del dev v0 root
$ ip -n a link set v0 txqueuelen 0
$ ip netns exec a tc qdisc add dev v0 root pfifo
$ ip netns exec a tc qdisc show dev v0
qdisc pfifo 8xxx: root refcnt 3 limit 1000p
$ ip netns exec a tc qdisc del dev v0 root
$ ip netns exec a tc qdisc add dev v0 root handle 5: tbf rate 1mbit burst 10kb latency 50ms
$ ip netns exec a tc -s qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 10Kb lat 50ms 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ ip netns exec a tc -d qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 10Kb/1 mpu 0b lat 50ms linklayer ethernet 
$ ip netns exec a tc qdisc add dev v0 parent 5:1 handle 6: pfifo limit 9
$ ip netns exec a tc -s qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 10Kb lat 50ms 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc pfifo 6: parent 5:1 limit 9p
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ ip netns exec a tc qdisc del dev v0 parent 5:1
$ ip netns exec a tc qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 10Kb lat 50ms 
$ ip netns exec a tc qdisc add dev v0 parent 7:1 pfifo
Error: Failed to find specified qdisc.
[2]
$ ip netns exec a tc qdisc add dev v0 parent 5:2 pfifo
$ ip netns exec a tc qdisc replace dev v0 root tbf rate 1mbit burst 10kb limit 5000 peakrate 2mbit mtu 1600
$ ip netns exec a tc -d qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 10Kb/1 mpu 0b peakrate 2Mbit mtu 1600b/1 mpu 0b lat <ms> linklayer ethernet 
qdisc pfifo 8xxx: parent 5:2 limit 5000p
$ ip netns exec a tc qdisc change dev v0 root tbf rate 1mbit burst 100 limit 5000
$ ip netns exec a tc qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 100b lat <ms> 
qdisc pfifo 8xxx: parent 5:2 limit 5000p
$ ip netns exec a tc qdisc show dev v0
qdisc tbf 5: root refcnt 3 rate 1Mbit burst 100b lat <ms> 
qdisc pfifo 8xxx: parent 5:2 limit 5000p
$ ip netns exec a tc qdisc replace dev v0 root noqueue
$ ip netns exec a tc qdisc show dev v0
qdisc noqueue 8xxx: root refcnt 3 
$ ip netns exec a tc qdisc add dev v0 handle 1:5 root pfifo
Error: NLM_F_REPLACE needed to override.
[2]
$ ip netns exec a tc qdisc replace dev v0 root pfifo limit 0
$ ip netns exec a tc qdisc show dev v0
qdisc pfifo 8xxx: root refcnt 3 limit 0p
$ ip netns exec a tc qdisc add dev lo root pfifo
$ ip netns exec a tc qdisc show dev lo
qdisc pfifo 8xxx: root refcnt 2 limit 1000p
$ ip -n a link show lo
1: lo: <LOOPBACK> mtu 65536 qdisc pfifo state DOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -n a link set lo up
$ ip -n a link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc pfifo state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ ip -n a link add br0 type bridge
$ ip netns exec a tc qdisc add dev br0 root pfifo
$ ip netns exec a tc qdisc show dev br0
qdisc pfifo 8xxx: root refcnt 2 limit 1000p
$ ip netns exec a tc qdisc add dev br0 root pfifo_fast
$ ip netns exec a tc -s qdisc replace dev br0 root pfifo_fast
$ ip netns exec a tc -s qdisc show dev br0
qdisc pfifo_fast 8xxx: root refcnt 2 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
