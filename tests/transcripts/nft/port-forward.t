# dnat: a port of the router leads to a private server; redirect to another port of the router itself
$ ip netns add a
$ ip netns add r
$ ip netns add s
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name in address 02:00:00:00:00:02 netns r
$ ip -n r link add out address 02:00:00:00:00:03 type veth peer name v0 address 02:00:00:00:00:04 netns s
$ ip -n a addr add 192.0.2.9/24 dev v0
$ ip -n r addr add 192.0.2.1/24 dev in
$ ip -n r addr add 10.0.0.254/24 dev out
$ ip -n s addr add 10.0.0.1/24 dev v0
$ ip -n a link set v0 up
$ ip -n r link set lo up
$ ip -n r link set in up
$ ip -n r link set out up
$ ip -n s link set v0 up
$ ip -n s route add default via 10.0.0.254
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec r nft add table ip nat
$ ip netns exec r nft add chain ip nat pre "{ type nat hook prerouting priority dstnat; }"
$ ip netns exec r nft add rule ip nat pre iifname in tcp dport 8080 counter dnat to 10.0.0.1:80
$ ip netns exec r nft add rule ip nat pre tcp dport 81 redirect to :8081
$ ip netns exec s nc -l -N 80 > got &
$ sleep 0.2
$ echo hello | ip netns exec a nc -N 192.0.2.1 8080
$ wait
$ cat got
hello
$ ip netns exec r nc -l -N 8081 > got &
$ sleep 0.2
$ echo again | ip netns exec a nc -N 192.0.2.1 81
$ wait
$ cat got
again
$ ip netns exec a nc -v -w 1 192.0.2.1 8080
nc: connect to 192.0.2.1 port 8080 (tcp) failed: Connection refused
[1]
$ ip netns exec r nft list ruleset
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "in" tcp dport 8080 counter packets 2 bytes 120 dnat to 10.0.0.1:80
		tcp dport 81 redirect to :8081
	}
}
