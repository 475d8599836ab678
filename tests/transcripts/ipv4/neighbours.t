# neighbour entries by hand
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link set lo up
$ ip -n b link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a link add v1 address 02:00:00:00:00:03 type veth peer name v1 address 02:00:00:00:00:04 netns b
$ ip -n a link set v0 up
$ ip -n a link set v1 up
$ ip -n b link set v0 up
$ ip -n b link set v1 up
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a neigh add 10.0.0.7 dev v0
Error: No link layer address given.
[2]
$ ip -n a neigh add 10.0.0.7 dev v0 nud none
RTNETLINK answers: File exists
[2]
$ ip -n a neigh change 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0
RTNETLINK answers: No such file or directory
[2]
$ ip -n a neigh replace 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0 nud reachable
$ ip -n a neigh replace 10.0.0.8 lladdr 02:00:00:00:00:18 dev v0 nud permanent
$ ip -n a neigh change 10.0.0.8 dev v0 nud stale
$ ip -n a neigh show
10.0.0.8 dev v0 lladdr 02:00:00:00:00:18 STALE 
$ ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 nud noarp
$ ip -n a neigh show nud all | sort
10.0.0.7 dev v0 
10.0.0.8 dev v0 lladdr 02:00:00:00:00:18 STALE 
10.0.0.9 dev v0 lladdr 02:00:00:00:00:09 NOARP 
$ ip -n a neigh add proxy 10.0.0.77 dev v0
$ ip -n a neigh show proxy
10.0.0.77 dev v0 proxy 
$ ip -n a neigh del proxy 10.0.0.77 dev v0
$ ip -n a neigh del proxy 10.0.0.77 dev v0
RTNETLINK answers: No such file or directory
[2]
$ ip -n a neigh change 10.0.0.8 dev v0 nud failed
$ ip -n a neigh show
10.0.0.8 dev v0 FAILED 
$ ip -n a neigh del 10.0.0.8 dev v0
$ ip -n a neigh show
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a neigh show
10.0.0.2 dev v0 lladdr 02:00:00:00:00:02 REACHABLE 
$ ip -n a link set v0 down
$ ip -n a neigh show
$ ip -n a link set v0 up
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a link set v0 address 02:00:00:00:00:99
$ ip -n a neigh show
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n b neigh show
10.0.0.1 dev v0 lladdr 02:00:00:00:00:99 DELAY 
$ ip -n a link set v0 arp off
$ ip -n a neigh flush dev v0
$ ip netns exec a ping -q -c 1 -W 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip -n a neigh show nud all | grep -v "0.0.0.0\|224"
10.0.0.2 dev v0 lladdr 02:00:00:00:00:99 NOARP 
