# bash: trap, local, declare
$ trap 'echo bye' EXIT; echo hi
hi
bye
$ bash -c 'trap "echo bye $?" EXIT; exit 3'
bye 0
[3]
$ bash -c 'trap '\''echo bye $?'\'' EXIT; exit 3'
bye 3
[3]
$ bash -c 'trap "exit 4" EXIT; true'
[4]
$ (trap 'echo inner' EXIT; echo in); echo out
in
inner
out
$ trap 'echo x' EXIT INT TERM; trap; trap -p INT; trap - EXIT; trap
trap -- 'echo x' EXIT
trap -- 'echo x' SIGINT
trap -- 'echo x' SIGTERM
trap -- 'echo x' SIGINT
trap -- 'echo x' SIGINT
trap -- 'echo x' SIGTERM
$ trap 'echo "it'\''s"' USR1; trap -p
trap -- 'echo "it'\''s"' SIGUSR1
$ trap '' TERM; trap
trap -- '' SIGTERM
$ trap x NOSUCH
trap: NOSUCH: invalid signal specification
[1]
$ trap 'echo got' TERM; kill -TERM $$; echo after
got
after
$ trap 'echo usr; exit 7' USR1; kill -USR1 $$; echo never
usr
[7]
$ set -e; trap 'echo cleanup' EXIT; false; echo never
cleanup
[1]
$ trap 'echo e' EXIT; trap - EXIT; echo none
none
$ trap 'echo end' 0; true
end
$ bash -c 'trap "echo term; exit 0" TERM; sleep 5 & wait; echo no' & sleep 0.2; kill -TERM $!; wait $!; echo $?
term
0
$ trap 'echo int' INT; kill -INT $$; echo $?
int
0
$ f() { local x=in; echo $x; g; x=changed; }; g() { echo g:$x; }; x=out; f; echo $x
in
g:in
out
$ f() { local x; echo "[${x-unset}]"; }; x=1; f; echo $x
[unset]
1
$ f() { local x=$1; if (( x > 0 )); then f $((x-1)); fi; echo $x; }; f 2
0
1
2
$ y="a b"; f() { local x=$y z; echo "$x"; }; f; echo "[$x]"
a b
[]
$ local x=1
local: can only be used in a function
[1]
$ f() { declare x=5; echo $x; }; f; echo "[$x]"
5
[]
$ f() { local x=$(false); echo $?; }; f
0
$ f() { local x=1; unset x; echo "[${x-unset}]"; }; x=2; f; echo $x
[unset]
2
$ f() { local a=1 b=2; return 3; }; f; echo $? "[$a$b]"
3 []
$ export E=$y; echo "$E"

$ function h { echo "h $1"; }; h 1
h 1
$ function k() { echo k; }; k
k
