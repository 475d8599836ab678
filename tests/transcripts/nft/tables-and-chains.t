# tables and chains: adding, listing, and what is refused
$ ip netns add a
$ ip netns exec a nft list ruleset
$ ip netns exec a nft list tables
$ ip netns exec a nft add table ip t
$ ip netns exec a nft add table t2
$ ip netns exec a nft create table ip t
Error: Could not process rule: File exists
create table ip t
                ^
[1]
$ ip netns exec a nft add table ip t
$ ip netns exec a nft list tables
table ip t
table ip t2
$ ip netns exec a nft add table inet i
$ ip netns exec a nft add table ip6 s
$ ip netns exec a nft list tables ip
table ip t
table ip t2
$ ip netns exec a nft list table ip t
table ip t {
}
$ ip netns exec a nft add chain ip t c
$ ip netns exec a nft create chain ip t c
Error: Could not process rule: File exists
create chain ip t c
                  ^
[1]
$ ip netns exec a nft add chain ip t in '{' type filter hook input priority 0 ";" '}'
$ ip netns exec a nft add chain ip t in '{' type filter hook input priority 0 ";" policy drop ";" '}'
$ ip netns exec a nft add chain ip t in '{' type filter hook input priority 10 ";" '}'
Error: Could not process rule: Operation not supported
add chain ip t in { type filter hook input priority 10 ; }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft list chain ip t in
table ip t {
	chain in {
		type filter hook input priority filter; policy drop;
	}
}
$ ip netns exec a nft add chain ip t pre '{' type filter hook prerouting priority raw ";" '}'
$ ip netns exec a nft add chain ip t man '{' type filter hook prerouting priority mangle + 5 ";" '}'
$ ip netns exec a nft add chain ip t fw '{' type filter hook forward priority filter - 1 ";" policy drop ";" '}'
$ ip netns exec a nft add chain ip t po '{' type nat hook postrouting priority 100 ";" '}'
$ ip netns exec a nft add chain ip t dn '{' type nat hook prerouting priority -100 ";" '}'
$ ip netns exec a nft add chain ip t ro '{' type route hook output priority 5 ";" '}'
$ ip netns exec a nft add chain ip t ou '{' type nat hook output priority dstnat ";" '}'
Error: invalid priority expression value in this context.
add chain ip t ou { type nat hook output priority dstnat ; }
                                         ^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add chain ip t li '{' type nat hook input priority 7 ";" '}'
$ ip netns exec a nft add chain ip t bad '{' type nat hook forward priority 0 ";" '}'
Error: Could not process rule: Operation not supported
add chain ip t bad { type nat hook forward priority 0 ; }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add chain ip t bad '{' type filter hook nohook priority 0 ";" '}'
Error: unknown chain hook
add chain ip t bad { type filter hook nohook priority 0 ; }
                                      ^^^^^^
[1]
$ ip netns exec a nft add chain ip t bad '{' type filter hook input ";" '}'
Error: syntax error, unexpected semicolon, expecting priority
add chain ip t bad { type filter hook input ; }
                                            ^
[1]
$ ip netns exec a nft add chain ip t bad '{' type nat hook prerouting priority -300 ";" '}'
Error: Could not process rule: Operation not supported
add chain ip t bad { type nat hook prerouting priority -300 ; }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add chain ip nope c
Error: No such file or directory
add chain ip nope c
             ^^^^
[1]
$ ip netns exec a nft add rule ip t po oifname "v0" masquerade
$ ip netns exec a nft add rule ip t po ip saddr 10.0.0.0/24 oif lo masquerade random
$ ip netns exec a nft add rule ip t po masquerade to :1024-2000
Error: transport protocol mapping is only valid after transport protocol match
add rule ip t po masquerade to :1024-2000
                 ~~~~~~~~~~     ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t po tcp dport 80 masquerade to :1024-2000
$ ip netns exec a nft add rule ip t po snat to 10.0.0.1
$ ip netns exec a nft add rule ip t po snat 10.0.0.1
$ ip netns exec a nft add rule ip t po ip protocol tcp snat to 10.0.0.1:1000-2000
$ ip netns exec a nft add rule ip t po snat to 10.0.0.1-10.0.0.5
$ ip netns exec a nft add rule ip t po snat to 10.0.0.1 persistent
$ ip netns exec a nft add rule ip t dn tcp dport 8080 dnat to 10.0.0.2:80
$ ip netns exec a nft add rule ip t dn tcp dport 8080 dnat 10.0.0.2
$ ip netns exec a nft add rule ip t dn iifname v0 tcp dport '{' 80, 443 '}' dnat to 10.0.0.2
$ ip netns exec a nft add rule ip t dn tcp dport 81 redirect to :8080
$ ip netns exec a nft add rule ip t dn tcp dport 81 redirect to 8081
$ ip netns exec a nft add rule ip t dn redirect
$ ip netns exec a nft add rule ip t dn dnat to 10.0.0.2:80
Error: transport protocol mapping is only valid after transport protocol match
add rule ip t dn dnat to 10.0.0.2:80
                 ~~~~             ^^
[1]
$ ip netns exec a nft add rule ip t dn dnat to tcp dport map '{' 80 : 10.0.0.2, 443 : 10.0.0.3 '}'
$ ip netns exec a nft add rule ip t po ip saddr 10.0.0.1 counter masquerade
$ ip netns exec a nft add rule ip t po masquerade drop
Error: Statement after terminal statement has no effect
add rule ip t po masquerade drop
                 ~~~~~~~~~~ ^^^^
[1]
$ ip netns exec a nft list table ip t
table ip t {
	chain c {
	}

	chain in {
		type filter hook input priority filter; policy drop;
	}

	chain pre {
		type filter hook prerouting priority raw; policy accept;
	}

	chain man {
		type filter hook prerouting priority mangle + 5; policy accept;
	}

	chain fw {
		type filter hook forward priority filter - 1; policy drop;
	}

	chain po {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "v0" masquerade
		ip saddr 10.0.0.0/24 oif "lo" masquerade random
		tcp dport 80 masquerade to :1024-2000
		snat to 10.0.0.1
		snat to 10.0.0.1
		ip protocol tcp snat to 10.0.0.1:1000-2000
		snat to 10.0.0.1-10.0.0.5
		snat to 10.0.0.1 persistent
		ip saddr 10.0.0.1 counter packets 0 bytes 0 masquerade
	}

	chain dn {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 10.0.0.2:80
		tcp dport 8080 dnat to 10.0.0.2
		iifname "v0" tcp dport { 80, 443 } dnat to 10.0.0.2
		tcp dport 81 redirect to :8080
		tcp dport 81 redirect to :8081
		redirect
		dnat to tcp dport map { 80 : 10.0.0.2, 443 : 10.0.0.3 }
	}

	chain ro {
		type route hook output priority filter + 5; policy accept;
	}

	chain li {
		type nat hook input priority filter + 7; policy accept;
	}
}
$ ip netns exec a nft -a list table ip t
table ip t { # handle 1
	chain c { # handle 1
	}

	chain in { # handle 2
		type filter hook input priority filter; policy drop;
	}

	chain pre { # handle 3
		type filter hook prerouting priority raw; policy accept;
	}

	chain man { # handle 4
		type filter hook prerouting priority mangle + 5; policy accept;
	}

	chain fw { # handle 5
		type filter hook forward priority filter - 1; policy drop;
	}

	chain po { # handle 6
		type nat hook postrouting priority srcnat; policy accept;
		oifname "v0" masquerade # handle 10
		ip saddr 10.0.0.0/24 oif "lo" masquerade random # handle 11
		tcp dport 80 masquerade to :1024-2000 # handle 12
		snat to 10.0.0.1 # handle 13
		snat to 10.0.0.1 # handle 14
		ip protocol tcp snat to 10.0.0.1:1000-2000 # handle 15
		snat to 10.0.0.1-10.0.0.5 # handle 16
		snat to 10.0.0.1 persistent # handle 17
		ip saddr 10.0.0.1 counter packets 0 bytes 0 masquerade # handle 27
	}

	chain dn { # handle 7
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 10.0.0.2:80 # handle 18
		tcp dport 8080 dnat to 10.0.0.2 # handle 19
		iifname "v0" tcp dport { 80, 443 } dnat to 10.0.0.2 # handle 21
		tcp dport 81 redirect to :8080 # handle 22
		tcp dport 81 redirect to :8081 # handle 23
		redirect # handle 24
		dnat to tcp dport map { 80 : 10.0.0.2, 443 : 10.0.0.3 } # handle 26
	}

	chain ro { # handle 8
		type route hook output priority filter + 5; policy accept;
	}

	chain li { # handle 9
		type nat hook input priority filter + 7; policy accept;
	}
}
$ ip netns exec a nft -n list chain ip t in
table ip t {
	chain in {
		type filter hook input priority 0; policy drop;
	}
}
$ ip netns exec a nft -s list chain ip t po
table ip t {
	chain po {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "v0" masquerade
		ip saddr 10.0.0.0/24 oif "lo" masquerade random
		tcp dport 80 masquerade to :1024-2000
		snat to 10.0.0.1
		snat to 10.0.0.1
		ip protocol tcp snat to 10.0.0.1:1000-2000
		snat to 10.0.0.1-10.0.0.5
		snat to 10.0.0.1 persistent
		ip saddr 10.0.0.1 counter masquerade
	}
}
$ ip netns exec a nft list chains
table ip t {
	chain c {
	}
	chain in {
		type filter hook input priority filter; policy drop;
	}
	chain pre {
		type filter hook prerouting priority raw; policy accept;
	}
	chain man {
		type filter hook prerouting priority mangle + 5; policy accept;
	}
	chain fw {
		type filter hook forward priority filter - 1; policy drop;
	}
	chain po {
		type nat hook postrouting priority srcnat; policy accept;
	}
	chain dn {
		type nat hook prerouting priority dstnat; policy accept;
	}
	chain ro {
		type route hook output priority filter + 5; policy accept;
	}
	chain li {
		type nat hook input priority filter + 7; policy accept;
	}
}
table ip t2 {
}
table inet i {
}
table ip6 s {
}
$ ip netns exec a nft list chains ip
table ip t {
	chain c {
	}
	chain in {
		type filter hook input priority filter; policy drop;
	}
	chain pre {
		type filter hook prerouting priority raw; policy accept;
	}
	chain man {
		type filter hook prerouting priority mangle + 5; policy accept;
	}
	chain fw {
		type filter hook forward priority filter - 1; policy drop;
	}
	chain po {
		type nat hook postrouting priority srcnat; policy accept;
	}
	chain dn {
		type nat hook prerouting priority dstnat; policy accept;
	}
	chain ro {
		type route hook output priority filter + 5; policy accept;
	}
	chain li {
		type nat hook input priority filter + 7; policy accept;
	}
}
table ip t2 {
}
