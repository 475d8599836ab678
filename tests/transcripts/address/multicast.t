# multicast addresses of interfaces
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns exec b sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set lo up
$ ip -n a link set v0 up
$ ip -n b link set lo up
$ ip -n b link set v0 up
$ ip -n a maddr
1:	lo
	inet  224.0.0.1
	inet6 ff02::1
	inet6 ff01::1
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	link  33:33:ff:00:00:01
	inet  224.0.0.1
	inet6 ff02::1:ff00:1
	inet6 ff02::1
	inet6 ff01::1
$ ip -n a maddr show dev v0
2:	v0
	link  33:33:00:00:00:01
	link  01:00:5e:00:00:01
	link  33:33:ff:00:00:01
	inet  224.0.0.1
	inet6 ff02::1:ff00:1
	inet6 ff02::1
	inet6 ff01::1
$ ip -n a -4 maddr show v0
2:	v0
	inet  224.0.0.1
$ ip -n a -j maddr show v0
[{"ifindex":2,"ifname":"v0","maddr":[{"link":"33:33:00:00:00:01"},{"link":"01:00:5e:00:00:01"},{"link":"33:33:ff:00:00:01"},{"family":"inet","address":"224.0.0.1"},{"family":"inet6","address":"ff02::1:ff00:1"},{"family":"inet6","address":"ff02::1"},{"family":"inet6","address":"ff01::1"}]}]
$ ip -n a maddr add x dev v0
"x" is invalid lladdr.
[1]
$ ip -n a maddr frob
Command "frob" is unknown, try "ip maddr help".
[255]
$ ip -n a maddr del 33:33:00:00:00:78 dev v0
ioctl: No such file or directory
[1]
$ ip -n a maddr show dev nope
