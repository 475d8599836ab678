# rules and chains by handle and position; transactions; complaints
$ ip netns add a
$ ip netns exec a nft add table ip t
$ ip netns exec a nft add chain ip t c
$ ip netns exec a nft add chain ip t other
$ ip netns exec a nft add rule ip t other counter accept
$ ip netns exec a nft add rule ip t other drop
$ ip netns exec a nft insert rule ip t other tcp dport 1 accept
$ ip netns exec a nft -a list chain ip t other
table ip t {
	chain other { # handle 2
		tcp dport 1 accept # handle 5
		counter packets 0 bytes 0 accept # handle 3
		drop # handle 4
	}
}
$ ip netns exec a nft add rule ip t c jump other
$ ip netns exec a nft delete chain ip t other
Error: Could not process rule: Device or resource busy
delete chain ip t other
                  ^^^^^
[1]
$ ip netns exec a nft delete chain ip t nope
Error: Could not process rule: No such file or directory
delete chain ip t nope
                  ^^^^
[1]
$ ip netns exec a nft delete rule ip t other handle 9999
Error: Could not process rule: No such file or directory
delete rule ip t other handle 9999
                              ^^^^
[1]
$ ip netns exec a nft delete rule ip t nope handle 1
Error: Could not process rule: No such file or directory
delete rule ip t nope handle 1
                 ^^^^
[1]
$ ip netns exec a nft delete rule ip t other
Error: syntax error, unexpected newline, expecting handle
delete rule ip t other
                      ^
[1]
$ ip netns exec a nft replace rule ip t other handle 9999 accept
Error: Could not process rule: No such file or directory
replace rule ip t other handle 9999 accept
                               ^^^^
[1]
$ ip netns exec a nft list chain ip t nope
Error: No such file or directory
list chain ip t nope
                ^^^^
[1]
$ ip netns exec a nft list chain ip nope c
Error: No such file or directory
list chain ip nope c
              ^^^^
[1]
$ ip netns exec a nft add
Error: syntax error, unexpected newline, expecting string
add
   ^
[1]
$ ip netns exec a nft add table
Error: syntax error, unexpected newline, expecting string
add table
         ^
[1]
$ ip netns exec a nft add table ip
Error: syntax error, unexpected newline, expecting string
add table ip
            ^
[1]
$ ip netns exec a nft add rule ip t other
Error: syntax error, unexpected newline
add rule ip t other
                   ^
[1]
$ ip netns exec a nft flush chain ip t c
$ ip netns exec a nft delete chain ip t c
$ ip netns exec a nft rename chain ip t other another
$ ip netns exec a nft list chain ip t another
table ip t {
	chain another {
		tcp dport 1 accept
		counter packets 0 bytes 0 accept
		drop
	}
}
$ ip netns exec a nft flush table ip t
$ ip netns exec a nft flush chain ip t nope
Error: Could not process rule: No such file or directory
flush chain ip t nope
                 ^^^^
[1]
$ ip netns exec a nft flush table ip nope
Error: Could not process rule: No such file or directory
flush table ip nope
               ^^^^
[1]
$ ip netns exec a nft delete table ip nope
Error: Could not process rule: No such file or directory
delete table ip nope
                ^^^^
[1]
$ ip netns exec a nft delete table ip t
$ ip netns exec a nft destroy table ip nope
Error: syntax error, unexpected table, expecting string
destroy table ip nope
        ^^^^^
[1]
$ ip netns exec a nft list ruleset ip
$ ip netns exec a nft list ruleset ip6
$ ip netns exec a nft flush ruleset
$ ip netns exec a nft list ruleset
$ ip netns exec a nft
nft: no command specified
[1]
$ ip netns exec a nft -f /nonexist
internal:0:0-0: Error: Could not open file "/nonexist": No such file or directory


[1]
$ ip netns exec a nft --version
nftables v1.0.6 (Lester Gooch #5)
$ ip netns exec a nft -v
nftables v1.0.6 (Lester Gooch #5)
$ ip netns exec a nft -h
Usage: nft [ options ] [ cmds... ]

Options (general):
  -h, --help                      Show this help
  -v, --version                   Show version information
  -V                              Show extended version information

Options (ruleset input handling):
  -f, --file <filename>           Read input from <filename>
  -D, --define <name=value>       Define variable, e.g. --define foo=1.2.3.4
  -i, --interactive               Read input from interactive CLI
  -I, --includepath <directory>   Add <directory> to the paths searched for include files. Default is: /etc
  -c, --check                     Check commands validity without actually applying the changes.
  -o, --optimize                  Optimize ruleset

Options (ruleset list formatting):
  -a, --handle                    Output rule handle.
  -s, --stateless                 Omit stateful information of ruleset.
  -t, --terse                     Omit contents of sets.
  -S, --service                   Translate ports to service names as described in /etc/services.
  -N, --reversedns                Translate IP addresses to names.
  -u, --guid                      Print UID/GID as defined in /etc/passwd and /etc/group.
  -n, --numeric                   Print fully numerical output.
  -y, --numeric-priority          Print chain priority numerically.
  -p, --numeric-protocol          Print layer 4 protocols numerically.
  -T, --numeric-time              Print time values numerically.

Options (command output formatting):
  -e, --echo                      Echo what has been added, inserted or replaced.
  -j, --json                      Format output in JSON
  -d, --debug <level [,level...]> Specify debugging level (scanner, parser, eval, netlink, mnl, proto-ctx, segtree, all)

$ ip netns exec a nft add table ip t ";" add chain ip t c ";" add rule ip t c accept
$ ip netns exec a nft list ruleset
table ip t {
	chain c {
		accept
	}
}
$ ip netns exec a nft add rule ip t c accept ";" add rule ip t nope accept
Error: Could not process rule: No such file or directory
add rule ip t c accept ; add rule ip t nope accept
                                       ^^^^
[1]
$ ip netns exec a nft list ruleset
table ip t {
	chain c {
		accept
	}
}
$ ip netns exec a nft add rule t c tcp dport 22 accept
$ ip netns exec a nft insert rule ip t c drop
$ ip netns exec a nft add rule ip t c index 0 counter
$ ip netns exec a nft add rule ip t c position 2 log
$ ip netns exec a nft add rule ip t c handle 2 return
$ ip netns exec a nft -a list ruleset
table ip t { # handle 2
	chain c { # handle 1
		drop # handle 5
		counter packets 0 bytes 0 # handle 6
		accept # handle 2
		return # handle 8
		log # handle 7
		tcp dport 22 accept # handle 4
	}
}
$ ip netns exec a nft delete rule ip t c handle 2
$ ip netns exec a nft replace rule ip t c handle 3 counter drop
Error: Could not process rule: No such file or directory
replace rule ip t c handle 3 counter drop
                           ^
[1]
$ ip netns exec a nft -c add rule ip t c accept
$ ip netns exec a nft -a list ruleset
table ip t { # handle 2
	chain c { # handle 1
		drop # handle 5
		counter packets 0 bytes 0 # handle 6
		return # handle 8
		log # handle 7
		tcp dport 22 accept # handle 4
	}
}
$ ip netns exec a nft reset counters
$ ip netns exec a nft add counter ip t cnt
$ ip netns exec a nft add rule ip t c counter name cnt
$ ip netns exec a nft list ruleset
table ip t {
	counter cnt {
		packets 0 bytes 0
	}

	chain c {
		drop
		counter packets 0 bytes 0
		return
		log
		tcp dport 22 accept
		counter name "cnt"
	}
}
$ ip netns exec a nft list counters
table ip t {
	counter cnt {
		packets 0 bytes 0
	}
}
$ ip netns exec a nft reset rules
Error: syntax error, unexpected string, expecting counter or counters or quotas or quota
reset rules
      ^^^^^
[1]
$ ip netns exec a nft add rule ip t c jump c
$ ip netns exec a nft add rule ip t c ct state established accept
$ ip netns exec a nft add rule ip t c ip saddr
Error: syntax error, unexpected newline
add rule ip t c ip saddr
                        ^
[1]
$ ip netns exec a nft add rule ip t c tcp dport '{' 22, abc '}'
Error: Could not resolve service: Servname not supported for ai_socktype
add rule ip t c tcp dport { 22, abc }
                                ^^^
[1]
$ ip netns exec a nft add rule ip t c ip saddr 10.0.0.0/33
Error: Prefix length 33 is invalid for type of 32 bits width
add rule ip t c ip saddr 10.0.0.0/33
                         ^^^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c tcp dport 22-20
Error: Range has zero or negative size
add rule ip t c tcp dport 22-20
                          ^^^^^
[1]
$ ip netns exec a nft add rule ip t c udp dport 53 tcp dport 22 accept
Error: conflicting protocols specified: udp vs. tcp
add rule ip t c udp dport 53 tcp dport 22 accept
                             ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c icmp type echo-request tcp dport 22 accept
Error: conflicting protocols specified: icmp vs. tcp
add rule ip t c icmp type echo-request tcp dport 22 accept
                                       ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c ip protocol udp tcp dport 22 accept
Error: conflicting protocols specified: udp vs. tcp
add rule ip t c ip protocol udp tcp dport 22 accept
                                ^^^^^^^^^
[1]
$ ip netns exec a nft add rule ip t c meta l4proto tcp tcp dport 22 accept
$ ip netns exec a nft add rule ip t c limit rate 5 accept
Error: syntax error, unexpected accept, expecting / or string or bytes
add rule ip t c limit rate 5 accept
                             ^^^^^^
[1]
$ ip netns exec a nft add rule ip t c ip ttl 300 accept
Error: Value 300 exceeds valid range 0-255
add rule ip t c ip ttl 300 accept
                       ^^^
[1]
$ ip netns exec a nft add table ip x '{' chain y '{' type filter hook input priority 0 ";" accept ";" '}' ";" '}'
$ ip netns exec a nft list table ip x
table ip x {
	chain y {
		type filter hook input priority filter; policy accept;
		accept
	}
}
$ ip netns exec a nft add table ip x '{' flags dormant ";" '}'
$ ip netns exec a nft list table ip x
table ip x {
	flags dormant

	chain y {
		type filter hook input priority filter; policy accept;
		accept
	}
}
$ ip netns exec a nft add table inet fw '{' comment '"hello"' ";" '}'
$ ip netns exec a nft list table inet fw
table inet fw {
	comment "hello"
}
$ ip netns exec a nft add rule inet fw
Error: syntax error, unexpected newline, expecting string
add rule inet fw
                ^
[1]
$ ip netns exec a nft delete table inet fw
