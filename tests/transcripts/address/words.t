# addresses: lifetimes, flags, peers, and what wrong words say
$ ip netns add a
$ ip -n a link set lo up
$ ip netns exec a sysctl -qw net.ipv6.conf.default.accept_dad=0
$ ip netns add x
$ ip -n a link add d0 address 02:00:00:00:00:0d type veth peer name d0 netns x
$ ip -n x link set d0 up
$ ip -n a link set d0 up
$ ip -n a addr add 10.0.0.1/24 brd + dev d0 valid_lft 100 preferred_lft 50
$ ip -n a addr add 10.0.1.1/24 brd - dev d0 metric 77
$ ip -n a addr add 10.0.2.1/24 dev d0 noprefixroute
$ ip -n a addr add 10.0.3.1/24 dev d0 home
Warning: home option can be set only for IPv6 addresses
$ ip -n a addr add 10.0.4.1 peer 10.0.5.1/24 dev d0 label d0:pp
$ ip -n a addr add 2001:db8::1/64 dev d0 nodad home
$ ip -n a addr add 2001:db8:1::1/64 dev d0 preferred_lft 0
$ ip -n a addr add 2001:db8:2::1 peer 2001:db8:3::1/64 dev d0
$ ip -n a addr add 2001:db8:4::1/64 dev d0 mngtmpaddr
$ ip -n a addr show d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet 10.0.0.1/24 brd 10.0.0.255 scope global dynamic d0
       valid_lft <sec> preferred_lft <sec>
    inet 10.0.1.1/24 metric 77 brd 10.0.1.0 scope global d0
       valid_lft forever preferred_lft forever
    inet 10.0.2.1/24 scope global noprefixroute d0
       valid_lft forever preferred_lft forever
    inet 10.0.3.1/24 scope global d0
       valid_lft forever preferred_lft forever
    inet 10.0.4.1 peer 10.0.5.1/24 scope global d0:pp
       valid_lft forever preferred_lft forever
    inet6 2001:db8:4::1/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:2::1 peer 2001:db8:3::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:1::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 2001:db8::1/64 scope global nodad home 
       valid_lft forever preferred_lft forever
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a -j addr show d0
[{"ifindex":2,"link_index":2,"ifname":"d0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","operstate":"UP","group":"default","txqlen":1000,"link_type":"ether","address":"02:00:00:00:00:0d","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":0,"addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":24,"broadcast":"10.0.0.255","scope":"global","dynamic":true,"label":"d0","valid_life_time":100,"preferred_life_time":50},{"family":"inet","local":"10.0.1.1","prefixlen":24,"metric":77,"broadcast":"10.0.1.0","scope":"global","label":"d0","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet","local":"10.0.2.1","prefixlen":24,"scope":"global","noprefixroute":true,"label":"d0","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet","local":"10.0.3.1","prefixlen":24,"scope":"global","label":"d0","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet","local":"10.0.4.1","address":"10.0.5.1","prefixlen":24,"scope":"global","label":"d0:pp","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"2001:db8:4::1","prefixlen":64,"scope":"global","mngtmpaddr":true,"valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"2001:db8:2::1","address":"2001:db8:3::1","prefixlen":64,"scope":"global","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"2001:db8:1::1","prefixlen":64,"scope":"global","deprecated":true,"valid_life_time":4294967295,"preferred_life_time":0},{"family":"inet6","local":"2001:db8::1","prefixlen":64,"scope":"global","nodad":true,"home":true,"valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"fe80::ff:fe00:d","prefixlen":64,"scope":"link","valid_life_time":4294967295,"preferred_life_time":4294967295}]}]
$ ip -n a addr add 10.0.0.1/24 dev d0 label foo
Error: ipv4: Address already assigned.
[2]
$ ip -n a addr add 10.0.0.1/24 dev d0 label d0:123456789012345
Error: Attribute failed policy validation.
[2]
$ ip -n a addr add 10.0.0.1/24 dev d0 scope nonsense
Error: argument "nonsense" is wrong: invalid scope value.
[255]
$ ip -n a addr add 10.0.0.1/24 dev d0 valid_lft 0
valid_lft is zero
[1]
$ ip -n a addr add 10.0.0.1/24 dev d0 valid_lft x
Error: argument "x" is wrong: valid_lft value
[255]
$ ip -n a addr add 10.0.0.1/24 dev d0 preferred_lft x
Error: argument "x" is wrong: preferred_lft value
[255]
$ ip -n a addr add 10.0.0.1/24 dev d0 valid_lft 10 preferred_lft 20
preferred_lft is greater than valid_lft
[1]
$ ip -n a addr add 10.0.0.1/24 dev d0 metric x
Error: argument "x" is wrong: "metric" value is invalid

[255]
$ ip -n a addr add 10.0.0.1/24 dev
Command line is not complete. Try option "help"
[255]
$ ip -n a addr add 10.0.0.1/24 dev d0 dev d0
Error: ipv4: Address already assigned.
[2]
$ ip -n a addr add 10.0.0.1/24 10.0.0.2/24 dev d0
Error: either "local" is duplicate, or "10.0.0.2/24" is a garbage.
[255]
$ ip -n a addr add 10.0.0.1/24 brd 10.0.0.x dev d0
Error: inet address is expected rather than "10.0.0.x".
[1]
$ ip -n a addr add 2001:db8:9::1/64 brd 10.0.0.1 dev d0
Error: inet6 address is expected rather than "10.0.0.1".
[1]
$ ip -n a addr add 2001:db8:9::1/64 brd + dev d0
Broadcast can be set only for IPv4 addresses
[1]
$ ip -n a addr add 10.0.0.1/24 peer 2001:db8::1 dev d0
Error: inet prefix is expected rather than "2001:db8::1".
[1]
$ ip -n a -6 addr add 10.0.0.1/24 dev d0
Error: inet6 prefix is expected rather than "10.0.0.1/24".
[1]
$ ip -n a addr add 10.0.9.1/24 dev d0 nodad
Warning: nodad option can be set only for IPv6 addresses
$ ip -n a addr change 10.0.0.1/24 dev d0 valid_lft 500 preferred_lft 500
$ ip -n a addr change 10.0.77.1/24 dev d0 valid_lft 500
preferred_lft is greater than valid_lft
[1]
$ ip -n a addr replace 10.0.78.1/24 dev d0
$ ip -n a addr replace 2001:db8::1/64 dev d0 valid_lft 500 preferred_lft 400
$ ip -n a addr chg 2001:db8:77::1/64 dev d0
$ ip -n a addr add 127.0.0.1/8 dev lo
Error: ipv4: Address already assigned.
[2]
$ ip -n a addr add 224.0.0.1/24 dev d0
$ ip -n a addr add 0.0.0.0/0 dev d0
$ ip -n a addr add default dev d0
RTNETLINK answers: Operation not supported
[2]
$ ip -n a addr add any dev d0
RTNETLINK answers: Operation not supported
[2]
$ ip -n a addr del 10.0.78.1/25 dev d0
Error: ipv4: Address not found.
[2]
$ ip -n a addr del 10.0.78.1 dev d0
Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length (10.0.78.1/32) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!
$ ip -n a addr del 2001:db8::1 dev d0
Error: ipv6: address not found.
[2]
$ ip -n a addr del 2001:db8::1/64 dev d0
$ ip -n a addr del dev d0
RTNETLINK answers: Operation not supported
[2]
$ ip -n a addr del
Not enough information: "dev" argument is required.
[1]
$ ip -n a addr show d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet 10.0.0.1/24 brd 10.0.0.255 scope global dynamic d0
       valid_lft <sec> preferred_lft <sec>
    inet 10.0.1.1/24 metric 77 brd 10.0.1.0 scope global d0
       valid_lft forever preferred_lft forever
    inet 10.0.2.1/24 scope global noprefixroute d0
       valid_lft forever preferred_lft forever
    inet 10.0.3.1/24 scope global d0
       valid_lft forever preferred_lft forever
    inet 10.0.4.1 peer 10.0.5.1/24 scope global d0:pp
       valid_lft forever preferred_lft forever
    inet 10.0.9.1/24 scope global d0
       valid_lft forever preferred_lft forever
    inet 224.0.0.1/24 scope global d0
       valid_lft forever preferred_lft forever
    inet6 2001:db8:77::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:4::1/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:2::1 peer 2001:db8:3::1/64 scope global 
       valid_lft forever preferred_lft forever
    inet6 2001:db8:1::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr flush
Flush requires arguments.
[1]
$ ip -n a -0 addr flush dev d0
Cannot flush link addresses.
[1]
$ ip -n a addr flush dev nope
Device "nope" does not exist.
[1]
$ ip -n a -s addr flush dev d0 to 10.0.3.0/24

*** Round 1, deleting 1 addresses ***
*** Flush is complete after 1 round ***
$ ip -n a -s -s addr flush dev d0 scope global
2: d0    inet 10.0.0.1/24 brd 10.0.0.255 scope global dynamic d0
       valid_lft <sec> preferred_lft <sec>
2: d0    inet 10.0.1.1/24 metric 77 brd 10.0.1.0 scope global d0
       valid_lft forever preferred_lft forever
2: d0    inet 10.0.2.1/24 scope global noprefixroute d0
       valid_lft forever preferred_lft forever
2: d0    inet 10.0.4.1 peer 10.0.5.1/24 scope global d0:pp
       valid_lft forever preferred_lft forever
2: d0    inet 10.0.9.1/24 scope global d0
       valid_lft forever preferred_lft forever
2: d0    inet 224.0.0.1/24 scope global d0
       valid_lft forever preferred_lft forever
2: d0    inet6 2001:db8:77::1/64 scope global 
       valid_lft forever preferred_lft forever
2: d0    inet6 2001:db8:4::1/64 scope global mngtmpaddr 
       valid_lft forever preferred_lft forever
2: d0    inet6 2001:db8:2::1 peer 2001:db8:3::1/64 scope global 
       valid_lft forever preferred_lft forever
2: d0    inet6 2001:db8:1::1/64 scope global deprecated 
       valid_lft forever preferred_lft <sec>

*** Round 1, deleting 10 addresses ***
*** Flush is complete after 1 round ***
$ ip -n a addr flush dev d0 scope nonsense
Error: argument "nonsense" is wrong: invalid "scope"

[255]
$ ip -n a -s -s -4 addr flush dev d0
Nothing to flush.
$ ip -n a -s addr flush label d0:*
Nothing to flush.
$ ip -n a addr show d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr show dev
Command line is not complete. Try option "help"
[255]
$ ip -n a addr lst d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr l d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr s d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a addr ls d0
2: d0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:00:0d brd ff:ff:ff:ff:ff:ff link-netns x
    inet6 fe80::ff:fe00:d/64 scope link 
       valid_lft forever preferred_lft forever
$ ip -n a a a 10.77.0.1/24 dev d0
$ ip -n a a d 10.77.0.1/24 dev d0
