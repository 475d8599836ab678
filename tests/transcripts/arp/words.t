# arp of net-tools
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
$ ip netns exec a ping -q -c 1 10.0.0.2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a arp -n
Address                  HWtype  HWaddress           Flags Mask            Iface
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
$ ip netns exec a arp -a
? (10.0.0.2) at 02:00:00:00:00:02 [ether] on v0
$ ip netns exec a arp -an
? (10.0.0.2) at 02:00:00:00:00:02 [ether] on v0
$ ip netns exec a arp -e
Address                  HWtype  HWaddress           Flags Mask            Iface
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
$ ip netns exec a arp -v
Address                  HWtype  HWaddress           Flags Mask            Iface
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
Entries: 1	Skipped: 0	Found: 1
$ ip netns exec a arp -s 10.0.0.9 02:00:00:00:00:09
$ ip netns exec a arp -s 10.0.0.10 02:00:00:00:00:0a temp
$ ip netns exec a arp -n 10.0.0.9
Address                  HWtype  HWaddress           Flags Mask            Iface
10.0.0.9                 ether   02:00:00:00:00:09   CM                    v0
$ ip netns exec a arp -n 10.0.0.99
10.0.0.99 (10.0.0.99) -- no entry
$ ip netns exec a arp 10.0.0.99
10.0.0.99 (10.0.0.99) -- no entry
$ ip netns exec a arp -a 10.0.0.9
? (10.0.0.9) at 02:00:00:00:00:09 [ether] PERM on v0
$ ip netns exec a arp -n | sort
10.0.0.10                ether   02:00:00:00:00:0a   C                     v0
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
10.0.0.9                 ether   02:00:00:00:00:09   CM                    v0
Address                  HWtype  HWaddress           Flags Mask            Iface
$ ip netns exec a arp -an | sort
? (10.0.0.10) at 02:00:00:00:00:0a [ether] on v0
? (10.0.0.2) at 02:00:00:00:00:02 [ether] on v0
? (10.0.0.9) at 02:00:00:00:00:09 [ether] PERM on v0
$ ip netns exec a arp -v | sort
10.0.0.10                ether   02:00:00:00:00:0a   C                     v0
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
10.0.0.9                 ether   02:00:00:00:00:09   CM                    v0
Address                  HWtype  HWaddress           Flags Mask            Iface
Entries: 3	Skipped: 0	Found: 3
$ ip netns exec a arp -i nope
arp: in 3 entries no match found.
$ ip netns exec a arp -i lo
arp: in 3 entries no match found.
$ ip netns exec a arp -d 10.0.0.9
$ ip netns exec a arp -d 10.0.0.9
No ARP entry for 10.0.0.9
[255]
$ ip netns exec a arp -d 10.0.0.99
No ARP entry for 10.0.0.99
[255]
$ ip netns exec a arp -s 10.0.0.9
arp: need hardware address
[255]
$ ip netns exec a arp -s 10.0.0.9 zz
arp: invalid hardware address
[255]
$ ip netns exec a arp -s foo 02:00:00:00:00:09
foo: Host name lookup failure
[255]
$ ip netns exec a arp -s 99.0.0.9 02:00:00:00:00:09
SIOCSARP: Network is unreachable
[255]
$ ip netns exec a arp -H nope
arp: nope: unknown hardware type.
[255]
$ ip netns exec a arp -d
arp: need host name
[255]
$ ip netns exec a arp -n | sort
10.0.0.10                ether   02:00:00:00:00:0a   C                     v0
10.0.0.2                 ether   02:00:00:00:00:02   C                     v0
Address                  HWtype  HWaddress           Flags Mask            Iface
$ ip netns exec a arp -n 10.0.0.50
10.0.0.50 (10.0.0.50) -- no entry
