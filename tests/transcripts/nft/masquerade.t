# two private hosts behind a router that masquerades them; the server sees the router only
$ ip netns add a
$ ip netns add r
$ ip netns add s
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name in address 02:00:00:00:00:02 netns r
$ ip -n r link add out address 02:00:00:00:00:03 type veth peer name v0 address 02:00:00:00:00:04 netns s
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n r addr add 10.0.0.254/24 dev in
$ ip -n r addr add 192.0.2.1/24 dev out
$ ip -n s addr add 192.0.2.2/24 dev v0
$ ip -n a link set v0 up
$ ip -n r link set lo up
$ ip -n r link set in up
$ ip -n r link set out up
$ ip -n s link set v0 up
$ ip -n a route add default via 10.0.0.254
$ ip netns exec r sysctl -qw net.ipv4.ip_forward=1
$ ip netns exec a ping -c 1 -W 1 192.0.2.2
PING 192.0.2.2 (192.0.2.2) 56(84) bytes of data.

--- 192.0.2.2 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec r nft add table ip nat
$ ip netns exec r nft add chain ip nat post "{ type nat hook postrouting priority srcnat; }"
$ ip netns exec r nft add rule ip nat post oifname out counter masquerade
$ ip netns exec a ping -c 2 -i 0.2 192.0.2.2
PING 192.0.2.2 (192.0.2.2) 56(84) bytes of data.
64 bytes from 192.0.2.2: icmp_seq=1 ttl=63 time=<ms> ms
64 bytes from 192.0.2.2: icmp_seq=2 ttl=63 time=<ms> ms

--- 192.0.2.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec r nft list ruleset
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "out" counter packets 1 bytes 84 masquerade
	}
}
$ ip netns exec s nc -l -N 80 > got &
$ sleep 0.2
$ echo hello | ip netns exec a nc -N -p 40000 192.0.2.2 80
$ wait
$ cat got
hello
$ ip netns exec r cut -d " " -f 15- /proc/net/nf_conntrack | grep sport
TIME_WAIT src=10.0.0.1 dst=192.0.2.2 sport=40000 dport=80 src=192.0.2.2 dst=192.0.2.1 sport=80 dport=40000 [ASSURED] mark=0 zone=0 use=2
$ ip netns exec a nc -u -v -w 1 -p 40001 192.0.2.2 99 < /dev/null
[1]
$ ip netns exec a traceroute -n -m 3 -q 1 192.0.2.2
traceroute to 192.0.2.2 (192.0.2.2), 3 hops max, 60 byte packets
 1  10.0.0.254 <ms>
 2  192.0.2.2 <ms>
