# what leaves is dropped or marked; limits; sets at work
$ ip netns add a
$ ip -n a link set lo up
$ ip netns exec a nft add table ip f
$ ip netns exec a nft add chain ip f out "{ type filter hook output priority 0; }"
$ ip netns exec a nft add set ip f bad "{ type ipv4_addr; flags interval; elements = { 127.0.1.0/24, 127.0.2.5 }; }"
$ ip netns exec a nft add rule ip f out ip daddr @bad counter drop
$ ip netns exec a nft add rule ip f out icmp type echo-request limit rate over 2/minute burst 2 packets counter drop
$ ip netns exec a ping -c 1 -W 1 127.0.1.9
PING 127.0.1.9 (127.0.1.9) 56(84) bytes of data.

--- 127.0.1.9 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 1 -W 1 127.0.2.5
PING 127.0.2.5 (127.0.2.5) 56(84) bytes of data.

--- 127.0.2.5 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time <ms>ms

[1]
$ ip netns exec a ping -c 1 -W 1 127.0.2.6
PING 127.0.2.6 (127.0.2.6) 56(84) bytes of data.
64 bytes from 127.0.2.6: icmp_seq=1 ttl=64 time=<ms> ms

--- 127.0.2.6 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -q -c 3 -i 0.2 -W 1 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 1 received, 66.6667% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a nft list ruleset
table ip f {
	set bad {
		type ipv4_addr
		flags interval
		elements = { 127.0.1.0/24, 127.0.2.5 }
	}

	chain out {
		type filter hook output priority filter; policy accept;
		ip daddr @bad counter packets 2 bytes 168 drop
		icmp type echo-request limit rate over 2/minute burst 2 packets counter packets 2 bytes 168 drop
	}
}
$ ip netns exec a nft flush ruleset
$ ip netns exec a ping -c 1 -W 1 127.0.1.9
PING 127.0.1.9 (127.0.1.9) 56(84) bytes of data.
64 bytes from 127.0.1.9: icmp_seq=1 ttl=64 time=<ms> ms

--- 127.0.1.9 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
