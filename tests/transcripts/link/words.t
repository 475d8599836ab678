# making and changing links: what wrong words say
$ ip netns add a
$ ip netns add b
$ ip -n a link set lo up
$ ip -n a link add
Not enough information: "type" argument is required
[1]
$ ip -n a link add d0
Not enough information: "type" argument is required
[1]
$ ip -n a link add name d0 type
Command line is not complete. Try option "help"
[255]
$ ip -n a link add type veth
$ ip -n a link add type veth
$ ip -n a link add br1 type bridge foo 1
bridge: unknown command "foo"?
Usage: ... bridge [ fdb_flush ]
		  [ forward_delay FORWARD_DELAY ]
		  [ hello_time HELLO_TIME ]
		  [ max_age MAX_AGE ]
		  [ ageing_time AGEING_TIME ]
		  [ stp_state STP_STATE ]
		  [ priority PRIORITY ]
		  [ group_fwd_mask MASK ]
		  [ group_address ADDRESS ]
		  [ no_linklocal_learn NO_LINKLOCAL_LEARN ]
		  [ vlan_filtering VLAN_FILTERING ]
		  [ vlan_protocol VLAN_PROTOCOL ]
		  [ vlan_default_pvid VLAN_DEFAULT_PVID ]
		  [ vlan_stats_enabled VLAN_STATS_ENABLED ]
		  [ vlan_stats_per_port VLAN_STATS_PER_PORT ]
		  [ mcast_snooping MULTICAST_SNOOPING ]
		  [ mcast_vlan_snooping MULTICAST_VLAN_SNOOPING ]
		  [ mcast_router MULTICAST_ROUTER ]
		  [ mcast_query_use_ifaddr MCAST_QUERY_USE_IFADDR ]
		  [ mcast_querier MULTICAST_QUERIER ]
		  [ mcast_hash_elasticity HASH_ELASTICITY ]
		  [ mcast_hash_max HASH_MAX ]
		  [ mcast_last_member_count LAST_MEMBER_COUNT ]
		  [ mcast_startup_query_count STARTUP_QUERY_COUNT ]
		  [ mcast_last_member_interval LAST_MEMBER_INTERVAL ]
		  [ mcast_membership_interval MEMBERSHIP_INTERVAL ]
		  [ mcast_querier_interval QUERIER_INTERVAL ]
		  [ mcast_query_interval QUERY_INTERVAL ]
		  [ mcast_query_response_interval QUERY_RESPONSE_INTERVAL ]
		  [ mcast_startup_query_interval STARTUP_QUERY_INTERVAL ]
		  [ mcast_stats_enabled MCAST_STATS_ENABLED ]
		  [ mcast_igmp_version IGMP_VERSION ]
		  [ mcast_mld_version MLD_VERSION ]
		  [ nf_call_iptables NF_CALL_IPTABLES ]
		  [ nf_call_ip6tables NF_CALL_IP6TABLES ]
		  [ nf_call_arptables NF_CALL_ARPTABLES ]

Where: VLAN_PROTOCOL := { 802.1Q | 802.1ad }
[1]
$ ip -n a link add br1 type bridge stp_state x
Error: argument "x" is wrong: invalid stp_state
[255]
$ ip -n a link add v9 type veth peer
$ ip -n a link add v9 type veth peer foo
RTNETLINK answers: File exists
[2]
$ ip -n a link add v9 type veth foo
Usage: ip link <options> type veth [peer <options>]
To get <options> type 'ip link add help'
[1]
$ ip -n a link add v9 type veth peer name v9
RTNETLINK answers: File exists
[2]
$ ip -n a link add v9 type veth peer name lo
RTNETLINK answers: File exists
[2]
$ ip -n a link add v9 mtu 9000 txqueuelen 5 type veth peer name v8 mtu 1000 txqueuelen 6
RTNETLINK answers: File exists
[2]
$ ip -n a link add v7 address 02:00:00:00:00:07 broadcast ff:ff:ff:ff:ff:00 type veth peer name v6 netns b
$ ip -n a link add v5 index 55 type veth peer name v4
$ ip -n a link add v5 address zz type veth
"zz" is invalid lladdr.
[1]
$ ip -n a link add v5x address 02:00 type veth
RTNETLINK answers: Invalid argument
[2]
$ ip -n a link add v5x mtu 10 type veth
RTNETLINK answers: Invalid argument
[2]
$ ip -n a link add bad/name type veth
Error: argument "bad/name" is wrong: "dev" not a valid ifname
[255]
$ ip -n a link add d0 netns nope type veth
Error: argument "nope" is wrong: Invalid "netns" value

[255]
$ ip -n a link add d0 type veth peer name d1 netns nope
Error: argument "nope" is wrong: Invalid "netns" value

[255]
$ ip -n a link add dev q0 name q1 type veth
both "name" and "dev" cannot be used when creating devices.
[255]
$ ip -n a link set v9 master br0
Error: argument "br0" is wrong: Device does not exist

[255]
$ ip -n a link set v9 master nope
Error: argument "nope" is wrong: Device does not exist

[255]
$ ip -n a link set v9 master lo
RTNETLINK answers: Operation not supported
[2]
$ ip -n a link set lo master br0
Error: argument "br0" is wrong: Device does not exist

[255]
$ ip -n a link set br0 master br0
Error: argument "br0" is wrong: Device does not exist

[255]
$ ip -n a link set v9 nomaster
$ ip -n a link set v9 nomaster
$ ip -n a link set v9 name lo
RTNETLINK answers: File exists
[2]
$ ip -n a link set v9 name bad/name
Error: argument "bad/name" is wrong: "name" not a valid ifname
[255]
$ ip -n a link set v9 name nametoolongforlinux
Error: argument "nametoolongforlinux" is wrong: "name" not a valid ifname
[255]
$ ip -n a link set v9 up mtu
Command line is not complete. Try option "help"
[255]
$ ip -n a link set v9 mtu 70000
Error: mtu greater than device maximum.
[2]
$ ip -n a link set v9 txqueuelen x
Error: argument "x" is wrong: Invalid "txqueuelen" value

[255]
$ ip -n a link set v9 qlen 7
$ ip -n a link set v9 txqlen 8
$ ip -n a link set v9 address zz
"zz" is invalid lladdr.
[1]
$ ip -n a link set v9 address 01:00:00:00:00:01
RTNETLINK answers: Cannot assign requested address
[2]
$ ip -n a link set v9 address 02:00:00
Invalid address length 3 - must be 6 bytes
[1]
$ ip -n a link set v9 group nope
Error: argument "nope" is wrong: Invalid "group" value

[255]
$ ip -n a link set v9 arp maybe
Error: argument of "arp" must be "on" or "off", not "maybe"
[1]
$ ip -n a link set v9 netns nope
Error: argument "nope" is wrong: Invalid "netns" value

[255]
$ ip -n a link set v9 netns 99999
RTNETLINK answers: No such process
[2]
$ ip -n a link set v9 alias 1234
$ ip -n a link set v9 alias ""
$ ip -n a link set v9 carrier off
RTNETLINK answers: Operation not supported
[2]
$ ip -n a link set v9 addrgenmode none
$ ip -n a link set v9 addrgenmode nope
Error: argument "nope" is wrong: Invalid address generation mode

[255]
$ ip -n a link set v9 allmulticast on
$ ip -n a link set v9 allmulticast x
Error: argument of "allmulticast" must be "on" or "off", not "x"
[1]
$ ip -n a link set v9 type veth
$ ip -n a link set br0 type bridge ageing_time 500
Cannot find device "br0"
[1]
$ ip -n a link set br0 type nope
Cannot find device "br0"
[1]
$ ip -n a link set v9 type bridge_slave cost 5
RTNETLINK answers: Operation not supported
[2]
$ ip -n a link set group 0 down
$ ip -n a link set group nope up
Error: argument "nope" is wrong: Invalid "group" value

[255]
$ ip -n a link set dev
Command line is not complete. Try option "help"
[255]
$ ip -n a link set dev v9 down up
$ ip -n a link set v9 protodown on
Error: Protodown not supported by device.
[2]
$ ip -n a link set v9 state up
$ ip -n a link set v9 vf 0 mac 02:00:00:00:00:01
RTNETLINK answers: Operation not supported
[2]
$ ip -n a link set v9 down name v99
$ ip -n a link set v99 up
$ ip -n a link set v99 name v98
$ ip -n a link set v99 address 02:00:00:00:00:aa
Cannot find device "v99"
[1]
$ ip -n a link set lo down name foo
$ ip -n a link set foo up
$ ip -n a link del
Not enough information: "dev" argument is required.
[255]
$ ip -n a link del v6 type bridge
Cannot find device "v6"
[1]
$ ip -n a link del br0 type bridge
Cannot find device "br0"
[1]
$ ip -n a link del dev v98 type veth
$ ip -n a link del group 7
RTNETLINK answers: No such device
[2]
$ ip -n a link del group 0
RTNETLINK answers: Operation not permitted
[2]
$ ip -n a link add v1 type veth peer name v2
$ ip -n a link del v1 v2
Error: either "dev" is duplicate, or "v2" is a garbage.
[255]
$ ip -n a link frob
Command "frob" is unknown, try "ip link help".
[255]
$ ip -n a link help veth
Usage: ip link <options> type veth [peer <options>]
To get <options> type 'ip link add help'
$ ip -n a link add type veth help
Usage: ip link <options> type veth [peer <options>]
To get <options> type 'ip link add help'
[1]
$ ip -n a link set v1 up type
Command line is not complete. Try option "help"
[255]
$ ip -n a link change v1 mtu 1400
$ ip -n a link replace v1 mtu 1400
Not enough information: "type" argument is required
[1]
$ ip -n a link replace br5 type bridge
$ ip -n a link replace br5 type bridge
RTNETLINK answers: Operation not supported
[2]
