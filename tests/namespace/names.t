# getent and ping over names
$ mkdir -p /etc/netns/a
$ echo "127.0.0.1 localhost lh" > /etc/netns/a/hosts
$ echo "::1 localhost ip6-localhost" >> /etc/netns/a/hosts
$ echo "10.1.1.1 both bb" >> /etc/netns/a/hosts
$ echo "fd00::1 both b6" >> /etc/netns/a/hosts
$ echo "10.1.1.2 second both" >> /etc/netns/a/hosts
$ echo "::ffff:9.9.9.9 mapped" >> /etc/netns/a/hosts
$ echo "1.2.3 short" >> /etc/netns/a/hosts
$ echo "10.1.1.300 wrong" >> /etc/netns/a/hosts
$ echo "10.1.1.9" >> /etc/netns/a/hosts
$ ip netns add a
$ ip netns exec a getent hosts
127.0.0.1       localhost lh
127.0.0.1       localhost ip6-localhost
10.1.1.1        both bb
10.1.1.2        second both
9.9.9.9         mapped
10.1.1.9        
$ ip netns exec a getent hosts localhost
::1             localhost ip6-localhost
$ ip netns exec a getent hosts lh
127.0.0.1       localhost lh
$ ip netns exec a getent hosts both
fd00::1         both b6
$ ip netns exec a getent hosts b6
fd00::1         both b6
$ ip netns exec a getent hosts mapped
::ffff:9.9.9.9  mapped
$ ip netns exec a getent hosts short
[2]
$ ip netns exec a getent hosts wrong
[2]
$ ip netns exec a getent hosts ::1
::1             localhost ip6-localhost
$ ip netns exec a getent hosts 127.0.0.1
127.0.0.1       localhost lh
$ ip netns exec a getent hosts 9.9.9.9
9.9.9.9         mapped
$ ip netns exec a getent hosts ::ffff:9.9.9.9
::ffff:9.9.9.9  mapped
$ ip netns exec a getent hosts 10.1.1.2 nobody both
10.1.1.2        second both
fd00::1         both b6
[2]
$ ip netns exec a getent ahosts localhost
::1             STREAM localhost
::1             DGRAM  
::1             RAW    
127.0.0.1       STREAM 
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahostsv4 localhost
[2]
$ ip netns exec a getent ahostsv6 localhost
[2]
$ ip netns exec a getent ahosts both
fd00::1         STREAM both
fd00::1         DGRAM  
fd00::1         RAW    
10.1.1.1        STREAM 
10.1.1.1        DGRAM  
10.1.1.1        RAW    
10.1.1.2        STREAM 
10.1.1.2        DGRAM  
10.1.1.2        RAW    
$ ip netns exec a getent ahostsv4 both
[2]
$ ip netns exec a getent ahostsv6 both
[2]
$ ip netns exec a getent ahosts 10.1.1.7
10.1.1.7        STREAM 10.1.1.7
10.1.1.7        DGRAM  
10.1.1.7        RAW    
$ ip netns exec a getent ahostsv6 10.1.1.7
[2]
$ ip netns exec a getent ahosts fe80::1%lo
fe80::1%1     STREAM fe80::1%lo
fe80::1%1     DGRAM  
fe80::1%1     RAW    
$ ip netns exec a getent ahosts ::1
::1             STREAM ::1
::1             DGRAM  
::1             RAW    
$ ip netns exec a getent ahosts 127.1
127.0.0.1       STREAM 127.1
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahosts nobody
[2]
$ ip netns exec a getent ahosts ip6-localhost
::1             STREAM localhost
::1             DGRAM  
::1             RAW    
$ ip netns exec a getent ahostsv4 ip6-localhost
[2]
$ ip netns exec a getent ahosts LH
127.0.0.1       STREAM localhost
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahosts
127.0.0.1       localhost lh
127.0.0.1       localhost ip6-localhost
10.1.1.1        both bb
10.1.1.2        second both
9.9.9.9         mapped
10.1.1.9        
$ ip netns exec a getent ahosts mapped
::ffff:9.9.9.9  STREAM mapped
::ffff:9.9.9.9  DGRAM  
::ffff:9.9.9.9  RAW    
$ ip netns exec a getent ahostsv6 mapped
[2]
$ ip -n a link set lo up
$ ip netns exec a getent ahosts localhost
::1             STREAM localhost
::1             DGRAM  
::1             RAW    
127.0.0.1       STREAM 
127.0.0.1       DGRAM  
127.0.0.1       RAW    
$ ip netns exec a getent ahostsv4 localhost
[2]
$ ip netns exec a getent hosts nobody
[2]
$ ip netns exec a ping -c 1 -W 1 nobody
ping: nobody: Temporary failure in name resolution
[2]
$ ip netns exec a ping -c 1 -W 1 256.1.1.1
ping: 256.1.1.1: Temporary failure in name resolution
[2]
$ ip netns exec a ping -c 1 -W 1 "a b"
ping: a b: Name or service not known
[2]
$ ip netns exec a ping -c 1 -W 1 ""
ping: connect: Network is unreachable
[2]
$ ip netns exec a ping -c 1 -W 1 127.1
PING 127.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 127.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -W 1 0x7f000001
PING 0x7f000001 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 0x7f000001 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -W 1 2130706433
PING 2130706433 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 2130706433 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -W 1 0177.0.0.1
PING 0177.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=<ms> ms

--- 0177.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -c 1 -W 1 fe80::1%nope
ping: fe80::1%nope: Name or service not known
[2]
$ ip netns exec a ping -c 1 -W 1 ::1%lo
ping: ::1%lo: Name or service not known
[2]
$ ip netns exec a ping -c 1 -W 1 lh
PING localhost (127.0.0.1) 56(84) bytes of data.
64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=<ms> ms

--- localhost ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -4 -c 1 -W 1 lh
PING localhost (127.0.0.1) 56(84) bytes of data.
64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=<ms> ms

--- localhost ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a ping -4 -c 1 -W 1 ip6-localhost
ping: ip6-localhost: Address family for hostname not supported
[2]
$ ip netns exec a ping -6 -c 1 -W 1 lh
ping: lh: Address family for hostname not supported
[2]
$ ip netns exec a ping -6 -c 1 -W 1 both
ping: both: Address family for hostname not supported
[2]
$ ip netns exec a ping -6 -c 1 -W 1 127.0.0.1
ping: 127.0.0.1: Address family for hostname not supported
[2]
$ ip netns exec a ping -4 -c 1 -W 1 ::1
ping: ::1: Address family for hostname not supported
[2]
$ ip netns exec a ping -4 -c 1 -W 1 nobody
ping: nobody: Temporary failure in name resolution
[2]
$ ip netns exec a ping -c 1 -W 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b
ping: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b: Name or service not known
[2]
$ ip netns exec a ping -c 1 -W 1 a..b
ping: a..b: Name or service not known
[2]
$ ip netns exec a ping -c 1 -W 1 nobody.
ping: nobody.: Temporary failure in name resolution
[2]
$ ip netns exec a ping -c 1 -W 1 x.localhost
ping: x.localhost: Temporary failure in name resolution
[2]
$ ip netns exec a getent nope
Unknown database: nope
Try `getent --help' or `getent --usage' for more information.
[1]
$ ip netns exec a getent
getent: wrong number of arguments
Try `getent --help' or `getent --usage' for more information.
[1]
$ ip netns exec a getent nope x
Unknown database: nope
Try `getent --help' or `getent --usage' for more information.
[1]
$ ip netns exec a getent --nope
getent: unrecognized option '--nope'
Try `getent --help' or `getent --usage' for more information.
[64]
$ ip netns exec a hostname
ubuntu-host
$ ip netns exec a hostname -f
hostname: Temporary failure in name resolution
[1]
$ ip netns exec a hostname -i
hostname: Temporary failure in name resolution
[1]
$ ip netns exec a hostname -I

$ ip netns exec a hostname -s
ubuntu-host
$ ip netns exec a hostname -d
hostname: Temporary failure in name resolution
[1]
$ ip netns exec a hostname -x
hostname: invalid option -- 'x'
Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

       hostname -V|--version|-h|--help          print info and exit

Program name:
       {yp,nis,}domainname=hostname -y
       dnsdomainname=hostname -d

Program options:
    -a, --alias            alias names
    -A, --all-fqdns        all long host names (FQDNs)
    -b, --boot             set default hostname if none available
    -d, --domain           DNS domain name
    -f, --fqdn, --long     long host name (FQDN)
    -F, --file             read host name or NIS domain name from given file
    -i, --ip-address       addresses for the host name
    -I, --all-ip-addresses all addresses for the host
    -s, --short            short host name
    -y, --yp, --nis        NIS/YP domain name

Description:
   This command can get or set the host name or the NIS domain name. You can
   also get the DNS domain or the FQDN (fully qualified domain name).
   Unless you are using bind or NIS for host lookups you can change the
   FQDN (Fully Qualified Domain Name) and the DNS domain name (which is
   part of the FQDN) in the /etc/hosts file.
[255]
$ hostname newname
$ hostname
newname
$ cat /etc/hostname
ubuntu-host
$ uname -n
newname
$ hostname -f
hostname: Temporary failure in name resolution
[1]
