# rules from a file and from the input, and complaints about them
$ ip netns add a
$ printf 'table inet fw {\n\tset web {\n\t\ttype inet_service\n\t\telements = { 80, 443 }\n\t}\n\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tct state vmap { established : accept, related : accept, invalid : drop }\n\t\tiif lo accept\n\t\ttcp dport @web accept\n\t}\n}\n' > rules
$ ip netns exec a nft -f rules
$ ip netns exec a nft list ruleset
table inet fw {
	set web {
		type inet_service
		elements = { 80, 443 }
	}

	chain in {
		type filter hook input priority filter; policy drop;
		ct state vmap { invalid : drop, established : accept, related : accept }
		iif "lo" accept
		tcp dport @web accept
	}
}
$ printf 'flush ruleset\nadd table ip n\nadd rule ip zz c accept\n' > bad
$ ip netns exec a nft -f bad
bad:3:13-14: Error: No such file or directory; did you mean table ‘fw’ in family inet?
add rule ip zz c accept
            ^^
[1]
$ ip netns exec a nft list tables
table inet fw
$ printf 'add table ip n\nlist tables\n' | ip netns exec a nft -f -
table inet fw
table ip n
$ ip netns exec a nft -c -f rules
$ ip netns exec a nft list ruleset -a
Error: syntax error, options must be specified before commands
nft list ruleset -a 
   ^             ~~
[1]
$ ip netns exec a nft flush ruleset
$ ip netns exec a nft list ruleset
