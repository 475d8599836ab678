# the small standard programs
$ sleep
sleep: missing operand
Try 'sleep --help' for more information.
[1]
$ sleep x
sleep: invalid time interval 'x'
Try 'sleep --help' for more information.
[1]
$ sleep 1x
sleep: invalid time interval '1x'
Try 'sleep --help' for more information.
[1]
$ seq
seq: missing operand
Try 'seq --help' for more information.
[1]
$ seq 3
1
2
3
$ seq 1 0.5 2
1.0
1.5
2.0
$ seq 5 -2 1
5
3
1
$ seq -w 8 11
08
09
10
11
$ seq -s , 3
1,2,3
$ seq a
seq: invalid floating point argument: 'a'
Try 'seq --help' for more information.
[1]
$ head -n x /dev/null
head: invalid number of lines: 'x'
[1]
$ head -Z
head: invalid option -- 'Z'
Try 'head --help' for more information.
[1]
$ head -c 4 /etc/hostname
ubun
$ head -n 2 /etc/hosts
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
$ head -2 /etc/hosts /etc/hostname
==> /etc/hosts <==
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback

==> /etc/hostname <==
ubuntu-host
$ head -n -4 /etc/hosts
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
$ tail -n 1 /etc/hosts
ff02::2	ip6-allrouters
$ tail -n +5 /etc/hosts
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ tail -c 5 /etc/hostname
host
$ cut
cut: you must specify a list of bytes, characters, or fields
Try 'cut --help' for more information.
[1]
$ cut -f
cut: option requires an argument -- 'f'
Try 'cut --help' for more information.
[1]
$ cut -c1-3 /etc/hosts
127
::1
fe0
ff0
ff0
ff0
$ cut -f2 /etc/hosts
localhost
localhost ip6-localhost ip6-loopback
ip6-localnet
ip6-mcastprefix
ip6-allnodes
ip6-allrouters
$ cut -f1 -c2
cut: only one list may be specified
Try 'cut --help' for more information.
[1]
$ cut -dxx -f1
cut: the delimiter must be a single character
Try 'cut --help' for more information.
[1]
$ cut -f0
cut: fields are numbered from 1
Try 'cut --help' for more information.
[1]
$ echo a:b:c | cut -d: -f1,3
a:c
$ echo a:b:c | cut -d: -f2-
b:c
$ echo abcdef | cut -c2-3,5
bce
$ echo nodelim | cut -d: -f2
nodelim
$ echo nodelim | cut -s -d: -f2
$ grep
Usage: grep [OPTION]... PATTERNS [FILE]...
Try 'grep --help' for more information.
[2]
$ grep x /nope
grep: /nope: No such file or directory
[2]
$ grep -E "(" /etc/hosts
grep: Unmatched ( or \(
[2]
$ grep "\\(" /etc/hosts
grep: Unmatched ( or \(
[2]
$ grep -c o /etc/hosts
5
$ grep -n ip6 /etc/hosts
2:::1	localhost ip6-localhost ip6-loopback
3:fe00::0	ip6-localnet
4:ff00::0	ip6-mcastprefix
5:ff02::1	ip6-allnodes
6:ff02::2	ip6-allrouters
$ grep -q zzz /etc/hosts
[1]
$ grep -o "lo[a-z]*" /etc/hosts
localhost
localhost
localhost
loopback
localnet
$ grep -v ip6 /etc/hosts
127.0.0.1	localhost
$ grep -i LOCAL /etc/hosts
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
$ grep "all\|127" /etc/hosts
127.0.0.1	localhost
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ grep -E "all|127" /etc/hosts
127.0.0.1	localhost
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ grep -w localhost /etc/hosts
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
$ grep -x ubuntu-host /etc/hostname
ubuntu-host
$ grep -l ubuntu /etc/hosts /etc/hostname
/etc/hostname
$ grep -L ubuntu /etc/hosts /etc/hostname
/etc/hosts
$ grep host /etc/hosts /etc/hostname
/etc/hosts:127.0.0.1	localhost
/etc/hosts:::1	localhost ip6-localhost ip6-loopback
/etc/hostname:ubuntu-host
$ grep -h host /etc/hosts /etc/hostname
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
ubuntu-host
$ grep -c host /etc/hosts /etc/hostname
/etc/hosts:2
/etc/hostname:1
$ grep -m 1 ip6 /etc/hosts
::1	localhost ip6-localhost ip6-loopback
$ grep -A 1 fe00 /etc/hosts
fe00::0	ip6-localnet
ff00::0	ip6-mcastprefix
$ grep -B 1 fe00 /etc/hosts
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
$ grep "^ff" /etc/hosts
ff00::0	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ grep "s$" /etc/hosts
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ grep "f\{2\}" /etc/hosts
ff00::0	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ grep -F . /etc/hosts
127.0.0.1	localhost
$ grep -e fe00 -e ff00 /etc/hosts
fe00::0	ip6-localnet
ff00::0	ip6-mcastprefix
$ grep '[0-9]\.0' /etc/hosts
127.0.0.1	localhost
$ grep '^[[:digit:]]' /etc/hosts
127.0.0.1	localhost
$ sort -Z
sort: invalid option -- 'Z'
Try 'sort --help' for more information.
[2]
$ sort /etc/hosts
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
ff00::0	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
$ sort -r /etc/hosts
ff02::2	ip6-allrouters
ff02::1	ip6-allnodes
ff00::0	ip6-mcastprefix
fe00::0	ip6-localnet
::1	localhost ip6-localhost ip6-loopback
127.0.0.1	localhost
$ printf '3 c\n1 a\n2 b\n10 d\n' | sort
1 a
10 d
2 b
3 c
$ printf '3 c\n1 a\n2 b\n10 d\n' | sort -n
1 a
2 b
3 c
10 d
$ printf '3 c\n1 a\n2 b\n10 d\n' | sort -k2 -r
10 d
3 c
2 b
1 a
$ printf 'b\na\nb\n' | sort -u
a
b
$ printf 'a:3\nb:1\n' | sort -t: -k2n
b:1
a:3
$ wc -Z
wc: invalid option -- 'Z'
Try 'wc --help' for more information.
[1]
$ wc /etc/hosts /etc/hostname
  6  14 150 /etc/hosts
  1   1  12 /etc/hostname
  7  15 162 total
$ wc -l < /etc/hosts
6
$ wc < /etc/hosts
  6  14 150
$ cat /etc/hosts | wc
      6      14     150
$ cat /etc/hosts | wc -l
6
$ wc -w /etc/hosts
14 /etc/hosts
$ mkdir
mkdir: missing operand
Try 'mkdir --help' for more information.
[1]
$ mkdir -Z9 2>/dev/null; echo $?
1
$ mkdir /etc
mkdir: cannot create directory '/etc': File exists
[1]
$ mkdir a/b
mkdir: cannot create directory 'a/b': No such file or directory
[1]
$ mkdir -p a/b; mkdir -v c
mkdir: created directory 'c'
$ rm
rm: missing operand
Try 'rm --help' for more information.
[1]
$ rm nope
rm: cannot remove 'nope': No such file or directory
[1]
$ rm /etc
rm: cannot remove '/etc': Is a directory
[1]
$ rm -f nope; echo $?
0
$ rm -r a; ls
c
$ rmdir nope
rmdir: failed to remove 'nope': No such file or directory
[1]
$ ls /nope /etc/hosts
ls: cannot access '/nope': No such file or directory
/etc/hosts
[2]
$ cat /nope /etc/hostname
cat: /nope: No such file or directory
ubuntu-host
[1]
$ cat -n /etc/hostname
     1	ubuntu-host
$ cat -A /etc/hosts | head -1
127.0.0.1^Ilocalhost$
$ cat -Z
cat: invalid option -- 'Z'
Try 'cat --help' for more information.
[1]
$ echo hi | tee f1 f2; cat f1 f2
hi
hi
hi
$ tee /nope/x < /dev/null
tee: /nope/x: No such file or directory
[1]
$ tr
tr: missing operand
Try 'tr --help' for more information.
[1]
$ tr a
tr: missing operand after 'a'
Two strings must be given when translating.
Try 'tr --help' for more information.
[1]
$ tr -d
tr: missing operand
Try 'tr --help' for more information.
[1]
$ tr a b c
tr: extra operand 'c'
Try 'tr --help' for more information.
[1]
$ echo hello | tr a-z A-Z
HELLO
$ echo hello | tr -d l
heo
$ echo aabbcc | tr -s ab
abcc
$ echo hello | tr -c 'a-z\n' x
hello
$ uname
Linux
$ uname -n
ubuntu-host
$ uname -Z
uname: invalid option -- 'Z'
Try 'uname --help' for more information.
[1]
$ whoami
root
$ whoami x
whoami: extra operand 'x'
Try 'whoami --help' for more information.
[1]
$ id
uid=0(root) gid=0(root) groups=0(root)
$ id -u
0
$ touch
touch: missing file operand
Try 'touch --help' for more information.
[1]
$ touch t; ls t
t
$ cp a
cp: missing destination file operand after 'a'
Try 'cp --help' for more information.
[1]
$ cp /nope x
cp: cannot stat '/nope': No such file or directory
[1]
$ cp /etc/hostname h; cat h
ubuntu-host
$ mv a
mv: missing destination file operand after 'a'
Try 'mv --help' for more information.
[1]
$ mv /nope y
mv: cannot stat '/nope': No such file or directory
[1]
$ mv h h2; cat h2; ls h
ubuntu-host
ls: cannot access 'h': No such file or directory
[2]
$ sha256sum /nope
sha256sum: /nope: No such file or directory
[1]
$ sha256sum < /dev/null
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -
$ echo abc | sha256sum -
edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb  -
$ sha256sum /etc/hostname
129c9c35f1bba221c28bf2f094cad2b776bf24d5feab5735703f5f6817c3f59b  /etc/hostname
$ sha256sum -Z
sha256sum: invalid option -- 'Z'
Try 'sha256sum --help' for more information.
[1]
$ head -c 1048576 /dev/zero > big; sha256sum big; wc -c big
30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58  big
1048576 big
$ env nosuch
env: 'nosuch': No such file or directory
[127]
$ env A=1 printenv A
1
$ basename /a/b.c .c
b
$ dirname /a/b
/a
$ basename
basename: missing operand
Try 'basename --help' for more information.
[1]
$ echo a b c | xargs -n1 echo
a
b
c
$ printf 'a\na\nb\n' | uniq -c
      2 a
      1 b
$ printf 'a\na\nb\n' | uniq -d
a
$ uniq -Z
uniq: invalid option -- 'Z'
Try 'uniq --help' for more information.
[1]
$ yes a | head -n 2
a
a
$ true x; false x; echo $?
1
$ timeout
Try 'timeout --help' for more information.
[125]
$ timeout x true
timeout: invalid time interval 'x'
Try 'timeout --help' for more information.
[125]
$ timeout 1 nosuch
timeout: failed to run command 'nosuch': No such file or directory
[127]
$ date +%Y-%m-%d -Z 2>/dev/null; echo $?
1
$ cat /proc/sys/kernel/hostname
ubuntu-host
$ cat /dev/null
$ echo x > /dev/null; echo $?
0
$ test -c /dev/null; echo $?
0
$ cat /proc/net
cat: /proc/net: Is a directory
[1]
$ cat /proc/net/nope
cat: /proc/net/nope: No such file or directory
[1]
$ cat /etc
cat: /etc: Is a directory
[1]
$ head /etc/nope
head: cannot open '/etc/nope' for reading: No such file or directory
[1]
$ echo 1 > /proc/net/dev
/proc/net/dev: Permission denied
[1]
$ cat /sys/class/net/nope/mtu
cat: /sys/class/net/nope/mtu: No such file or directory
[1]
$ cat /proc/net/dev
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
$ cat /proc/net/route
$ cat /proc/net/arp
IP address       HW type     Flags       HW address            Mask     Device
$ cat /proc/net/snmp6 | head -5
Ip6InReceives                   	0
Ip6InHdrErrors                  	0
Ip6InTooBigErrors               	0
Ip6InNoRoutes                   	0
Ip6InAddrErrors                 	0
$ cat /proc/net/if_inet6
$ cat /proc/net/dev_mcast
$ ip netns add a
$ ip netns exec a ls /sys/class/net
lo
$ ip netns exec a cat /sys/class/net/lo/mtu /sys/class/net/lo/operstate /sys/class/net/lo/address /sys/class/net/lo/type /sys/class/net/lo/flags /sys/class/net/lo/tx_queue_len /sys/class/net/lo/iflink
65536
down
00:00:00:00:00:00
772
0x8
1000
1
$ ip -n a link set lo up
$ ip netns exec a cat /sys/class/net/lo/operstate /sys/class/net/lo/carrier /sys/class/net/lo/flags
unknown
1
0x9
$ ip netns exec a cat /sys/class/net/lo/speed
cat: /sys/class/net/lo/speed: Invalid argument
[1]
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n a link set v0 up
$ ip -n a link set v1 up
$ ip -n a route add 10.9.0.0/16 via 10.0.0.2
$ ip -n a neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0
$ sleep 2
$ ip netns exec a cat /proc/net/route
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT                                                       
v0	0000000A	00000000	0001	0	0	0	00FFFFFF	0	0	0                                                                                 
v0	0000090A	0200000A	0003	0	0	0	0000FFFF	0	0	0                                                                                 
$ ip netns exec a cat /proc/net/arp
IP address       HW type     Flags       HW address            Mask     Device
10.0.0.2         0x1         0x6         02:00:00:00:00:02     *        v0
$ ip netns exec a cat /proc/net/if_inet6 | sort
00000000000000000000000000000001 01 80 10 80       lo
fe80000000000000000000fffe000001 03 40 20 80       v0
fe80000000000000000000fffe000002 02 40 20 80       v1
$ ip netns exec a cat /proc/net/dev_mcast
2    v1              1     0     333300000001
2    v1              1     0     01005e000001
2    v1              1     0     3333ff000002
3    v0              1     0     333300000001
3    v0              1     0     01005e000001
3    v0              1     0     3333ff000001
$ ip netns exec a cat /proc/net/igmp
Idx	Device    : Count Querier	Group    Users Timer	Reporter
1	lo        :     1      V3
				010000E0     1 0:00000000		0
2	v1        :     1      V3
				010000E0     1 0:00000000		0
3	v0        :     1      V3
				010000E0     1 0:00000000		0
$ ip netns exec a cat /proc/net/igmp6
1    lo              ff020000000000000000000000000001     1 0000000C 0
1    lo              ff010000000000000000000000000001     1 00000008 0
2    v1              ff0200000000000000000001ff000002     1 00000004 0
2    v1              ff020000000000000000000000000001     1 0000000C 0
2    v1              ff010000000000000000000000000001     1 00000008 0
3    v0              ff0200000000000000000001ff000001     1 00000004 0
3    v0              ff020000000000000000000000000001     1 0000000C 0
3    v0              ff010000000000000000000000000001     1 00000008 0
$ ip netns exec a ls /sys/class/net
lo
v0
v1
$ ip netns exec a cat /sys/class/net/v0/operstate /sys/class/net/v0/address /sys/class/net/v0/ifindex /sys/class/net/v0/iflink /sys/class/net/v0/speed /sys/class/net/v0/duplex /sys/class/net/v0/flags
up
02:00:00:00:00:01
3
2
10000
full
0x1003
$ ip netns exec a ping -q -c 1 127.0.0.1
PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time <ms>ms
rtt min/avg/max/mdev = <ms> ms
$ ip netns exec a cat /proc/net/snmp
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits
Ip: 2 64 2 0 0 0 0 0 2 2 0 0 0 0 0 0 0 0 0 2
Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps
Icmp: 2 0 0 0 0 0 0 0 1 1 0 0 0 0 2 0 0 0 0 0 0 0 0 1 1 0 0 0 0
IcmpMsg: InType0 InType8 OutType0 OutType8
IcmpMsg: 1 1 1 1
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
Tcp: 1 200 120000 -1 0 0 0 0 0 0 0 0 0 0 0
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 0 0 0 0 0 0 0 0 0
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
UdpLite: 0 0 0 0 0 0 0 0 0
$ ip netns exec a cat /proc/net/netstat | grep IpExt
IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps
IpExt: 0 0 0 0 0 0 168 168 0 0 0 0 0 2 0 0 0 0
