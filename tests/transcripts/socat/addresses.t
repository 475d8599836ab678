# socat between standard streams, files, programs and sockets
$ ip netns add a
$ ip -n a link set lo up
$ echo hi | socat - EXEC:cat
hi
$ echo hi | socat -u - SYSTEM:'cat; echo done'
hi
done
$ echo one | socat -u - CREATE:f
$ cat f
one
$ echo two | socat -u - OPEN:f,append
$ socat -u OPEN:f STDOUT
one
two
$ socat -u EXEC:'echo a b' -
a b
$ ip netns exec a socat TCP4-LISTEN:80,fork,reuseaddr EXEC:cat &
$ sleep 0.3
$ echo first | ip netns exec a socat - TCP4:127.0.0.1:80
first
$ echo second | ip netns exec a socat - TCP:127.0.0.1:80
second
$ ip netns exec a socat -u UDP4-RECV:53 CREATE:datagrams &
$ ip netns exec a socat TCP6-LISTEN:81 - &
$ ip netns exec a socat UNIX-LISTEN:s.sock EXEC:cat &
$ sleep 0.3
$ echo a datagram | ip netns exec a socat - UDP4-SENDTO:127.0.0.1:53
$ echo six | ip netns exec a socat -u - TCP6:[::1]:81
$ echo unix | socat - UNIX-CONNECT:s.sock
unix
$ sleep 0.3
$ cat datagrams
a datagram
