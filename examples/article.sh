# The commands of an article about the loopback interface, on a machine like the article's. Runs in bash on a real Linux
# as well (in a network namespace of its own, as root).
show() { echo "\$ $*"; "$@"; echo; }

# The article's host: IPv4 only, eth0 on a network of 192.33.136.0/24, its own name in the hosts file.
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link set lo up
ip netns add network
ip link add eth0 address 02:42:c0:21:88:06 mtu 1450 txqueuelen 0 type veth peer name eth0 netns network
ip -n network link set eth0 up
ip addr add 192.33.136.6/24 brd + dev eth0
ip link set eth0 up
echo "192.33.136.6	ubuntu-host" >> /etc/hosts

show ifconfig
show cat /etc/hosts
show ping -c 4 localhost

# The network card is disconnected: the machine still reaches itself.
show ip -n network link set eth0 down
show ip -br link show eth0
show ping -c 2 127.0.0.1
show ping -c 1 ubuntu-host
show ifconfig lo
