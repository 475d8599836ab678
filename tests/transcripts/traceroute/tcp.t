# traceroute -T: TCP segments as probes
$ ip netns add a
$ ip netns add r
$ ip netns add b
$ ip link add e0 netns a type veth peer name e1 netns r
$ ip link add f0 netns r type veth peer name f1 netns b
$ ip -n a addr add 10.0.0.1/24 dev e0
$ ip -n r addr add 10.0.0.2/24 dev e1
$ ip -n r addr add 10.0.1.1/24 dev f0
$ ip -n b addr add 10.0.1.2/24 dev f1
$ ip -n a link set e0 up
$ ip -n r link set e1 up
$ ip -n r link set f0 up
$ ip -n b link set f1 up
$ ip -n a link set lo up
$ ip -n a route add default via 10.0.0.2
$ ip -n b route add default via 10.0.1.1
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec r sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_msgs_burst=10000
$ ip netns exec b nc -lk 80 &
$ sleep 0.2
$ ip netns exec a traceroute -n -T -q 1 10.0.1.2
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 60 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <ms>
$ ip netns exec a traceroute -n -T -q 1 -p 81 10.0.1.2
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 60 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <ms>
$ ip netns exec a traceroute -n -T -q 1 -N 1 -O info 10.0.1.2
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 60 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <syn,ack> <ms>
$ ip netns exec a traceroute -n -T -q 1 -O ack,info -N 1 10.0.1.2
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 40 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <rst> <ms>
$ ip netns exec a traceroute -n -T -q 1 -O sack,ecn,mss=100,info 10.0.1.2
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 48 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <syn,ack,ece> <ms>
$ ip netns exec a traceroute -n -T -q 1 -O bogus 10.0.1.2
`bogus' (argc 1): arguments are not allowed
[2]
$ ip netns exec a traceroute -n -T -q 1 10.0.1.9
traceroute to 10.0.1.9 (10.0.1.9), 30 hops max, 60 byte packets
 1  10.0.0.2 <ms>
 2  10.0.0.2 <ms> !H
$ ip netns exec a traceroute -n -T -q 1 127.0.0.1
traceroute to 127.0.0.1 (127.0.0.1), 30 hops max, 60 byte packets
 1  127.0.0.1 <ms>
$ ip netns exec a traceroute -n -T -q 1 ::1
traceroute to ::1 (::1), 30 hops max, 80 byte packets
 1  ::1 <ms>
$ ip netns exec a traceroute -n -T -q 1 -p 81 10.0.1.2 100
traceroute to 10.0.1.2 (10.0.1.2), 30 hops max, 60 byte packets
 1  10.0.0.2 <ms>
 2  10.0.1.2 <ms>
