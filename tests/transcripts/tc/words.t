# qdiscs: limits, rates, times, classes, JSON, statistics
$ ip netns add a
$ ip netns add b
$ ip netns exec a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ ip netns exec b sysctl -qw net.ipv6.conf.default.disable_ipv6=1
$ ip -n a link add v0 address 02:00:00:00:00:01 type veth peer name v0 address 02:00:00:00:00:02 netns b
$ ip -n a addr add 10.0.0.1/24 dev v0
$ ip -n b addr add 10.0.0.2/24 dev v0
$ ip -n a link set v0 up
$ ip -n b link set v0 up
$ tc -n a qdisc
qdisc noqueue 0: dev v0 root refcnt 2 
$ tc -n a qdisc
qdisc noqueue 0: dev v0 root refcnt 2 
$ tc -n a qdisc show dev v0
qdisc noqueue 0: root refcnt 2 
$ tc -n a qdisc show dev lo
$ tc -n a -j qdisc
[{"kind":"noqueue","handle":"0:","dev":"v0","root":true,"refcnt":2,"options":{}}]
$ tc -n a qdisc add dev v0 root handle 1: pfifo limit 5
$ tc -n a qdisc show
qdisc pfifo 1: dev v0 root refcnt 3 limit 5p
$ tc -n a -s qdisc show dev v0
qdisc pfifo 1: root refcnt 3 limit 5p
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ tc -n a -s qdisc show dev v0
qdisc pfifo 1: root refcnt 3 limit 5p
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ tc -n a -d qdisc show dev v0
qdisc pfifo 1: root refcnt 3 limit 5p
$ tc -n a -j qdisc show dev v0
[{"kind":"pfifo","handle":"1:","root":true,"refcnt":3,"options":{"limit":5}}]
$ tc -n a -j -s qdisc show dev v0
[{"kind":"pfifo","handle":"1:","root":true,"refcnt":3,"options":{"limit":5},"bytes":0,"packets":0,"drops":0,"overlimits":0,"requeues":0,"backlog":0,"qlen":0}]
$ tc -n a -p -j -s qdisc show dev v0
[ {
        "kind": "pfifo",
        "handle": "1:",
        "root": true,
        "refcnt": 3,
        "options": {
            "limit": 5
        },
        "bytes": 0,
        "packets": 0,
        "drops": 0,
        "overlimits": 0,
        "requeues": 0,
        "backlog": 0,
        "qlen": 0
    } ]
$ tc -n a qdisc add dev v0 root pfifo
Error: Exclusivity flag on, cannot modify.
[2]
$ tc -n a qdisc change dev v0 root handle 1: pfifo limit 7
$ tc -n a qdisc show dev v0
qdisc pfifo 1: root refcnt 3 limit 7p
$ tc -n a qdisc change dev v0 root pfifo limit 8
$ tc -n a qdisc replace dev v0 root bfifo
$ tc -n a qdisc show dev v0
qdisc bfifo 8xxx: root refcnt 3 limit 1514000b
$ tc -n a qdisc replace dev v0 root handle 5: bfifo limit 10k
$ tc -n a qdisc show dev v0
qdisc bfifo 5: root refcnt 3 limit 10Kb
$ tc -n a -j qdisc show dev v0
[{"kind":"bfifo","handle":"5:","root":true,"refcnt":3,"options":{"limit":10240}}]
$ tc -n a qdisc replace dev v0 root handle 6: bfifo limit 1mb
$ tc -n a qdisc show dev v0
qdisc bfifo 6: root refcnt 3 limit 1Mb
$ tc -n a qdisc replace dev v0 root handle 7: tbf rate 1.5mbit burst 32kbit latency 400ms
$ tc -n a qdisc show dev v0
qdisc tbf 7: root refcnt 3 rate 1500Kbit burst 4Kb lat 400ms 
$ tc -n a -d qdisc show dev v0
qdisc tbf 7: root refcnt 3 rate 1500Kbit burst 4Kb/1 mpu 0b lat 400ms linklayer ethernet 
$ tc -n a -j qdisc show dev v0
[{"kind":"tbf","handle":"7:","root":true,"refcnt":3,"options":{"rate":187500,"burst":4095,"lat":400000}}]
$ tc -n a qdisc replace dev v0 root handle 8: tbf rate 1mbit burst 5k limit 3000
$ tc -n a qdisc show dev v0
qdisc tbf 8: root refcnt 3 rate 1Mbit burst 5Kb limit 3000b 
$ tc -n a qdisc replace dev v0 root handle 8: tbf rate 256kbit burst 1540 limit 30k peakrate 512kbit mtu 1540
$ tc -n a qdisc show dev v0
qdisc tbf 8: root refcnt 3 rate 256Kbit burst 1539b peakrate 512Kbit minburst 1539b lat 912ms 
$ tc -n a -d -j qdisc show dev v0
[{"kind":"tbf","handle":"8:","root":true,"refcnt":3,"options":{"rate":32000,"burst":"1539b/1","mpu":0,"mtu":"1539b/1","mpu":0,"lat":911876,"linklayer":"ethernet"}}]
$ tc -n a qdisc replace dev v0 root handle 8: tbf rate 1gbit burst 125kb latency 1ms
$ tc -n a qdisc show dev v0
qdisc tbf 8: root refcnt 3 rate 1Gbit burst 125Kb lat 1ms 
$ tc -n a qdisc replace dev v0 root handle 8: tbf rate 100bps burst 2kb latency 2s
$ tc -n a qdisc show dev v0
qdisc tbf 8: root refcnt 3 rate 800bit burst 2Kb lat 2s 
$ tc -n a -s qdisc show dev v0
qdisc tbf 8: root refcnt 3 rate 800bit burst 2Kb lat 2s 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ tc -n a qdisc replace dev v0 root handle 9: tbf rate 10kibit burst 2kb latency 100us
$ tc -n a qdisc show dev v0
qdisc tbf 9: root refcnt 3 rate 10240bit burst 2Kb lat 0us 
$ tc -n a qdisc add dev v0 root tbf
tbf: the "rate" parameter is mandatory.
tbf: the "burst" parameter is mandatory.
tbf: either "limit" or "latency" is required.
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit
tbf: the "burst" parameter is mandatory.
tbf: either "limit" or "latency" is required.
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k
tbf: either "limit" or "latency" is required.
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k limit 1000 latency 5ms
tbf: specifying both "limit" and "/latency" is not allowed
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst x latency 5ms
tbf: illegal value for "burst": "x"
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k latency x
tbf: illegal value for "latency": "x"
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k limit x
tbf: illegal value for "limit": "x"
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k latency 5ms peakrate 1mbit
tbf: when "peakrate" is specified, "mtu" must also be specified.
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit burst 5k latency 5ms foo
tbf: unknown parameter "foo"
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc replace dev v0 root tbf rate 1mbit rate 2mbit
tbf: duplicate "rate" specification
[1]
$ tc -n a qdisc replace dev v0 root tbf rate
Command line is not complete. Try option "help"
[255]
$ tc -n a qdisc replace dev v0 root pfifo limit x
pfifo: Illegal value for "limit": "x"
[1]
$ tc -n a qdisc replace dev v0 root pfifo foo
pfifo: unknown parameter "foo"
Usage: ... <[p|b]fifo | pfifo_head_drop> [ limit NUMBER ]
[1]
$ tc -n a qdisc replace dev v0 root pfifo limit
Command line is not complete. Try option "help"
[255]
$ tc -n a qdisc replace dev v0 root pfifo limit 5 limit 6
$ tc -n a qdisc replace dev v0 root pfifo_fast limit 5
qdisc 'pfifo_fast' does not support option parsing
[255]
$ tc -n a qdisc replace dev v0 root handle 10: pfifo_fast
$ tc -n a qdisc show dev v0
qdisc pfifo_fast 10: root refcnt 3 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
$ tc -n a -j qdisc show dev v0
[{"kind":"pfifo_fast","handle":"10:","root":true,"refcnt":3,"options":{"bands":3,"priomap":[1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,1],"multiqueue":false}}]
$ tc -n a -s qdisc show dev v0
qdisc pfifo_fast 10: root refcnt 3 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
$ tc -n a qdisc replace dev v0 root noqueue
$ tc -n a qdisc show dev v0
qdisc noqueue 8xxx: root refcnt 3 
$ tc -n a qdisc del dev v0 root
$ tc -n a qdisc del dev v0 root
Error: Cannot delete qdisc with handle of zero.
[2]
$ tc -n a qdisc show dev v0
qdisc noqueue 0: root refcnt 2 
$ tc -n a qdisc add dev v0 root nosuch
Error: Specified qdisc kind is unknown.
[2]
$ tc -n a qdisc add dev v0 root nosuch foo
Unknown qdisc "nosuch", hence option "foo" is unparsable
[1]
$ tc -n a qdisc add dev nope root pfifo
Cannot find device "nope"
[1]
$ tc -n a qdisc add root pfifo
RTNETLINK answers: No such device
[2]
$ tc -n a qdisc add dev v0
Error: Handle cannot be zero.
[2]
$ tc -n a qdisc add dev v0 pfifo
Error: Handle cannot be zero.
[2]
$ tc -n a qdisc add dev v0 root
Error: Specified qdisc kind is unknown.
[2]
$ tc -n a qdisc add dev v0 root handle x pfifo
Error: argument "x" is wrong: invalid qdisc ID
[255]
$ tc -n a qdisc add dev v0 parent 1: pfifo
Error: Failed to find specified qdisc.
[2]
$ tc -n a qdisc add dev v0 root parent 1: pfifo
Error: duplicate "parent": "1:" is the second value.
[255]
$ tc -n a qdisc add dev v0 parent x pfifo
Error: argument "x" is wrong: invalid parent ID
[255]
$ tc -n a qdisc add dev v0 parent 5:1 pfifo
Error: Failed to find specified qdisc.
[2]
$ tc -n a qdisc add dev v0 root handle 1: tbf rate 1mbit burst 5k latency 50ms
$ tc -n a qdisc add dev v0 parent 1:1 handle 10: pfifo limit 3
$ tc -n a qdisc show dev v0
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
qdisc pfifo 10: parent 1:1 limit 3p
$ tc -n a -j qdisc show dev v0
[{"kind":"tbf","handle":"1:","root":true,"refcnt":3,"options":{"rate":125000,"burst":5120,"lat":50000}},{"kind":"pfifo","handle":"10:","parent":"1:1","options":{"limit":3}}]
$ tc -n a qdisc del dev v0 parent 1:1
$ tc -n a qdisc show dev v0
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc show dev v0 root
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc show dev v0 handle 1:
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc show dev v0 parent 1:1
$ tc -n a qdisc show dev nope
Cannot find device "nope"
[1]
$ tc -n a qdisc show foo
What is "foo"? Try "tc qdisc help".
[255]
$ tc -n a qdisc list dev v0
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc get dev v0
Command "get" is unknown, try "tc qdisc help".
[255]
$ tc -n a qdisc frob
Command "frob" is unknown, try "tc qdisc help".
[255]
$ tc -n a qdisc show invisible
qdisc tbf 1: dev v0 root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc link dev v0 root handle 1:
$ tc -n a qdisc del dev v0 root handle 2:
Error: Invalid handle.
[2]
$ tc -n a qdisc del dev v0
Error: Failed to find qdisc with specified handle.
[2]
$ tc -n a qdisc del dev v0 root pfifo
Error: Invalid qdisc name: must match existing qdisc.
[2]
$ tc -n a qdisc del dev v0 root handle 1: tbf
tbf: the "rate" parameter is mandatory.
tbf: the "burst" parameter is mandatory.
tbf: either "limit" or "latency" is required.
Usage: ... tbf limit BYTES burst BYTES[/BYTES] rate KBPS [ mtu BYTES[/BYTES] ]
	[ peakrate KBPS ] [ latency TIME ] [ overhead BYTES ] [ linklayer TYPE ]
[1]
$ tc -n a qdisc add dev lo root pfifo
$ tc -n a qdisc show dev lo
qdisc pfifo 8xxx: root refcnt 2 limit 1000p
$ tc -n a qdisc show dev v0
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a class
$ tc frob
Object "frob" is unknown, try "tc help".
[255]
$ tc -z
Option "-z" is unknown, try "tc -help".
[255]
$ tc -V
tc utility, iproute2-6.1.0, libbpf 1.1.2
$ tc
Usage:	tc [ OPTIONS ] OBJECT { COMMAND | help }
	tc [-force] -batch filename
where  OBJECT := { qdisc | class | filter | chain |
		    action | monitor | exec }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[aw] |
		    -o[neline] | -j[son] | -p[retty] | -c[olor]
		    -b[atch] [filename] | -n[etns] name | -N[umeric] |
		     -nm | -nam[es] | { -cf | -conf } path
		     -br[ief] }
$ tc -n nope qdisc
Cannot open network namespace "nope": No such file or directory
[255]
$ tc -n a qdisc add dev v0 root sfq
Error: Specified qdisc kind is unknown.
[2]
$ tc -n a qdisc add dev v0 root fq_codel
Error: Specified qdisc kind is unknown.
[2]
$ tc -n a qdisc show dev v0
qdisc tbf 1: root refcnt 3 rate 1Mbit burst 5Kb lat 50ms 
$ tc -n a qdisc add dev v0 root prio
Error: Specified qdisc kind is unknown.
[2]
$ tc -n a qdisc help
Usage: tc qdisc [ add | del | replace | change | show ] dev STRING
       [ handle QHANDLE ] [ root | ingress | clsact | parent CLASSID ]
       [ estimator INTERVAL TIME_CONSTANT ]
       [ stab [ help | STAB_OPTIONS] ]
       [ ingress_block BLOCK_INDEX ] [ egress_block BLOCK_INDEX ]
       [ [ QDISC_KIND ] [ help | OPTIONS ] ]

       tc qdisc { show | list } [ dev STRING ] [ QDISC_ID ] [ invisible ]
Where:
QDISC_KIND := { [p|b]fifo | tbf | prio | cbq | red | etc. }
OPTIONS := ... try tc qdisc add <desired QDISC_KIND> help
STAB_OPTIONS := ... try tc qdisc add stab help
QDISC_ID := { root | ingress | handle QHANDLE | parent CLASSID }
$ tc -n a qdisc add dev v0 root pfifo help
Usage: ... <[p|b]fifo | pfifo_head_drop> [ limit NUMBER ]
[1]
