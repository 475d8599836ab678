# sysctl: shows, sets, and refuses
$ ip netns add a
$ ip netns exec a sysctl net.ipv4.ip_forward
net.ipv4.ip_forward = 0
$ ip netns exec a sysctl -n net.ipv4.ip_forward
0
$ ip netns exec a sysctl net/ipv4/ip_forward
net.ipv4.ip_forward = 0
$ ip netns exec a sysctl -w net.ipv4.ip_forward=1
net.ipv4.ip_forward = 1
$ ip netns exec a sysctl net.ipv4.ip_forward=0 net.ipv4.ip_default_ttl=77
net.ipv4.ip_forward = 0
net.ipv4.ip_default_ttl = 77
$ ip netns exec a sysctl -q net.ipv4.ip_forward=1
$ ip netns exec a sysctl -w net.ipv4.ip_forward
sysctl: command line(0): invalid syntax, continuing...
[1]
$ ip netns exec a sysctl -n net.ipv4.nope
sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory
[1]
$ ip netns exec a sysctl -w net.ipv4.nope=1
sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory
[1]
$ ip netns exec a sysctl -e net.ipv4.nope net.ipv4.ip_forward
net.ipv4.ip_forward = 1
$ ip netns exec a sysctl -w net.ipv4.ip_forward=x
sysctl: setting key "net.ipv4.ip_forward": Invalid argument
[1]
$ ip netns exec a sysctl net.ipv4.ip_forward=
sysctl: setting key "net.ipv4.ip_forward": Invalid argument
[1]
$ ip netns exec a sysctl =1
sysctl: Path is not under /proc/sys/: /proc/sys/
[1]
$ ip netns exec a sysctl

Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
[1]
$ ip netns exec a sysctl -Z
sysctl: invalid option -- 'Z'

Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
$ ip netns exec a sysctl --version
sysctl from procps-ng 4.0.2
$ ip netns exec a sysctl -b net.ipv4.ip_forward
1
$ ip netns exec a sysctl -N net.ipv4.ip_forward
net.ipv4.ip_forward
$ ip netns exec a sysctl net.ipv4.conf.lo.forwarding
net.ipv4.conf.lo.forwarding = 1
$ ip netns exec a sysctl -w net.ipv4.conf.nope.forwarding=1
sysctl: cannot stat /proc/sys/net/ipv4/conf/nope/forwarding: No such file or directory
[1]
$ ip netns exec a sysctl -w net.ipv4.conf=1
sysctl: setting key "net.ipv4.conf": Invalid argument
$ ip netns exec a sysctl -w net.ipv4.tcp_available_congestion_control=x
sysctl: setting key "net.ipv4.tcp_available_congestion_control": Invalid argument
$ ip netns exec a sysctl -w "net.ipv4.ip_forward = 0"
net.ipv4.ip_forward = 0
$ echo 'net.ipv4.ip_forward = 1' > conf
$ echo '# comment' >> conf
$ echo 'net.bad' >> conf
$ echo '-net.nope.x=1' >> conf
$ echo 'net.ipv4.conf.*.log_martians=1' >> conf
$ ip netns exec a sysctl -p conf
sysctl: conf(3): invalid syntax, continuing...
net.ipv4.ip_forward = 1
sysctl: cannot stat /proc/sys/net/nope/x: No such file or directory
net.ipv4.conf.all.log_martians = 1
net.ipv4.conf.default.log_martians = 1
net.ipv4.conf.lo.log_martians = 1
[1]
$ ip netns exec a sysctl -p nope
sysctl: cannot open "nope": No such file or directory
[1]
$ ip netns exec a sysctl -a -r 'ipv4.ip_forward$'
net.ipv4.ip_forward = 1
$ ip netns exec a sysctl net.core.somaxconn net.core.rmem_default
net.core.somaxconn = 4096
net.core.rmem_default = 212992
$ ip netns exec a bash -c 'echo x > /proc/sys/net/ipv4/ip_forward; echo $?'
echo: write error: Invalid argument
1
$ ip netns exec a bash -c 'echo 0 > /proc/sys/net/ipv4/ip_forward; cat /proc/sys/net/ipv4/ip_forward'
0
$ ip netns exec a sysctl 'net.ipv4.conf.*.rp_filter'
sysctl: cannot stat /proc/sys/net/ipv4/conf/*/rp_filter: No such file or directory
[1]
$ ip netns exec a cat /proc/sys/net/ipv4/nope
cat: /proc/sys/net/ipv4/nope: No such file or directory
[1]
$ ip netns exec a bash -c 'echo 1 > /proc/sys/net/ipv4/nope'
/proc/sys/net/ipv4/nope: No such file or directory
[1]
