# IPv6 goes from a link of a small MTU and comes back; a port of a bridge has its link-local address; groups joined by hand; anycast addresses of a router
$ ip netns add a
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
$ ip -n a link add br0 type bridge
$ ip -n a link set v1 up
$ ip -n a link set v0 master br0
$ ip -n a link set v0 up
$ sleep 3
$ ip -n a -6 addr show dev v0
3: v0@v1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a link set v0 mtu 1000
$ ip -n a -6 addr show dev v0
$ ip -n a link set v0 mtu 1500
$ ip -n a -6 addr show dev v0
3: v0@v1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link tentative 
       valid_lft forever preferred_lft forever
$ ip -n a link set v1 mtu 1000
$ ip -n a link set v1 mtu 1500
$ ip -n a -6 addr show dev v1
2: v1@v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet6 fe80::ff:fe00:2/64 scope link tentative 
       valid_lft forever preferred_lft forever
$ sleep 3
$ ip -n a -6 addr show dev v0
3: v0@v1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
    inet6 fe80::ff:fe00:1/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 addr show dev v1
2: v1@v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet6 fe80::ff:fe00:2/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -6 route show table all
fe80::/64 dev v0 proto kernel metric 256 pref medium
fe80::/64 dev v1 proto kernel metric 256 pref medium
local fe80::ff:fe00:1 dev v0 table local proto kernel metric 0 pref medium
local fe80::ff:fe00:2 dev v1 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev v0 table local proto kernel metric 256 pref medium
multicast ff00::/8 dev v1 table local proto kernel metric 256 pref medium
$ ip -n a link set br0 address 02:00:00:00:00:b0
$ ip -n a maddr add 01:00:5e:00:00:77 dev v1
$ ip -n a maddr add 01:00:5e:00:00:77 dev v1
$ ip -n a maddr show dev v1
2:	v1
	link  01:00:5e:00:00:01
	link  33:33:00:00:00:01
	link  33:33:ff:00:00:02
	link  01:00:5e:00:00:77 static
	inet  224.0.0.1
	inet6 ff02::1:ff00:2
	inet6 ff02::1
	inet6 ff01::1
$ ip netns exec a cat /proc/net/dev_mcast
2    v1              1     0     01005e000001
2    v1              1     0     333300000001
2    v1              1     0     3333ff000002
2    v1              1     1     01005e000077
3    v0              1     0     01005e000001
3    v0              1     0     333300000001
3    v0              1     0     3333ff000001
4    br0             1     0     333300000001
$ ip -n a maddr del 01:00:5e:00:00:77 dev v1
$ ip -n a maddr del 01:00:5e:00:00:77 dev v1
ioctl: No such file or directory
[1]
$ ip -n a maddr del 01:00:5e:00:00:01 dev v1
ioctl: No such file or directory
[1]
$ ip netns exec a cat /proc/net/anycast6
$ ip netns exec a sysctl -w net.ipv6.conf.all.forwarding=1
net.ipv6.conf.all.forwarding = 1
$ ip -n a addr add 2001:db8::1/64 dev v1 nodad
$ ip netns exec a cat /proc/net/anycast6
2    v1              20010db8000000000000000000000000     1
2    v1              fe800000000000000000000000000000     1
3    v0              fe800000000000000000000000000000     1
$ ip netns exec a ip route add 10.0.0.0/8 dev v1
