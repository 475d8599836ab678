# the order of a name's addresses, and what of them an interface's families leave
$ mkdir -p /etc/netns/a
$ echo "127.0.0.1 localhost" > /etc/netns/a/hosts
$ echo "::1 localhost" >> /etc/netns/a/hosts
$ echo "10.0.0.1 me.example.org me ubuntu-host" >> /etc/netns/a/hosts
$ echo "10.0.0.2 both" >> /etc/netns/a/hosts
$ echo "fd00::2 both" >> /etc/netns/a/hosts
$ echo "192.0.2.1 far" >> /etc/netns/a/hosts
$ echo "10.0.0.9 far" >> /etc/netns/a/hosts
$ echo "10.0.0.3 near" >> /etc/netns/a/hosts
$ echo "fe80::5 near" >> /etc/netns/a/hosts
$ echo "2001:db8::1 global" >> /etc/netns/a/hosts
$ echo "fd00::7 global" >> /etc/netns/a/hosts
$ echo "203.0.113.5 global" >> /etc/netns/a/hosts
$ ip netns add a
$ ip netns add b
$ ip -n a link set lo up
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ ip netns exec a getent ahosts localhost
127.0.0.1       STREAM localhost
127.0.0.1       DGRAM  
127.0.0.1       RAW    
127.0.0.1       STREAM 
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahosts both
10.0.0.2        STREAM both
10.0.0.2        DGRAM  
10.0.0.2        RAW    
$ ip netns exec a getent ahostsv4 both
10.0.0.2        STREAM both
10.0.0.2        DGRAM  
10.0.0.2        RAW    
$ ip netns exec a getent ahostsv6 both
[2]
$ ip netns exec a getent ahosts far
10.0.0.9        STREAM far
10.0.0.9        DGRAM  
10.0.0.9        RAW    
192.0.2.1       STREAM 
192.0.2.1       DGRAM  
192.0.2.1       RAW    
$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=0
$ ip -n a addr add fd00::1/64 dev v0 nodad
$ sleep 3
$ ip netns exec a getent ahosts localhost
::1             STREAM localhost
::1             DGRAM  
::1             RAW    
127.0.0.1       STREAM 
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahosts both
fd00::2         STREAM both
fd00::2         DGRAM  
fd00::2         RAW    
10.0.0.2        STREAM 
10.0.0.2        DGRAM  
10.0.0.2        RAW    
$ ip netns exec a getent ahostsv4 both
10.0.0.2        STREAM both
10.0.0.2        DGRAM  
10.0.0.2        RAW    
$ ip netns exec a getent ahostsv6 both
fd00::2         STREAM both
fd00::2         DGRAM  
fd00::2         RAW    
$ ip netns exec a getent ahosts far
10.0.0.9        STREAM far
10.0.0.9        DGRAM  
10.0.0.9        RAW    
192.0.2.1       STREAM 
192.0.2.1       DGRAM  
192.0.2.1       RAW    
$ ip netns exec a getent ahosts near
10.0.0.3        STREAM near
10.0.0.3        DGRAM  
10.0.0.3        RAW    
fe80::5         STREAM 
fe80::5         DGRAM  
fe80::5         RAW    
$ ip netns exec a getent ahosts global
fd00::7         STREAM global
fd00::7         DGRAM  
fd00::7         RAW    
2001:db8::1     STREAM 
2001:db8::1     DGRAM  
2001:db8::1     RAW    
203.0.113.5     STREAM 
203.0.113.5     DGRAM  
203.0.113.5     RAW    
$ ip netns exec a getent ahosts fe80::5%v0
fe80::5%2     STREAM fe80::5%v0
fe80::5%2     DGRAM  
fe80::5%2     RAW    
$ ip netns exec a hostname -f
me.example.org
$ ip netns exec a hostname -d
example.org
$ ip netns exec a hostname -i
10.0.0.1
$ ip netns exec a hostname -I
10.0.0.1 fd00::1 
$ ip netns exec a hostname -a
me ubuntu-host
$ ip netns exec a getent hosts me
10.0.0.1        me.example.org me ubuntu-host
$ ip netns exec a getent hosts 10.0.0.1
10.0.0.1        me.example.org me ubuntu-host
$ ip -n a route add default via 10.0.0.254
$ ip netns exec a getent ahosts global
fd00::7         STREAM global
fd00::7         DGRAM  
fd00::7         RAW    
203.0.113.5     STREAM 
203.0.113.5     DGRAM  
203.0.113.5     RAW    
2001:db8::1     STREAM 
2001:db8::1     DGRAM  
2001:db8::1     RAW    
$ ip netns exec a getent ahosts far
10.0.0.9        STREAM far
10.0.0.9        DGRAM  
10.0.0.9        RAW    
192.0.2.1       STREAM 
192.0.2.1       DGRAM  
192.0.2.1       RAW    
