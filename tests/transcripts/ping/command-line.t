# ping's errors of the command line
$ ip netns add a
$ ip netns exec a ping -M foo 127.0.0.1
ping: invalid -M argument: foo
[2]
$ ip netns exec a ping -Q 300 127.0.0.1
ping: the decimal value of TOS bits must be in range 0-255: 300
[2]
$ ip netns exec a ping -Q zz 127.0.0.1
ping: bad TOS value: zz
[2]
$ ip netns exec a ping -p xyz 127.0.0.1
ping: patterns must be specified as hex digits: xyz
[2]
$ ip netns exec a ping -i 1e10 127.0.0.1
ping: bad timing interval: 1e10
[2]
$ ip netns exec a ping -W -1 127.0.0.1
ping: bad linger time: -1
[2]
$ ip netns exec a ping -s -1 127.0.0.1
ping: invalid argument: '-1': out of range: 0 <= value <= 2147483647
[1]
$ ip netns exec a ping -l 0 127.0.0.1
ping: invalid argument: '0': out of range: 1 <= value <= 65536
[1]
$ ip netns exec a ping -4 -6 127.0.0.1
ping: only one -4 or -6 option may be specified
[2]
$ ip netns exec a ping -6 127.0.0.1
ping: 127.0.0.1: Address family for hostname not supported
[2]
$ ip netns exec a ping -e 70000 127.0.0.1
ping: invalid argument: '70000': out of range: 0 <= value <= 65535
[1]
$ ip netns exec a ping -F zz ::1
ping: bad value for flowinfo: zz
[2]
$ ip netns exec a ping -T foo 127.0.0.1
ping: invalid timestamp type: foo
[2]
$ ip netns exec a ping -m -1 127.0.0.1
ping: invalid argument: '-1': out of range: 0 <= value <= 4294967295
[1]
$ ip netns exec a ping -I 1::x ::1
ping: invalid source address: 1::x
[2]
$ ip netns exec a ping fe80::1%nope
ping: fe80::1%nope: Name or service not known
[2]
$ ip netns exec a ping nowhere
ping: nowhere: Temporary failure in name resolution
[2]
$ ip netns exec a ping -w x 127.0.0.1
ping: invalid argument: 'x'
[1]
$ ip netns exec a ping -t 0 127.0.0.1
ping: connect: Network is unreachable
[2]
$ ip netns exec a ping -V
ping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
$ ip netns exec a ping -c
ping: option requires an argument -- 'c'

Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -a                 use audible ping
  -A                 use adaptive ping
  -B                 sticky source address
  -c <count>         stop after <count> replies
  -C                 call connect() syscall on socket creation
  -D                 print timestamps
  -d                 use SO_DEBUG socket option
  -e <identifier>    define identifier for ping session, default is random for
                     SOCK_RAW and kernel defined for SOCK_DGRAM
                     Imply using SOCK_RAW (for IPv4 only for identifier 0)
  -f                 flood ping
  -h                 print help and exit
  -I <interface>     either interface name or address
  -i <interval>      seconds between sending each packet
  -L                 suppress loopback of multicast packets
  -l <preload>       send <preload> number of packages while waiting replies
  -m <mark>          tag the packets going out
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>
  -n                 no dns name resolution
  -O                 report outstanding replies
  -p <pattern>       contents of padding byte
  -q                 quiet output
  -Q <tclass>        use quality of service <tclass> bits
  -s <size>          use <size> as number of data bytes to be sent
  -S <size>          use <size> as SO_SNDBUF socket option value
  -t <ttl>           define time to live
  -U                 print user-to-user latency
  -v                 verbose output
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

IPv4 options:
  -4                 use IPv4
  -b                 allow pinging broadcast
  -R                 record route
  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>

IPv6 options:
  -6                 use IPv6
  -F <flowlabel>     define flow label, default is random
  -N <nodeinfo opt>  use icmp6 node info query, try <help> as argument

For more details see ping(8).
[2]
