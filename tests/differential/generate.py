#!/usr/bin/env python3
"""Writes a transcript of random commands: generate.py SEED COUNT > FILE.t, to be recorded on a real kernel and replayed.

Same seed, same commands. Hardware addresses are given by hand, so that nothing that is shown is random.
"""
import random
import re
import sys

PLACES = {
    "A": ["10.0.0.1", "10.0.0.2", "10.0.0.9", "10.0.1.1", "127.0.0.9", "2001:db8::1", "fe80::1", "0.0.0.0", "224.0.0.1", "::1"],
    "P": ["10.0.0.1/24", "10.0.0.0/8", "10.0.1.1/32", "default", "2001:db8::1/64", "2001:db8::/32", "fe80::/64", "10.0.2.0/31"],
    "D": ["v0", "e1", "v0", "br0", "m0"],
    "N": ["0", "1", "2", "5", "24", "68", "100", "254", "255", "1500", "9000", "65536"],
    "M": ["02:00:00:00:00:09", "01:00:5e:00:00:09", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"],
}
TEMPLATES = """
ip addr add P dev D
ip addr add P dev D label D:N
ip addr add A peer P dev D
ip addr add P dev D scope link
ip addr add P broadcast A dev D
ip addr change P dev D valid_lft N preferred_lft N
ip addr del P dev D
ip addr del A dev D
ip addr flush dev D
ip addr show dev D
ip -4 addr show to P
ip link set D mtu N
ip link set D up
ip link set D down
ip link set D address M
ip link set D txqueuelen N
ip link set D arp off
ip link set D multicast off
ip link set D master br0
ip link set D nomaster
ip link set D alias x
ip link add D type bridge
ip link add D link D type macvlan mode bridge
ip link show D
ip -d link show D
ip link del D
ip route add P dev D
ip route add P via A
ip route add P via A dev D onlink
ip route add P via A metric N
ip route add P via A table N
ip route add P dev D src A
ip route add P dev D scope link proto N
ip route replace P via A
ip route change P via A mtu N
ip route append P via A
ip route add unreachable P
ip route add blackhole P metric N
ip route add P nexthop via A weight N nexthop via A
ip route del P
ip route del P via A
ip route get A
ip route get A from A
ip route get A oif D
ip route show P
ip route flush table N
ip -6 route show
ip rule add from P table N
ip rule add to P pref N lookup main
ip rule add fwmark N table N
ip rule add iif D prohibit
ip rule del from P table N
ip rule del pref N
ip rule show
ip neigh add A lladdr M dev D
ip neigh replace A lladdr M dev D nud permanent
ip neigh change A lladdr M dev D nud stale
ip neigh del A dev D
ip neigh show dev D nud permanent
ip neigh flush dev D
bridge link set dev D cost N
bridge link set dev D learning off
bridge link show
bridge fdb add M dev D master static
bridge fdb del M dev D master
bridge fdb show br D
bridge vlan show
ping -n -c 1 -W 0.2 A
ping -n -c 1 -W 0.2 -s N A
ping -n -c 1 -W 0.2 -I D A
""".strip().split("\n")
BEGIN = """
sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
ip link add v0 address 02:00:00:00:00:01 type veth peer name e1 address 02:00:00:00:00:02
ip link set lo up
ip link set v0 up
ip link set e1 up
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip addr add 10.0.0.1/24 dev v0
ip addr add 10.0.0.2/24 dev e1
""".strip().split("\n")
STATE = ["ip link", "ip -4 addr", "ip route show table all", "ip rule", "ip -6 addr", "ip neigh show nud permanent"]
"""All is shown after so many commands."""
EVERY = 15


def command(choose: random.Random, number: int) -> str:
    template = choose.choice(TEMPLATES)
    if template.startswith("ip link del") and choose.random() < 0.8:
        template = "ip link show D"
    # A name of a kind stands alone, or before what cannot belong to a word.
    line = re.sub(r"\b[APDMN]\b", lambda found: choose.choice(PLACES[found[0]]), template)
    if line.startswith("ip link add"):
        line = line.replace("ip link add", "ip link add address 02:00:00:00:01:%02x" % (number & 255), 1)
    return line


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    choose = random.Random(seed)
    print("# %d random commands of seed %d" % (count, seed))
    for line in BEGIN:
        print("$ " + line)
    for number in range(count):
        print("$ " + command(choose, number))
        if number % EVERY == EVERY - 1:
            for line in STATE:
                print("$ " + line)


main()
