# rules of many kinds in a table of family inet, as they are listed, and complaints
$ ip netns add a
$ ip netns exec a nft add table inet t
$ ip netns exec a nft add chain inet t other
$ ip netns exec a nft add set inet t s4 "{ type ipv4_addr; }"
$ ip netns exec a nft add set inet t ports "{ type inet_service; flags interval; }"
$ ip netns exec a nft add chain inet t c "{ type filter hook input priority 0; }"
$ ip netns exec a nft add rule inet t c 'meta l4proto tcp accept'
$ ip netns exec a nft add rule inet t c 'meta l4proto { tcp, udp } accept'
$ ip netns exec a nft add rule inet t c 'meta l4proto { tcp, udp } th dport 53 accept'
$ ip netns exec a nft add rule inet t c 'icmp type echo-request accept'
$ ip netns exec a nft add rule inet t c 'ct original ip saddr 10.0.0.1 accept'
$ ip netns exec a nft add rule inet t c 'reject'
$ ip netns exec a nft add rule inet t c 'reject with icmp type port-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp type host-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp host-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp admin-prohibited'
$ ip netns exec a nft add rule inet t c 'reject with icmpx admin-prohibited'
$ ip netns exec a nft add rule inet t c 'reject with icmpx type port-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp net-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp prot-unreachable'
$ ip netns exec a nft add rule inet t c 'reject with icmp net-prohibited'
$ ip netns exec a nft add rule inet t c 'reject with icmp host-prohibited'
$ ip netns exec a nft add rule inet t c 'reject with tcp reset'
$ ip netns exec a nft add rule inet t c 'meta l4proto tcp reject with tcp reset'
$ ip netns exec a nft add rule inet t c 'tcp dport 113 reject with tcp reset'
$ ip netns exec a nft add rule inet t c 'ip6 saddr ::1 accept'
$ ip netns exec a nft add rule inet t c 'meta nfproto ipv4 accept'
$ ip netns exec a nft add rule inet t c 'meta protocol ip accept'
$ ip netns exec a nft add rule inet t c 'ip saddr 10.0.0.1 tcp dport 22 counter accept'
$ ip netns exec a nft add rule inet t c 'meta l4proto icmp accept'
$ ip netns exec a nft add rule inet t c 'meta l4proto 6 accept'
$ ip netns exec a nft add rule inet t c 'masquerade'
Error: Could not process rule: Operation not supported
add rule inet t c masquerade
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule inet t c 'dnat to 10.0.0.1'
Error: ip or ip6 must be specified with address for inet tables.
add rule inet t c dnat to 10.0.0.1
                  ^^^^
[1]
$ ip netns exec a nft add rule inet t c 'meta l4proto != tcp drop'
$ ip netns exec a nft add rule inet t c 'reject with icmp foo'
Error: Could not parse icmp code
add rule inet t c reject with icmp foo
                                   ^^^
[1]
$ ip netns exec a nft list ruleset
table inet t {
	set s4 {
		type ipv4_addr
	}

	set ports {
		type inet_service
		flags interval
	}

	chain other {
	}

	chain c {
		type filter hook input priority filter; policy accept;
		meta l4proto tcp accept
		meta l4proto { tcp, udp } accept
		meta l4proto { tcp, udp } th dport 53 accept
		icmp type echo-request accept
		ct original ip saddr 10.0.0.1 accept
		reject
		reject with icmp port-unreachable
		reject with icmp host-unreachable
		reject with icmp host-unreachable
		reject with icmp admin-prohibited
		reject with icmpx admin-prohibited
		reject
		reject with icmp net-unreachable
		reject with icmp prot-unreachable
		reject with icmp net-prohibited
		reject with icmp host-prohibited
		meta l4proto tcp reject with tcp reset
		meta l4proto tcp reject with tcp reset
		tcp dport 113 reject with tcp reset
		ip6 saddr ::1 accept
		meta nfproto ipv4 accept
		meta protocol ip accept
		ip saddr 10.0.0.1 tcp dport 22 counter packets 0 bytes 0 accept
		meta l4proto icmp accept
		meta l4proto tcp accept
		meta l4proto != tcp drop
	}
}
$ ip netns exec a nft -a list ruleset
table inet t { # handle 1
	set s4 { # handle 2
		type ipv4_addr
	}

	set ports { # handle 3
		type inet_service
		flags interval
	}

	chain other { # handle 1
	}

	chain c { # handle 4
		type filter hook input priority filter; policy accept;
		meta l4proto tcp accept # handle 5
		meta l4proto { tcp, udp } accept # handle 7
		meta l4proto { tcp, udp } th dport 53 accept # handle 9
		icmp type echo-request accept # handle 10
		ct original ip saddr 10.0.0.1 accept # handle 11
		reject # handle 12
		reject with icmp port-unreachable # handle 13
		reject with icmp host-unreachable # handle 14
		reject with icmp host-unreachable # handle 15
		reject with icmp admin-prohibited # handle 16
		reject with icmpx admin-prohibited # handle 17
		reject # handle 18
		reject with icmp net-unreachable # handle 19
		reject with icmp prot-unreachable # handle 20
		reject with icmp net-prohibited # handle 21
		reject with icmp host-prohibited # handle 22
		meta l4proto tcp reject with tcp reset # handle 23
		meta l4proto tcp reject with tcp reset # handle 24
		tcp dport 113 reject with tcp reset # handle 25
		ip6 saddr ::1 accept # handle 26
		meta nfproto ipv4 accept # handle 27
		meta protocol ip accept # handle 28
		ip saddr 10.0.0.1 tcp dport 22 counter packets 0 bytes 0 accept # handle 29
		meta l4proto icmp accept # handle 30
		meta l4proto tcp accept # handle 31
		meta l4proto != tcp drop # handle 34
	}
}
