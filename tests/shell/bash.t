# bash: what it takes, and what it says of what it does not
$ echo a; echo b |
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ echo "abc
bash: -c: line 1: unexpected EOF while looking for matching `"'
[2]
$ echo 'abc
bash: -c: line 1: unexpected EOF while looking for matching `''
[2]
$ echo ;;
bash: -c: line 1: syntax error near unexpected token `;;'
bash: -c: line 1: `echo ;;'
[2]
$ | x
bash: -c: line 1: syntax error near unexpected token `|'
bash: -c: line 1: `| x'
[2]
$ for i in a; do echo $i
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ if true; then
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ done
bash: -c: line 1: syntax error near unexpected token `done'
bash: -c: line 1: `done'
[2]
$ echo a )
bash: -c: line 1: syntax error near unexpected token `)'
bash: -c: line 1: `echo a )'
[2]
$ ( echo a
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ echo $(echo
bash: -c: line 2: unexpected EOF while looking for matching `)'
[2]
$ echo `x
bash: -c: line 1: unexpected EOF while looking for matching ``'
[2]
$ a=1 b
b: command not found
[127]
$ > /nope/x
/nope/x: No such file or directory
[1]
$ cat < /nope
/nope: No such file or directory
[1]
$ echo a > 
bash: -c: line 1: syntax error near unexpected token `newline'
bash: -c: line 1: `echo a >'
[2]
$ echo ${x
bash: -c: line 1: unexpected EOF while looking for matching `}'
[2]
$ echo ${x!y}
${x!y}: bad substitution
[1]
$ for 1x in a; do :; done
`1x': not a valid identifier
[1]
$ for
bash: -c: line 1: syntax error near unexpected token `newline'
bash: -c: line 1: `for'
[2]
$ & ;
bash: -c: line 1: syntax error near unexpected token `&'
bash: -c: line 1: `& ;'
[2]
$ ;
bash: -c: line 1: syntax error near unexpected token `;'
bash: -c: line 1: `;'
[2]
$ echo a;;b
bash: -c: line 1: syntax error near unexpected token `;;'
bash: -c: line 1: `echo a;;b'
[2]
$ { echo a
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ exit x
exit: x: numeric argument required
[2]
$ exit 3
[3]
$ cd a b
cd: too many arguments
[1]
$ cd /nope
cd: /nope: No such file or directory
[1]
$ wait 99999
wait: pid 99999 is not a child of this shell
[127]
$ kill 99999
kill: (99999) - No such process
[1]
$ kill %1
kill: %1: no such job
[1]
$ kill -FOO 1
kill: FOO: invalid signal specification
[1]
$ [ a
[: missing `]'
[2]
$ [ a = ]
[: a: unary operator expected
[2]
$ test 1 -eq x
test: x: integer expression expected
[2]
$ [ 1 2 3 4 5 ]
[: too many arguments
[2]
$ export 1x=2
export: `1x=2': not a valid identifier
[1]
$ unset -z
unset: -z: invalid option
unset: usage: unset [-f] [-v] [-n] [name ...]
[2]
$ shift 3; echo $?
1
$ break
break: only meaningful in a `for', `while', or `until' loop
$ echo $((1/0))
1/0: division by 0 (error token is "0")
[1]
$ echo $((1+))
1+: syntax error: operand expected (error token is "+")
[1]
$ nosuch
nosuch: command not found
[127]
$ /nope/x
/nope/x: No such file or directory
[127]
$ ./x
./x: No such file or directory
[127]
$ /etc
/etc: Is a directory
[126]
$ echo a 2>&9
9: Bad file descriptor
[1]
$ while
bash: -c: line 2: syntax error: unexpected end of file
[2]
$ echo a & wait; echo $?
a
0
$ set -e; false; echo no
[1]
$ read x; echo $?
1
$ echo $0 $#
bash 0
$ type echo nosuch
echo is a shell builtin
type: nosuch: not found
[1]
$ echo a >| x; cat x; echo $(<x)
a
a
$ echo {1..3} {a,b}c {3..1} {01..03} {a,b{1,2}}
1 2 3 ac bc 3 2 1 01 02 03 a b1 b2
$ ! true; echo $?
1
$ true | false | true; echo $?
0
$ set -o pipefail; true | false | true; echo $?
1
$ f() { echo $1; return 4; }; f x; echo $?
x
4
$ case a in b|a) echo yes;; *) echo no;; esac
yes
$ echo "a\$b" $'x\ty'
a$b x	y
$ cat <<< word
word
$ source /nope
/nope: No such file or directory
[1]
$ return 3
return: can only `return' from a function or sourced script
[2]
$ eval "echo a; (" 
bash: eval: line 2: syntax error: unexpected end of file
[2]
$ printf "%d\n" x
printf: x: invalid number
0
[1]
$ printf
printf: usage: printf [-v var] format [arguments]
[2]
$ exit 256
$ echo a |& cat
a
$ let
let: expression expected
[1]
$ exec nosuch
exec: nosuch: not found
[127]
$ echo abc > f; echo def >> f; while read l; do echo "<$l>"; done < f
<abc>
<def>
$ x=5; x=$((x+1)); echo $x ${#x} ${x:-d} ${y:-d} ${y:+e} ${x:+e}
6 1 6 d e
$ x=a.b.c; echo ${x#*.} ${x##*.} ${x%.*} ${x%%.*} ${x/b/X} ${x//./-} ${x:2} ${x:2:1} ${x^^}
b.c c a.b a a.X.c a-b-c b.c b A.B.C
$ for i in 1 2 3; do echo $i; done | while read x; do echo got $x; done
got 1
got 2
got 3
$ (cd /etc; pwd)
/etc
$ if [ -f /etc/hosts ]; then echo yes; elif true; then echo maybe; else echo no; fi
yes
$ echo a b   c 'd  e' "f  g"
a b c d  e f  g
$ i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done
1
3
$ x='a  b'; echo $x "$x"
a b a  b
$ set -- a 'b c'; for x in "$@"; do echo $x; done; echo $# $2
a
b c
2 b c
$ echo "$(echo a; echo b)" $(echo a; echo b)
a
b a b
$ bash nope.sh
bash: nope.sh: No such file or directory
[127]
$ bash /etc
/etc: /etc: Is a directory
[126]
$ bash -c
bash: -c: option requires an argument
[2]
$ true && echo a || echo b; false && echo a || echo b
a
b
$ echo a; # comment
a
$ echo a#b 'c#d' #e
a#b c#d
$ bash -c 'echo $0 $1' a b
a b
$ bash -x -c 'echo a "b c"; x=1'
+ echo a 'b c'
a b c
+ x=1
$ echo $((2+3*4)) $((7/2)) $((-7%3)) $((1<<4|3)) $((3>2?5:6)) $((2**10)) $((0x1f))
14 3 -1 19 5 1024 31
$ echo a\ b 'c'"d"e
a b cde
$ x=1 y=2; echo $x$y
12
$ unset x; echo [$x]
[]
$ set -u; echo $nope
nope: unbound variable
[127]
$ echo ${x:?is missing}
x: is missing
[127]
$ printf '%s-%s\n' a b c
a-b
c-
$ printf '%5.2f|%-6s|%06d|%x|%X|%o|%c|%%\n' 3.14159 ab 42 255 255 8 xyz
 3.14|ab    |000042|ff|FF|10|x|%
$ printf '%b\n' 'a\tb'
a	b
$ echo -e 'a\tb\x41'; echo -n x; echo -E 'a\tb'
a	bA
xa\tb
$ test -d /etc; echo $?; [ -z '' ]; echo $?; [ a != b -a 1 -lt 2 ]; echo $?
0
0
0
$ until false; do break; done; echo $?
0
$ echo one > f1; echo two > f2; echo f*; cat f[12]
f f1 f2
one
two
$ echo *.nope
*.nope
$ mkdir d; touch d/a d/b; echo d/*; ls d
d/a d/b
a
b
$ echo x > y; cat y 2>/dev/null; cat nope 2>/dev/null; echo $?
x
1
$ { echo out; echo err >&2; } 2>&1 | sort
err
out
$ { echo out; echo err >&2; } > both 2>&1; cat both
out
err
$ echo a &> both; cat both
a
$ nosuch 2>/dev/null; echo $?
127
$ sleep 0.1 & kill $!; wait $!; echo $?
143
$ sleep 0.1 & sleep 0.2 & wait; echo done
done
$ timeout 0.1 sleep 5; echo $?
124
$ timeout 5 true; echo $?
0
$ kill -l 15; kill -l TERM
TERM
15
$ echo $(false) $?; x=$(false); echo $?
1
1
$ false || { echo in; false; }; echo $?
in
1
$ f() { local a=1; echo $a; }; f; type -t f echo cat
1
function
builtin
file
$ echo "unterminated
bash: -c: line 1: unexpected EOF while looking for matching `"'
[2]
$ IFS=:; x=a:b:c; echo $x; set -- $x; echo $#
a b c
3
$ x=; echo ${x-unset} ${x:-empty}
empty
$ echo 'it'\''s'
it's
$ umask 022; echo $?
0
$ true; echo $?; false; echo $?
0
1
$ command -v echo nosuch; echo $?
echo
0
$ for i; do echo $i; done; echo none
none
$ x=5; [ $x -gt 3 ] && [ $x -lt 10 ] && echo between
between
$ echo hi | read x; echo [$x]
[]
$ while read -r a b; do echo "$b $a"; done <<< 'one two three'
two three one
