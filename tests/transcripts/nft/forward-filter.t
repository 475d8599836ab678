# a router that lets connections out and only their answers in; kinds of reject
$ ip netns add a
$ ip netns add r
$ ip netns add s
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name in address 02:00:00:00:00:02 netns r
$ ip -n r link add out address 02:00:00:00:00:03 type veth peer name v0 address 02:00:00:00:00:04 netns s
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n r addr add 10.0.0.254/24 dev in
$ ip -n r addr add 192.0.2.1/24 dev out
$ ip -n s addr add 192.0.2.2/24 dev v0
$ ip -n a link set v0 up
$ ip -n r link set in up
$ ip -n r link set out up
$ ip -n s link set v0 up
$ ip -n a route add default via 10.0.0.254
$ ip -n s route add default via 192.0.2.1
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec r nft add table inet f
$ ip netns exec r nft add chain inet f fw "{ type filter hook forward priority filter; policy drop; }"
$ ip netns exec r nft add rule inet f fw ct state established,related counter accept
$ ip netns exec r nft add rule inet f fw iifname in oifname out ct state new counter accept
$ ip netns exec a ping -c 1 -W 1 192.0.2.2
PING 192.0.2.2 (192.0.2.2) 56(84) bytes of data.
64 bytes from 192.0.2.2: icmp_seq=1 ttl=63 time=<ms> ms

--- 192.0.2.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec s ping -c 1 -W 1 10.0.0.1
PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.

--- 10.0.0.1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a nc -v -w 1 192.0.2.2 80
nc: connect to 192.0.2.2 port 80 (tcp) failed: Connection refused
[1]
$ ip netns exec a nc -u -v -z -w 1 192.0.2.2 99
[1]
$ ip netns exec s nc -v -w 1 10.0.0.1 80
nc: connect to 10.0.0.1 port 80 (tcp) timed out: Operation now in progress
[1]
$ ip netns exec r nft add rule inet f fw tcp dport 81 reject with tcp reset
$ ip netns exec r nft add rule inet f fw tcp dport 82 reject
$ ip netns exec r nft add rule inet f fw tcp dport 83 reject with icmpx admin-prohibited
$ ip netns exec r nft add rule inet f fw icmp type echo-request reject with icmp host-prohibited
$ ip netns exec s nc -v -w 1 10.0.0.1 81
nc: connect to 10.0.0.1 port 81 (tcp) failed: Connection refused
[1]
$ ip netns exec s nc -v -w 1 10.0.0.1 82
nc: connect to 10.0.0.1 port 82 (tcp) failed: Connection refused
[1]
$ ip netns exec s nc -v -w 1 10.0.0.1 83
nc: connect to 10.0.0.1 port 83 (tcp) failed: No route to host
[1]
$ ip netns exec s ping -c 1 -W 1 10.0.0.1
PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.
From 192.0.2.1 icmp_seq=1 Destination Host Prohibited

--- 10.0.0.1 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time <ms>ms

[1]
$ ip netns exec r nft list ruleset
table inet f {
	chain fw {
		type filter hook forward priority filter; policy drop;
		ct state established,related counter packets 3 bytes 181 accept
		iifname "in" oifname "out" ct state new counter packets 3 bytes 173 accept
		tcp dport 81 reject with tcp reset
		tcp dport 82 reject
		tcp dport 83 reject with icmpx admin-prohibited
		icmp type echo-request reject with icmp host-prohibited
	}
}
