# rules of many kinds in a table of family ip, as they are listed, and complaints
$ ip netns add a
$ ip netns exec a nft add table ip t
$ ip netns exec a nft add chain ip t other
$ ip netns exec a nft add set ip t s4 "{ type ipv4_addr; }"
$ ip netns exec a nft add set ip t ports "{ type inet_service; flags interval; }"
$ ip netns exec a nft add chain ip t c "{ type filter hook input priority 0; }"
$ ip netns exec a nft add rule ip t c 'ip saddr 10.0.0.0/8 accept'
$ ip netns exec a nft add rule ip t c 'ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop'
$ ip netns exec a nft add rule ip t c 'ip saddr != 10.0.0.1 counter'
$ ip netns exec a nft add rule ip t c 'ip saddr { 10.0.0.1, 10.0.0.5, 10.0.0.3 } accept'
$ ip netns exec a nft add rule ip t c 'ip saddr { 10.0.0.0/24, 10.1.0.0/16 } accept'
$ ip netns exec a nft add rule ip t c 'ip saddr 10.0.0.1-10.0.0.9 accept'
$ ip netns exec a nft add rule ip t c 'ip saddr { 10.0.0.1-10.0.0.9, 10.0.0.20 } drop'
$ ip netns exec a nft add rule ip t c 'ip protocol tcp accept'
$ ip netns exec a nft add rule ip t c 'ip protocol { tcp, udp } accept'
$ ip netns exec a nft add rule ip t c 'meta l4proto tcp accept'
$ ip netns exec a nft add rule ip t c 'meta l4proto { tcp, udp } accept'
$ ip netns exec a nft add rule ip t c 'ip protocol icmp drop'
$ ip netns exec a nft add rule ip t c 'tcp dport 22 accept'
$ ip netns exec a nft add rule ip t c 'tcp dport ssh accept'
$ ip netns exec a nft add rule ip t c 'tcp dport { 80, 443 } counter accept'
$ ip netns exec a nft add rule ip t c 'tcp dport {22,80-90} accept'
$ ip netns exec a nft add rule ip t c 'tcp dport 1000-2000 accept'
$ ip netns exec a nft add rule ip t c 'tcp dport != 22 drop'
$ ip netns exec a nft add rule ip t c 'tcp dport > 1024 accept'
$ ip netns exec a nft add rule ip t c 'tcp sport < 1024 accept'
$ ip netns exec a nft add rule ip t c 'tcp sport 1024-65535 tcp dport 80 accept'
$ ip netns exec a nft add rule ip t c 'udp dport 53 accept'
$ ip netns exec a nft add rule ip t c 'udp sport 53 udp dport >= 1024 accept'
$ ip netns exec a nft add rule ip t c 'th dport 53 accept'
$ ip netns exec a nft add rule ip t c 'meta l4proto { tcp, udp } th dport 53 accept'
$ ip netns exec a nft add rule ip t c 'tcp flags syn accept'
$ ip netns exec a nft add rule ip t c 'tcp flags & (syn|ack) == syn accept'
$ ip netns exec a nft add rule ip t c 'tcp flags & (fin|syn|rst|ack) == syn accept'
$ ip netns exec a nft add rule ip t c 'tcp flags syn / syn,ack accept'
$ ip netns exec a nft add rule ip t c 'tcp flags syn,ack accept'
$ ip netns exec a nft add rule ip t c 'tcp flags & syn != 0 accept'
$ ip netns exec a nft add rule ip t c 'tcp flags != syn accept'
$ ip netns exec a nft add rule ip t c 'tcp flags == syn accept'
$ ip netns exec a nft add rule ip t c 'tcp flags == syn|ack accept'
$ ip netns exec a nft add rule ip t c 'icmp type echo-request accept'
$ ip netns exec a nft add rule ip t c 'icmp type { echo-request, echo-reply } accept'
$ ip netns exec a nft add rule ip t c 'icmp type 8 accept'
$ ip netns exec a nft add rule ip t c 'icmp type destination-unreachable icmp code port-unreachable accept'
$ ip netns exec a nft add rule ip t c 'icmp code 3 accept'
$ ip netns exec a nft add rule ip t c 'ct state established,related accept'
$ ip netns exec a nft add rule ip t c 'ct state related,established accept'
$ ip netns exec a nft add rule ip t c 'ct state { established, related } accept'
$ ip netns exec a nft add rule ip t c 'ct state new tcp dport 22 accept'
$ ip netns exec a nft add rule ip t c 'ct state invalid drop'
$ ip netns exec a nft add rule ip t c 'ct state != established drop'
$ ip netns exec a nft add rule ip t c 'ct state new counter'
$ ip netns exec a nft add rule ip t c 'ct mark 5 accept'
$ ip netns exec a nft add rule ip t c 'ct mark set 7'
$ ip netns exec a nft add rule ip t c 'ct status dnat accept'
$ ip netns exec a nft add rule ip t c 'ct direction original accept'
$ ip netns exec a nft add rule ip t c 'ct original ip saddr 10.0.0.1 accept'
$ ip netns exec a nft add rule ip t c 'ct original saddr 10.0.0.1 accept'
$ ip netns exec a nft add rule ip t c 'ct mark set meta mark'
$ ip netns exec a nft add rule ip t c 'meta mark set ct mark'
$ ip netns exec a nft add rule ip t c 'meta mark 1 accept'
$ ip netns exec a nft add rule ip t c 'meta mark set 0x10'
$ ip netns exec a nft add rule ip t c 'meta mark & 0xff == 1 accept'
$ ip netns exec a nft add rule ip t c 'meta mark set meta mark or 1'
$ ip netns exec a nft add rule ip t c 'mark 3 accept'
$ ip netns exec a nft add rule ip t c 'iif lo accept'
$ ip netns exec a nft add rule ip t c 'iif "lo" accept'
$ ip netns exec a nft add rule ip t c 'iifname lo accept'
$ ip netns exec a nft add rule ip t c 'iifname "eth0" accept'
$ ip netns exec a nft add rule ip t c 'iifname "eth*" accept'
$ ip netns exec a nft add rule ip t c 'oifname != "v0" drop'
$ ip netns exec a nft add rule ip t c 'oif lo accept'
$ ip netns exec a nft add rule ip t c 'iifname { "a", "b" } accept'
$ ip netns exec a nft add rule ip t c 'meta iifname "v0" accept'
$ ip netns exec a nft add rule ip t c 'ip ttl 64 accept'
$ ip netns exec a nft add rule ip t c 'ip ttl < 10 drop'
$ ip netns exec a nft add rule ip t c 'ip length 100 accept'
$ ip netns exec a nft add rule ip t c 'ip length > 100 accept'
$ ip netns exec a nft add rule ip t c 'meta length 100 drop'
$ ip netns exec a nft add rule ip t c 'ip dscp cs1 accept'
$ ip netns exec a nft add rule ip t c 'ip dscp 0x10 accept'
$ ip netns exec a nft add rule ip t c 'ip dscp af11 accept'
$ ip netns exec a nft add rule ip t c 'ip version 4 accept'
$ ip netns exec a nft add rule ip t c 'ip id 5 accept'
$ ip netns exec a nft add rule ip t c 'ip frag-off & 0x1fff != 0 drop'
$ ip netns exec a nft add rule ip t c 'ip frag-off != 0 drop'
$ ip netns exec a nft add rule ip t c 'limit rate 5/second accept'
$ ip netns exec a nft add rule ip t c 'limit rate 10/minute burst 3 packets drop'
$ ip netns exec a nft add rule ip t c 'limit rate over 10/second drop'
$ ip netns exec a nft add rule ip t c 'limit rate 1 mbytes/second accept'
$ ip netns exec a nft add rule ip t c 'limit rate 100 kbytes/second burst 10 kbytes accept'
$ ip netns exec a nft add rule ip t c 'log'
$ ip netns exec a nft add rule ip t c 'log prefix "hello: "'
$ ip netns exec a nft add rule ip t c 'log prefix "hello: " level warn'
$ ip netns exec a nft add rule ip t c 'log level debug'
$ ip netns exec a nft add rule ip t c 'log flags all'
$ ip netns exec a nft add rule ip t c 'log prefix "x" group 1'
$ ip netns exec a nft add rule ip t c 'counter packets 5 bytes 100'
$ ip netns exec a nft add rule ip t c 'counter'
$ ip netns exec a nft add rule ip t c 'counter accept comment "hi there"'
$ ip netns exec a nft add rule ip t c 'accept comment "hello"'
$ ip netns exec a nft add rule ip t c 'reject'
$ ip netns exec a nft add rule ip t c 'reject with icmp type port-unreachable'
$ ip netns exec a nft add rule ip t c 'reject with icmp type host-unreachable'
$ ip netns exec a nft add rule ip t c 'reject with icmp host-unreachable'
$ ip netns exec a nft add rule ip t c 'reject with icmp admin-prohibited'
$ ip netns exec a nft add rule ip t c 'reject with icmpx admin-prohibited'
Error: abstracted ICMP unreachable not supported
add rule ip t c reject with icmpx admin-prohibited
                ~~~~~~            ^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'reject with icmpx type port-unreachable'
Error: abstracted ICMP unreachable not supported
add rule ip t c reject with icmpx type port-unreachable
                ~~~~~~                 ^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'reject with icmp net-unreachable'
$ ip netns exec a nft add rule ip t c 'reject with icmp prot-unreachable'
$ ip netns exec a nft add rule ip t c 'reject with icmp net-prohibited'
$ ip netns exec a nft add rule ip t c 'reject with icmp host-prohibited'
$ ip netns exec a nft add rule ip t c 'reject with tcp reset'
$ ip netns exec a nft add rule ip t c 'meta l4proto tcp reject with tcp reset'
$ ip netns exec a nft add rule ip t c 'tcp dport 113 reject with tcp reset'
$ ip netns exec a nft add rule ip t c 'ip6 saddr ::1 accept'
Error: conflicting protocols specified: ip vs. ip6
add rule ip t c ip6 saddr ::1 accept
                ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'meta nfproto ipv4 accept'
Error: meta nfproto is only useful in the inet family
add rule ip t c meta nfproto ipv4 accept
                ^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'meta protocol ip accept'
$ ip netns exec a nft add rule ip t c 'meta pkttype broadcast drop'
$ ip netns exec a nft add rule ip t c 'jump other'
$ ip netns exec a nft add rule ip t c 'goto other'
$ ip netns exec a nft add rule ip t c 'return'
$ ip netns exec a nft add rule ip t c 'continue'
$ ip netns exec a nft add rule ip t c 'ip saddr @s4 drop'
$ ip netns exec a nft add rule ip t c 'tcp dport @ports accept'
$ ip netns exec a nft add rule ip t c 'ip saddr 10.0.0.1 tcp dport 22 counter accept'
$ ip netns exec a nft add rule ip t c 'ip saddr . tcp dport { 10.0.0.1 . 22 } accept'
$ ip netns exec a nft add rule ip t c 'tcp dport vmap { 22 : accept, 23 : drop }'
$ ip netns exec a nft add rule ip t c 'ip saddr vmap { 10.0.0.1 : jump other, 10.0.0.2 : drop }'
$ ip netns exec a nft add rule ip t c 'ip protocol vmap { tcp : jump other, udp : accept }'
$ ip netns exec a nft add rule ip t c 'ct state vmap { established : accept, related : accept, invalid : drop }'
$ ip netns exec a nft add rule ip t c 'iifname vmap { "lo" : accept }'
$ ip netns exec a nft add rule ip t c 'udp length 100 accept'
$ ip netns exec a nft add rule ip t c 'tcp window 100 accept'
$ ip netns exec a nft add rule ip t c 'tcp sequence 1 accept'
$ ip netns exec a nft add rule ip t c 'ether saddr 02:00:00:00:00:01 accept'
$ ip netns exec a nft add rule ip t c 'ip saddr 10.0.0.1 ip protocol tcp accept'
$ ip netns exec a nft add rule ip t c 'meta l4proto icmp accept'
$ ip netns exec a nft add rule ip t c 'meta l4proto 6 accept'
$ ip netns exec a nft add rule ip t c 'ip protocol 6 accept'
$ ip netns exec a nft add rule ip t c 'ip protocol 99 accept'
$ ip netns exec a nft add rule ip t c 'ip daddr 224.0.0.0/4 drop'
$ ip netns exec a nft add rule ip t c 'ip daddr 10.0.0.1/32 drop'
$ ip netns exec a nft add rule ip t c 'ip saddr 0.0.0.0/0 accept'
$ ip netns exec a nft add rule ip t c 'ip saddr & 255.0.0.0 == 10.0.0.0 accept'
$ ip netns exec a nft add rule ip t c 'notrack'
$ ip netns exec a nft add rule ip t c 'masquerade'
Error: Could not process rule: Operation not supported
add rule ip t c masquerade
^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'dnat to 10.0.0.1'
Error: Could not process rule: Operation not supported
add rule ip t c dnat to 10.0.0.1
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'meta l4proto != tcp drop'
$ ip netns exec a nft add rule ip t c 'ip saddr {} drop'
Error: syntax error, unexpected '}'
add rule ip t c ip saddr {} drop
                          ^
[1]
$ ip netns exec a nft add rule ip t c 'foo'
Error: syntax error, unexpected newline
add rule ip t c foo
                   ^
[1]
$ ip netns exec a nft add rule ip t c 'tcp dport 70000 drop'
Error: Service out of range
add rule ip t c tcp dport 70000 drop
                          ^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'tcp dport abc drop'
Error: Could not resolve service: Servname not supported for ai_socktype
add rule ip t c tcp dport abc drop
                          ^^^
[1]
$ ip netns exec a nft add rule ip t c 'ip saddr 300.1.1.1 drop'
Error: Could not resolve hostname: Name or service not known
add rule ip t c ip saddr 300.1.1.1 drop
                         ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'ip saddr nosuchname drop'
Error: Could not resolve hostname: Temporary failure in name resolution
add rule ip t c ip saddr nosuchname drop
                         ^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'tcp dport'
Error: syntax error, unexpected newline
add rule ip t c tcp dport
                         ^
[1]
$ ip netns exec a nft add rule ip t c 'accept drop'
Error: Statement after terminal statement has no effect
add rule ip t c accept drop
                ~~~~~~ ^^^^
[1]
$ ip netns exec a nft add rule ip t c 'drop counter'
Error: Statement after terminal statement has no effect
add rule ip t c drop counter
                ~~~~ ^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'ip saddr @nosuch drop'
Error: No such file or directory
add rule ip t c ip saddr @nosuch drop
                         ^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'jump nosuch'
Error: No such file or directory; did you mean chain ‘other’ in table ip ‘t’?
add rule ip t c jump nosuch
                     ^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'tcp'
Error: syntax error, unexpected newline
add rule ip t c tcp
                   ^
[1]
$ ip netns exec a nft add rule ip t c 'ip foo 1'
Error: syntax error, unexpected string
add rule ip t c ip foo 1
                   ^^^
[1]
$ ip netns exec a nft add rule ip t c 'icmp type nonesuch accept'
Error: Could not parse ICMP type
add rule ip t c icmp type nonesuch accept
                          ^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'ct state nonesuch accept'
Error: Could not parse conntrack state
add rule ip t c ct state nonesuch accept
                         ^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c 'reject with icmp foo'
Error: Could not parse icmp code
add rule ip t c reject with icmp foo
                                 ^^^
[1]
$ ip netns exec a nft list ruleset
table ip t {
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
		ip saddr 10.0.0.0/8 accept
		ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop
		ip saddr != 10.0.0.1 counter packets 0 bytes 0
		ip saddr { 10.0.0.1, 10.0.0.3, 10.0.0.5 } accept
		ip saddr { 10.0.0.0/24, 10.1.0.0/16 } accept
		ip saddr 10.0.0.1-10.0.0.9 accept
		ip saddr { 10.0.0.1-10.0.0.9, 10.0.0.20 } drop
		ip protocol tcp accept
		ip protocol { tcp, udp } accept
		meta l4proto tcp accept
		meta l4proto { tcp, udp } accept
		ip protocol icmp drop
		tcp dport 22 accept
		tcp dport 22 accept
		tcp dport { 80, 443 } counter packets 0 bytes 0 accept
		tcp dport { 22, 80-90 } accept
		tcp dport 1000-2000 accept
		tcp dport != 22 drop
		tcp dport > 1024 accept
		tcp sport < 1024 accept
		tcp sport 1024-65535 tcp dport 80 accept
		udp dport 53 accept
		udp sport 53 udp dport >= 1024 accept
		th dport 53 accept
		meta l4proto { tcp, udp } th dport 53 accept
		tcp flags syn accept
		tcp flags syn / syn,ack accept
		tcp flags syn / fin,syn,rst,ack accept
		tcp flags syn / syn,ack accept
		tcp flags syn,ack accept
		tcp flags syn accept
		tcp flags != syn accept
		tcp flags == syn accept
		tcp flags == 0x12 accept
		icmp type echo-request accept
		icmp type { echo-reply, echo-request } accept
		icmp type echo-request accept
		icmp type destination-unreachable icmp code port-unreachable accept
		icmp code port-unreachable accept
		ct state established,related accept
		ct state established,related accept
		ct state { established, related } accept
		ct state new tcp dport 22 accept
		ct state invalid drop
		ct state != established drop
		ct state new counter packets 0 bytes 0
		ct mark 0x00000005 accept
		ct mark set 0x00000007
		ct status dnat accept
		ct direction original accept
		ct original ip saddr 10.0.0.1 accept
		ct original ip saddr 10.0.0.1 accept
		ct mark set meta mark
		meta mark set ct mark
		meta mark 0x00000001 accept
		meta mark set 0x00000010
		meta mark & 0x000000ff == 0x00000001 accept
		meta mark set meta mark | 0x00000001
		meta mark 0x00000003 accept
		iif "lo" accept
		iif "lo" accept
		iifname "lo" accept
		iifname "eth0" accept
		iifname "eth*" accept
		oifname != "v0" drop
		oif "lo" accept
		iifname { "a", "b" } accept
		iifname "v0" accept
		ip ttl 64 accept
		ip ttl < 10 drop
		ip length 100 accept
		ip length > 100 accept
		meta length 100 drop
		ip dscp cs1 accept
		ip dscp cs2 accept
		ip dscp af11 accept
		ip version 4 accept
		ip id 5 accept
		ip frag-off & 8191 != 0 drop
		ip frag-off != 0 drop
		limit rate 5/second accept
		limit rate 10/minute burst 3 packets drop
		limit rate over 10/second drop
		limit rate 1 mbytes/second accept
		limit rate 100 kbytes/second burst 10 kbytes accept
		log
		log prefix "hello: "
		log prefix "hello: "
		log level debug
		log flags all
		log prefix "x" group 1
		counter packets 5 bytes 100
		counter packets 0 bytes 0
		counter packets 0 bytes 0 accept comment "hi there"
		accept comment "hello"
		reject
		reject
		reject with icmp host-unreachable
		reject with icmp host-unreachable
		reject with icmp admin-prohibited
		reject with icmp net-unreachable
		reject with icmp prot-unreachable
		reject with icmp net-prohibited
		reject with icmp host-prohibited
		reject with tcp reset
		reject with tcp reset
		tcp dport 113 reject with tcp reset
		accept
		meta pkttype broadcast drop
		jump other
		goto other
		return
		continue
		ip saddr @s4 drop
		tcp dport @ports accept
		ip saddr 10.0.0.1 tcp dport 22 counter packets 0 bytes 0 accept
		ip saddr . tcp dport { 10.0.0.1 . 22 } accept
		tcp dport vmap { 22 : accept, 23 : drop }
		ip saddr vmap { 10.0.0.1 : jump other, 10.0.0.2 : drop }
		ip protocol vmap { tcp : jump other, udp : accept }
		ct state vmap { invalid : drop, established : accept, related : accept }
		iifname vmap { "lo" : accept }
		udp length 100 accept
		tcp window 100 accept
		tcp sequence 1 accept
		ether saddr 02:00:00:00:00:01 accept
		ip saddr 10.0.0.1 ip protocol tcp accept
		meta l4proto icmp accept
		meta l4proto tcp accept
		ip protocol tcp accept
		ip protocol 99 accept
		ip daddr 224.0.0.0/4 drop
		ip daddr 10.0.0.1 drop
		ip saddr 0.0.0.0/0 accept
		ip saddr 10.0.0.0/8 accept
		notrack
		meta l4proto != tcp drop
	}
}
$ ip netns exec a nft -a list ruleset
table ip t { # handle 1
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
		ip saddr 10.0.0.0/8 accept # handle 5
		ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop # handle 6
		ip saddr != 10.0.0.1 counter packets 0 bytes 0 # handle 7
		ip saddr { 10.0.0.1, 10.0.0.3, 10.0.0.5 } accept # handle 9
		ip saddr { 10.0.0.0/24, 10.1.0.0/16 } accept # handle 11
		ip saddr 10.0.0.1-10.0.0.9 accept # handle 12
		ip saddr { 10.0.0.1-10.0.0.9, 10.0.0.20 } drop # handle 14
		ip protocol tcp accept # handle 15
		ip protocol { tcp, udp } accept # handle 17
		meta l4proto tcp accept # handle 18
		meta l4proto { tcp, udp } accept # handle 20
		ip protocol icmp drop # handle 21
		tcp dport 22 accept # handle 22
		tcp dport 22 accept # handle 23
		tcp dport { 80, 443 } counter packets 0 bytes 0 accept # handle 25
		tcp dport { 22, 80-90 } accept # handle 27
		tcp dport 1000-2000 accept # handle 28
		tcp dport != 22 drop # handle 29
		tcp dport > 1024 accept # handle 30
		tcp sport < 1024 accept # handle 31
		tcp sport 1024-65535 tcp dport 80 accept # handle 32
		udp dport 53 accept # handle 33
		udp sport 53 udp dport >= 1024 accept # handle 34
		th dport 53 accept # handle 35
		meta l4proto { tcp, udp } th dport 53 accept # handle 37
		tcp flags syn accept # handle 38
		tcp flags syn / syn,ack accept # handle 39
		tcp flags syn / fin,syn,rst,ack accept # handle 40
		tcp flags syn / syn,ack accept # handle 41
		tcp flags syn,ack accept # handle 42
		tcp flags syn accept # handle 43
		tcp flags != syn accept # handle 44
		tcp flags == syn accept # handle 45
		tcp flags == 0x12 accept # handle 46
		icmp type echo-request accept # handle 47
		icmp type { echo-reply, echo-request } accept # handle 49
		icmp type echo-request accept # handle 50
		icmp type destination-unreachable icmp code port-unreachable accept # handle 51
		icmp code port-unreachable accept # handle 52
		ct state established,related accept # handle 53
		ct state established,related accept # handle 54
		ct state { established, related } accept # handle 56
		ct state new tcp dport 22 accept # handle 57
		ct state invalid drop # handle 58
		ct state != established drop # handle 59
		ct state new counter packets 0 bytes 0 # handle 60
		ct mark 0x00000005 accept # handle 61
		ct mark set 0x00000007 # handle 62
		ct status dnat accept # handle 63
		ct direction original accept # handle 64
		ct original ip saddr 10.0.0.1 accept # handle 65
		ct original ip saddr 10.0.0.1 accept # handle 66
		ct mark set meta mark # handle 67
		meta mark set ct mark # handle 68
		meta mark 0x00000001 accept # handle 69
		meta mark set 0x00000010 # handle 70
		meta mark & 0x000000ff == 0x00000001 accept # handle 71
		meta mark set meta mark | 0x00000001 # handle 72
		meta mark 0x00000003 accept # handle 73
		iif "lo" accept # handle 74
		iif "lo" accept # handle 75
		iifname "lo" accept # handle 76
		iifname "eth0" accept # handle 77
		iifname "eth*" accept # handle 78
		oifname != "v0" drop # handle 79
		oif "lo" accept # handle 80
		iifname { "a", "b" } accept # handle 82
		iifname "v0" accept # handle 83
		ip ttl 64 accept # handle 84
		ip ttl < 10 drop # handle 85
		ip length 100 accept # handle 86
		ip length > 100 accept # handle 87
		meta length 100 drop # handle 88
		ip dscp cs1 accept # handle 89
		ip dscp cs2 accept # handle 90
		ip dscp af11 accept # handle 91
		ip version 4 accept # handle 92
		ip id 5 accept # handle 93
		ip frag-off & 8191 != 0 drop # handle 94
		ip frag-off != 0 drop # handle 95
		limit rate 5/second accept # handle 96
		limit rate 10/minute burst 3 packets drop # handle 97
		limit rate over 10/second drop # handle 98
		limit rate 1 mbytes/second accept # handle 99
		limit rate 100 kbytes/second burst 10 kbytes accept # handle 100
		log # handle 101
		log prefix "hello: " # handle 102
		log prefix "hello: " # handle 103
		log level debug # handle 104
		log flags all # handle 105
		log prefix "x" group 1 # handle 106
		counter packets 5 bytes 100 # handle 107
		counter packets 0 bytes 0 # handle 108
		counter packets 0 bytes 0 accept comment "hi there" # handle 109
		accept comment "hello" # handle 110
		reject # handle 111
		reject # handle 112
		reject with icmp host-unreachable # handle 113
		reject with icmp host-unreachable # handle 114
		reject with icmp admin-prohibited # handle 115
		reject with icmp net-unreachable # handle 116
		reject with icmp prot-unreachable # handle 117
		reject with icmp net-prohibited # handle 118
		reject with icmp host-prohibited # handle 119
		reject with tcp reset # handle 120
		reject with tcp reset # handle 121
		tcp dport 113 reject with tcp reset # handle 122
		accept # handle 123
		meta pkttype broadcast drop # handle 124
		jump other # handle 125
		goto other # handle 126
		return # handle 127
		continue # handle 128
		ip saddr @s4 drop # handle 129
		tcp dport @ports accept # handle 130
		ip saddr 10.0.0.1 tcp dport 22 counter packets 0 bytes 0 accept # handle 131
		ip saddr . tcp dport { 10.0.0.1 . 22 } accept # handle 133
		tcp dport vmap { 22 : accept, 23 : drop } # handle 135
		ip saddr vmap { 10.0.0.1 : jump other, 10.0.0.2 : drop } # handle 137
		ip protocol vmap { tcp : jump other, udp : accept } # handle 139
		ct state vmap { invalid : drop, established : accept, related : accept } # handle 141
		iifname vmap { "lo" : accept } # handle 143
		udp length 100 accept # handle 144
		tcp window 100 accept # handle 145
		tcp sequence 1 accept # handle 146
		ether saddr 02:00:00:00:00:01 accept # handle 147
		ip saddr 10.0.0.1 ip protocol tcp accept # handle 148
		meta l4proto icmp accept # handle 149
		meta l4proto tcp accept # handle 150
		ip protocol tcp accept # handle 151
		ip protocol 99 accept # handle 152
		ip daddr 224.0.0.0/4 drop # handle 153
		ip daddr 10.0.0.1 drop # handle 154
		ip saddr 0.0.0.0/0 accept # handle 155
		ip saddr 10.0.0.0/8 accept # handle 156
		notrack # handle 157
		meta l4proto != tcp drop # handle 162
	}
}
$ ip netns exec a nft -n list ruleset
table ip t {
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
		type filter hook input priority 0; policy accept;
		ip saddr 10.0.0.0/8 accept
		ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop
		ip saddr != 10.0.0.1 counter packets 0 bytes 0
		ip saddr { 10.0.0.1, 10.0.0.3, 10.0.0.5 } accept
		ip saddr { 10.0.0.0/24, 10.1.0.0/16 } accept
		ip saddr 10.0.0.1-10.0.0.9 accept
		ip saddr { 10.0.0.1-10.0.0.9, 10.0.0.20 } drop
		ip protocol 6 accept
		ip protocol { 6, 17 } accept
		meta l4proto 6 accept
		meta l4proto { 6, 17 } accept
		ip protocol 1 drop
		tcp dport 22 accept
		tcp dport 22 accept
		tcp dport { 80, 443 } counter packets 0 bytes 0 accept
		tcp dport { 22, 80-90 } accept
		tcp dport 1000-2000 accept
		tcp dport != 22 drop
		tcp dport > 1024 accept
		tcp sport < 1024 accept
		tcp sport 1024-65535 tcp dport 80 accept
		udp dport 53 accept
		udp sport 53 udp dport >= 1024 accept
		th dport 53 accept
		meta l4proto { 6, 17 } th dport 53 accept
		tcp flags 0x2 accept
		tcp flags 0x2 / 0x2,0x10 accept
		tcp flags 0x2 / 0x1,0x2,0x4,0x10 accept
		tcp flags 0x2 / 0x2,0x10 accept
		tcp flags 0x2,0x10 accept
		tcp flags 0x2 accept
		tcp flags != 0x2 accept
		tcp flags == 0x2 accept
		tcp flags == 0x12 accept
		icmp type 8 accept
		icmp type { 0, 8 } accept
		icmp type 8 accept
		icmp type 3 icmp code 3 accept
		icmp code 3 accept
		ct state 0x2,0x4 accept
		ct state 0x2,0x4 accept
		ct state { 0x2, 0x4 } accept
		ct state 0x8 tcp dport 22 accept
		ct state 0x1 drop
		ct state != 0x2 drop
		ct state 0x8 counter packets 0 bytes 0
		ct mark 0x00000005 accept
		ct mark set 0x00000007
		ct status 0x20 accept
		ct direction 0 accept
		ct original ip saddr 10.0.0.1 accept
		ct original ip saddr 10.0.0.1 accept
		ct mark set meta mark
		meta mark set ct mark
		meta mark 0x00000001 accept
		meta mark set 0x00000010
		meta mark & 0x000000ff == 0x00000001 accept
		meta mark set meta mark | 0x00000001
		meta mark 0x00000003 accept
		iif "lo" accept
		iif "lo" accept
		iifname "lo" accept
		iifname "eth0" accept
		iifname "eth*" accept
		oifname != "v0" drop
		oif "lo" accept
		iifname { "a", "b" } accept
		iifname "v0" accept
		ip ttl 64 accept
		ip ttl < 10 drop
		ip length 100 accept
		ip length > 100 accept
		meta length 100 drop
		ip dscp 0x08 accept
		ip dscp 0x10 accept
		ip dscp 0x0a accept
		ip version 4 accept
		ip id 5 accept
		ip frag-off & 8191 != 0 drop
		ip frag-off != 0 drop
		limit rate 5/second accept
		limit rate 10/minute burst 3 packets drop
		limit rate over 10/second drop
		limit rate 1 mbytes/second accept
		limit rate 100 kbytes/second burst 10 kbytes accept
		log
		log prefix "hello: "
		log prefix "hello: "
		log level debug
		log flags all
		log prefix "x" group 1
		counter packets 5 bytes 100
		counter packets 0 bytes 0
		counter packets 0 bytes 0 accept comment "hi there"
		accept comment "hello"
		reject
		reject
		reject with icmp 1
		reject with icmp 1
		reject with icmp 13
		reject with icmp 0
		reject with icmp 2
		reject with icmp 9
		reject with icmp 10
		reject with tcp reset
		reject with tcp reset
		tcp dport 113 reject with tcp reset
		accept
		meta pkttype 1 drop
		jump other
		goto other
		return
		continue
		ip saddr @s4 drop
		tcp dport @ports accept
		ip saddr 10.0.0.1 tcp dport 22 counter packets 0 bytes 0 accept
		ip saddr . tcp dport { 10.0.0.1 . 22 } accept
		tcp dport vmap { 22 : accept, 23 : drop }
		ip saddr vmap { 10.0.0.1 : jump other, 10.0.0.2 : drop }
		ip protocol vmap { 6 : jump other, 17 : accept }
		ct state vmap { 0x1 : drop, 0x2 : accept, 0x4 : accept }
		iifname vmap { "lo" : accept }
		udp length 100 accept
		tcp window 100 accept
		tcp sequence 1 accept
		ether saddr 02:00:00:00:00:01 accept
		ip saddr 10.0.0.1 ip protocol 6 accept
		meta l4proto 1 accept
		meta l4proto 6 accept
		ip protocol 6 accept
		ip protocol 99 accept
		ip daddr 224.0.0.0/4 drop
		ip daddr 10.0.0.1 drop
		ip saddr 0.0.0.0/0 accept
		ip saddr 10.0.0.0/8 accept
		notrack
		meta l4proto != 6 drop
	}
}
$ ip netns exec a nft -s list chain ip t c
table ip t {
	chain c {
		type filter hook input priority filter; policy accept;
		ip saddr 10.0.0.0/8 accept
		ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop
		ip saddr != 10.0.0.1 counter
		ip saddr { 10.0.0.1, 10.0.0.3, 10.0.0.5 } accept
		ip saddr { 10.0.0.0/24, 10.1.0.0/16 } accept
		ip saddr 10.0.0.1-10.0.0.9 accept
		ip saddr { 10.0.0.1-10.0.0.9, 10.0.0.20 } drop
		ip protocol tcp accept
		ip protocol { tcp, udp } accept
		meta l4proto tcp accept
		meta l4proto { tcp, udp } accept
		ip protocol icmp drop
		tcp dport 22 accept
		tcp dport 22 accept
		tcp dport { 80, 443 } counter accept
		tcp dport { 22, 80-90 } accept
		tcp dport 1000-2000 accept
		tcp dport != 22 drop
		tcp dport > 1024 accept
		tcp sport < 1024 accept
		tcp sport 1024-65535 tcp dport 80 accept
		udp dport 53 accept
		udp sport 53 udp dport >= 1024 accept
		th dport 53 accept
		meta l4proto { tcp, udp } th dport 53 accept
		tcp flags syn accept
		tcp flags syn / syn,ack accept
		tcp flags syn / fin,syn,rst,ack accept
		tcp flags syn / syn,ack accept
		tcp flags syn,ack accept
		tcp flags syn accept
		tcp flags != syn accept
		tcp flags == syn accept
		tcp flags == 0x12 accept
		icmp type echo-request accept
		icmp type { echo-reply, echo-request } accept
		icmp type echo-request accept
		icmp type destination-unreachable icmp code port-unreachable accept
		icmp code port-unreachable accept
		ct state established,related accept
		ct state established,related accept
		ct state { established, related } accept
		ct state new tcp dport 22 accept
		ct state invalid drop
		ct state != established drop
		ct state new counter
		ct mark 0x00000005 accept
		ct mark set 0x00000007
		ct status dnat accept
		ct direction original accept
		ct original ip saddr 10.0.0.1 accept
		ct original ip saddr 10.0.0.1 accept
		ct mark set meta mark
		meta mark set ct mark
		meta mark 0x00000001 accept
		meta mark set 0x00000010
		meta mark & 0x000000ff == 0x00000001 accept
		meta mark set meta mark | 0x00000001
		meta mark 0x00000003 accept
		iif "lo" accept
		iif "lo" accept
		iifname "lo" accept
		iifname "eth0" accept
		iifname "eth*" accept
		oifname != "v0" drop
		oif "lo" accept
		iifname { "a", "b" } accept
		iifname "v0" accept
		ip ttl 64 accept
		ip ttl < 10 drop
		ip length 100 accept
		ip length > 100 accept
		meta length 100 drop
		ip dscp cs1 accept
		ip dscp cs2 accept
		ip dscp af11 accept
		ip version 4 accept
		ip id 5 accept
		ip frag-off & 8191 != 0 drop
		ip frag-off != 0 drop
		limit rate 5/second accept
		limit rate 10/minute burst 3 packets drop
		limit rate over 10/second drop
		limit rate 1 mbytes/second accept
		limit rate 100 kbytes/second burst 10 kbytes accept
		log
		log prefix "hello: "
		log prefix "hello: "
		log level debug
		log flags all
		log prefix "x" group 1
		counter
		counter
		counter accept comment "hi there"
		accept comment "hello"
		reject
		reject
		reject with icmp host-unreachable
		reject with icmp host-unreachable
		reject with icmp admin-prohibited
		reject with icmp net-unreachable
		reject with icmp prot-unreachable
		reject with icmp net-prohibited
		reject with icmp host-prohibited
		reject with tcp reset
		reject with tcp reset
		tcp dport 113 reject with tcp reset
		accept
		meta pkttype broadcast drop
		jump other
		goto other
		return
		continue
		ip saddr @s4 drop
		tcp dport @ports accept
		ip saddr 10.0.0.1 tcp dport 22 counter accept
		ip saddr . tcp dport { 10.0.0.1 . 22 } accept
		tcp dport vmap { 22 : accept, 23 : drop }
		ip saddr vmap { 10.0.0.1 : jump other, 10.0.0.2 : drop }
		ip protocol vmap { tcp : jump other, udp : accept }
		ct state vmap { invalid : drop, established : accept, related : accept }
		iifname vmap { "lo" : accept }
		udp length 100 accept
		tcp window 100 accept
		tcp sequence 1 accept
		ether saddr 02:00:00:00:00:01 accept
		ip saddr 10.0.0.1 ip protocol tcp accept
		meta l4proto icmp accept
		meta l4proto tcp accept
		ip protocol tcp accept
		ip protocol 99 accept
		ip daddr 224.0.0.0/4 drop
		ip daddr 10.0.0.1 drop
		ip saddr 0.0.0.0/0 accept
		ip saddr 10.0.0.0/8 accept
		notrack
		meta l4proto != tcp drop
	}
}
