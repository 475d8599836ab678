# named sets and maps
$ ip netns add a
$ ip netns exec a nft add table ip t
$ ip netns exec a nft add chain ip t c
$ ip netns exec a nft add set ip t s1 '{' type ipv4_addr ";" '}'
$ ip netns exec a nft add element ip t s1 '{' 10.0.0.1, 10.0.0.9, 10.0.0.5 '}'
$ ip netns exec a nft add element ip t s1 '{' 10.0.0.1 '}'
$ ip netns exec a nft create element ip t s1 '{' 10.0.0.1 '}'
Error: Could not process rule: File exists
create element ip t s1 { 10.0.0.1 }
                         ^^^^^^^^
[1]
$ ip netns exec a nft delete element ip t s1 '{' 10.0.0.5 '}'
$ ip netns exec a nft delete element ip t s1 '{' 10.0.0.77 '}'
Error: Could not process rule: No such file or directory
delete element ip t s1 { 10.0.0.77 }
                         ^^^^^^^^^
[1]
$ ip netns exec a nft get element ip t s1 '{' 10.0.0.1 '}'
table ip t {
	set s1 {
		type ipv4_addr
		elements = { 10.0.0.1 }
	}
}
$ ip netns exec a nft get element ip t s1 '{' 10.0.0.78 '}'
Error: Could not process rule: No such file or directory
get element ip t s1 { 10.0.0.78 }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
[1]
$ ip netns exec a nft add set ip t s2 '{' type ipv4_addr ";" flags interval ";" elements = '{' 10.0.0.0/8, 192.168.1.1-192.168.1.5 '}' ";" '}'
$ ip netns exec a nft add set ip t s3 '{' type inet_service ";" flags timeout ";" timeout 1h ";" '}'
$ ip netns exec a nft add set ip t s4 '{' type ipv4_addr . inet_service ";" comment '"hi"' ";" size 10 ";" '}'
$ ip netns exec a nft add element ip t s4 '{' 10.0.0.1 . 80 '}'
$ ip netns exec a nft add element ip t s2 '{' 10.2.0.0/16 '}'
Error: interval overlaps with an existing one
add element ip t s2 { 10.2.0.0/16 }
                      ^^^^^^^^^^^
[1]
$ ip netns exec a nft add map ip t m1 '{' type inet_service : ipv4_addr ";" '}'
$ ip netns exec a nft add element ip t m1 '{' 80 : 10.0.0.1 '}'
$ ip netns exec a nft add map ip t vm '{' type ipv4_addr : verdict ";" '}'
$ ip netns exec a nft add element ip t vm '{' 10.0.0.1 : drop '}'
$ ip netns exec a nft add rule ip t c ip saddr vmap @vm
$ ip netns exec a nft add rule ip t c ip saddr @s1 counter drop
$ ip netns exec a nft add rule ip t c ip saddr . tcp dport @s4 drop
$ ip netns exec a nft list set ip t s1
table ip t {
	set s1 {
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.0.9 }
	}
}
$ ip netns exec a nft list sets
table ip t {
	set s1 {
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.0.9 }
	}
	set s2 {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 192.168.1.1-192.168.1.5 }
	}
	set s3 {
		type inet_service
		timeout 1h
	}
	set s4 {
		type ipv4_addr . inet_service
		size 10
		comment "hi"
		elements = { 10.0.0.1 . 80 }
	}
}
$ ip netns exec a nft list sets ip
table ip t {
	set s1 {
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.0.9 }
	}
	set s2 {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 192.168.1.1-192.168.1.5 }
	}
	set s3 {
		type inet_service
		timeout 1h
	}
	set s4 {
		type ipv4_addr . inet_service
		size 10
		comment "hi"
		elements = { 10.0.0.1 . 80 }
	}
}
$ ip netns exec a nft list set ip t nope
Error: No such file or directory
list set ip t nope
              ^^^^
[1]
$ ip netns exec a nft list map ip t m1
table ip t {
	map m1 {
		type inet_service : ipv4_addr
		elements = { 80 : 10.0.0.1 }
	}
}
$ ip netns exec a nft list maps
table ip t {
	map m1 {
		type inet_service : ipv4_addr
		elements = { 80 : 10.0.0.1 }
	}
	map vm {
		type ipv4_addr : verdict
		elements = { 10.0.0.1 : drop }
	}
}
$ ip netns exec a nft delete set ip t s1
Error: Could not process rule: Device or resource busy
delete set ip t s1
                ^^
[1]
$ ip netns exec a nft flush set ip t s1
$ ip netns exec a nft list set ip t s1
table ip t {
	set s1 {
		type ipv4_addr
	}
}
