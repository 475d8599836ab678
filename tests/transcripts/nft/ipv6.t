# an IPv6 filter: reject kinds, connection state, ip6 tables
$ ip netns add a
$ ip netns add b
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 2001:db8::1/64 dev v0 nodad
$ ip -n b addr add 2001:db8::2/64 dev v0 nodad
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ sleep 2
$ ip netns exec b nft add table ip6 f
$ ip netns exec b nft add chain ip6 f in "{ type filter hook input priority 0; policy accept; }"
$ ip netns exec b nft add rule ip6 f in ip6 saddr 2001:db8::/64 tcp dport 81 counter reject with tcp reset
$ ip netns exec b nft add rule ip6 f in tcp dport 82 counter reject
$ ip netns exec b nft add rule ip6 f in tcp dport 83 reject with icmpv6 admin-prohibited
$ ip netns exec b nft add rule ip6 f in icmpv6 type echo-request ct state new counter drop
$ ip netns exec a nc -v -w 1 2001:db8::2 81
nc: connect to 2001:db8::2 port 81 (tcp) failed: Connection refused
[1]
$ ip netns exec a ping -c 1 -W 1 2001:db8::2
PING 2001:db8::2(2001:db8::2) 56 data bytes

--- 2001:db8::2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec b nft list ruleset
table ip6 f {
	chain in {
		type filter hook input priority filter; policy accept;
		ip6 saddr 2001:db8::/64 tcp dport 81 counter packets 1 bytes 80 reject with tcp reset
		tcp dport 82 counter packets 0 bytes 0 reject
		tcp dport 83 reject with icmpv6 admin-prohibited
		icmpv6 type echo-request ct state new counter packets 1 bytes 104 drop
	}
}
