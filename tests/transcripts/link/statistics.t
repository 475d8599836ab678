# counters with -s, -s -s, -h, -iec, -j and in ip addr
$ ip netns add a
$ ip -n a link set lo up
$ ip netns exec a ping -q -c 3 -i 0.2 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a -s -h link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes packets errors dropped  missed   mcast           
           504       6      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
           504       6      0       0       0       0 
$ ip netns exec a ping -q -c 30 -i 0.01 -s 60000 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 60000(60028) bytes of data.

--- 127.0.0.1 ping statistics ---
30 packets transmitted, 30 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a -s -h link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes packets errors dropped  missed   mcast           
         3.60M      66      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
         3.60M      66      0       0       0       0 
$ ip -n a -s -h -iec link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes packets errors dropped  missed   mcast           
        3.44Mi      66      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
        3.44Mi      66      0       0       0       0 
$ ip netns exec a ping -q -c 100 -i 0.002 -s 65000 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 65000(65028) bytes of data.

--- 127.0.0.1 ping statistics ---
100 packets transmitted, 100 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip -n a -s -h link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes packets errors dropped  missed   mcast           
         16.6M     266      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
         16.6M     266      0       0       0       0 
$ ip -n a -s -h -iec link show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes packets errors dropped  missed   mcast           
        15.8Mi     266      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
        15.8Mi     266      0       0       0       0 
$ ip -n a -s addr show lo
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
    RX:  bytes packets errors dropped  missed   mcast           
      16607784     266      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
      16607784     266      0       0       0       0 
$ ip -n a -s -j addr show lo
[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"qdisc":"noqueue","operstate":"UNKNOWN","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"::1","prefixlen":128,"scope":"host","valid_life_time":4294967295,"preferred_life_time":4294967295}],"stats64":{"rx":{"bytes":16607784,"packets":266,"errors":0,"dropped":0,"over_errors":0,"multicast":0},"tx":{"bytes":16607784,"packets":266,"errors":0,"dropped":0,"carrier_errors":0,"collisions":0}}}]
$ ip -n a -s -o addr show lo
1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
1: lo    inet6 ::1/128 scope host \       valid_lft forever preferred_lft forever
$ ip -n a -s -br addr show lo
lo               UNKNOWN        127.0.0.1/8 ::1/128 
$ ip -n a -o addr show up
1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
1: lo    inet6 ::1/128 scope host \       valid_lft forever preferred_lft forever
$ ip -n a link set lo down
$ ip -n a -o addr show up
$ ip -n a addr show up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
$ ip -n a -s -s link show v0
3: v0@v1: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    RX:  bytes packets errors dropped  missed   mcast           
             0       0      0       0       0       0 
    RX errors:  length    crc   frame    fifo overrun
                     0      0       0       0       0 
    TX:  bytes packets errors dropped carrier collsns           
             0       0      0       0       0       0 
    TX errors: aborted   fifo  window heartbt transns
                     0      0       0       0       1 
$ ip -n a -s -s -j link show v0
[{"ifindex":3,"link":"v1","ifname":"v0","flags":["BROADCAST","MULTICAST","M-DOWN"],"mtu":1500,"qdisc":"noop","operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"ether","address":"02:00:00:00:00:01","broadcast":"ff:ff:ff:ff:ff:ff","stats64":{"rx":{"bytes":0,"packets":0,"errors":0,"dropped":0,"over_errors":0,"multicast":0,"length_errors":0,"crc_errors":0,"frame_errors":0,"fifo_errors":0,"missed_errors":0},"tx":{"bytes":0,"packets":0,"errors":0,"dropped":0,"carrier_errors":0,"collisions":0,"aborted_errors":0,"fifo_errors":0,"window_errors":0,"heartbeat_errors":0,"carrier_changes":1}}}]
$ ip -n a -s -o link show v0
3: v0@v1: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\    RX:  bytes packets errors dropped  missed   mcast           \             0       0      0       0       0       0 \    TX:  bytes packets errors dropped carrier collsns           \             0       0      0       0       0       0 
