# neighbours: words, states, get, flush, JSON
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n b link set lo up
$ ip -n b link set v0 up
$ ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0
$ ip -n a neigh add proxy 10.0.0.20 dev v0
$ ip -n a neigh
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a neigh show proxy
10.0.0.20 dev v0 proxy 
$ ip -n a neigh show nud noarp
$ ip -n a neigh show nud nope
Error: argument "nope" is wrong: nud state is bad
[255]
$ ip -n a neigh show dev v0
10.0.0.9 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a neigh show dev nope
Cannot find device "nope"
[1]
$ ip -n a neigh show 10.0.0.9
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a neigh show to 10.0.0.9/32
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a neigh get 10.0.0.9 dev v0
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a neigh get 10.0.0.19 dev v0
Error: Neighbour entry not found.
[2]
$ ip -n a neigh get
Device and address are required arguments.
[1]
$ ip -n a -j neigh
[{"dst":"10.0.0.9","dev":"v0","lladdr":"02:00:00:00:00:09","state":["PERMANENT"]}]
$ ip -n a -p -j neigh show dev v0
[ {
        "dst": "10.0.0.9",
        "lladdr": "02:00:00:00:00:09",
        "state": [ "PERMANENT" ]
    } ]
$ ip -n a -s neigh show 10.0.0.9
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09  used <sec>probes 0 PERMANENT 
$ ip -n a -4 neigh
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT 
$ ip -n a -6 neigh
$ ip -n a neigh add 10.0.0.9
Device and destination are required arguments.
[255]
$ ip -n a neigh add dev v0
Device and destination are required arguments.
[255]
$ ip -n a neigh add 10.0.0.9 lladdr zz dev v0
"zz" is invalid lladdr.
[1]
$ ip -n a neigh add x dev v0
Error: any valid address is expected rather than "x".
[1]
$ ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev nope
Cannot find device "nope"
[1]
$ ip -n a neigh add 10.0.0.30 dev v0
Error: No link layer address given.
[2]
$ ip -n a neigh add 10.0.0.31 lladdr 02:00:00:00:00:09 dev v0 nud nope
Error: argument "nope" is wrong: nud state is bad
[255]
$ ip -n a neigh change 10.0.0.77 lladdr 02:00:00:00:00:09 dev v0
RTNETLINK answers: No such file or directory
[2]
$ ip -n a neigh replace 10.0.0.9 lladdr 02:00:00:00:00:19 dev v0
$ ip -n a neigh frob
Command "frob" is unknown, try "ip neigh help".
[255]
$ ip -n a neigh flush
Flush requires arguments.
[1]
$ ip -n a neigh flush all
$ ip -n a -s neigh flush all
Nothing to flush.
$ ip -n a -s -s neigh flush dev v0 nud permanent
10.0.0.9 lladdr 02:00:00:00:00:19  used <sec>probes 0 PERMANENT 

*** Round 1, deleting 1 entries ***
*** Flush is complete after 1 round ***
$ ip -n a neigh
