# unsolicited ARP, duplicate address detection, and arping's complaints
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
$ ip netns exec a arping -q -c 1 -I v0 10.0.0.2
$ ip netns exec a arping -D -c 2 -I v0 10.0.0.2
ARPING 10.0.0.2 from 0.0.0.0 v0
Unicast reply from 10.0.0.2 [02:00:00:00:00:02] <ms>
Sent 1 probes (1 broadcast(s))
Received 1 response(s)
[1]
$ ip netns exec a arping -D -w 1 -I v0 10.0.0.77
ARPING 10.0.0.77 from 0.0.0.0 v0
Sent 2 probes (2 broadcast(s))
Received 0 response(s)
$ ip netns exec a arping -U -c 1 -I v0 10.0.0.1
ARPING 10.0.0.1 from 10.0.0.1 v0
Sent 1 probes (1 broadcast(s))
Received 0 response(s)
$ ip netns exec a arping -A -c 1 -I v0 10.0.0.1
ARPING 10.0.0.1 from 10.0.0.1 v0
Sent 1 probes (1 broadcast(s))
Received 0 response(s)
$ ip netns exec a arping -b -c 2 -I v0 10.0.0.2
ARPING 10.0.0.2 from 10.0.0.1 v0
Unicast reply from 10.0.0.2 [02:00:00:00:00:02] <ms>
Unicast reply from 10.0.0.2 [02:00:00:00:00:02] <ms>
Sent 2 probes (2 broadcast(s))
Received 2 response(s)
$ ip netns exec a arping -f -I v0 10.0.0.2
ARPING 10.0.0.2 from 10.0.0.1 v0
Unicast reply from 10.0.0.2 [02:00:00:00:00:02] <ms>
Sent 1 probes (1 broadcast(s))
Received 1 response(s)
$ ip netns exec a arping -w 1 -I v0 10.0.0.77
ARPING 10.0.0.77 from 10.0.0.1 v0
Sent 2 probes (2 broadcast(s))
Received 0 response(s)
[1]
$ ip netns exec a arping -c 1 -I lo 127.0.0.1
Interface "lo" is not ARPable
[2]
$ ip netns exec a arping -c 1 -I nope 10.0.0.2
arping: Device nope not available.
[2]
$ ip netns exec a arping -c 1 -s 9.9.9.9 -I v0 10.0.0.2
arping: bind: Cannot assign requested address
[2]
$ ip netns exec a arping 

Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source ip address
  <destination> dns name or ip address

For more details see arping(8).
[2]
$ ip netns exec a arping -V
arping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
$ ip netns exec a arping -c x -I v0 10.0.0.2
arping: invalid argument: 'x'
[1]
$ ip netns exec a arping -c 1 10.0.0.2
ARPING 10.0.0.2 from 10.0.0.1 v0
Unicast reply from 10.0.0.2 [02:00:00:00:00:02] <ms>
Sent 1 probes (1 broadcast(s))
Received 1 response(s)
