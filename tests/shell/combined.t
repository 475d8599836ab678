# bash: arrays, tests, arithmetic and traps within one another
$ set -u; a=(); echo "${a[@]}"; echo ${#a[@]}

0
$ a=(1 2); unset a[0]; echo ${a[@]}
2
$ f() { trap 'echo x' EXIT; }; f; echo y
y
x
$ bash -c 'trap "echo bye" EXIT; sleep 5; echo no' & sleep 0.2; kill $!; wait $!; echo $?
bye
143
$ a=(1 2 3); for ((i=0; i<${#a[@]}; i++)); do echo "$i:${a[i]}"; done
0:1
1:2
2:3
$ [[ $(echo hi) == hi ]] && echo sub
sub
$ x='*'; [[ abc == $x ]] && echo glob; [[ abc == "$x" ]] || echo lit
glob
lit
$ if [[ -n "a b" && ( 1 -lt 2 || x == y ) ]]; then echo ok; fi
ok
$ [[ "$x" =~ ^$ ]] && echo empty
empty
$ while (( i < 3 )); do ((i++)); done; echo $i
3
$ echo $((  (1+2) * 3 )); ((x=5>3?1:2)); echo $x
9
1
$ (( x = 2#101, y = 16#ff )); echo $x $y
5 255
$ [ -z "$a" ] && echo z; [ a = a ] && echo eq
z
eq
$ a=(x y z); echo "last: ${a[${#a[@]}-1]}" "${a[@]:0:2}"
last: z x y
$ a=("a b" c); printf '<%s>\n' "${a[@]}" ; set -- "${a[@]}"; echo $#
<a b>
<c>
2
$ IFS=, read -r x y <<< "1,2"; echo $y; IFS=: a=(1:2); echo ${a[0]}
2
1 2
$ s=1:2:3; IFS=:; a=($s); echo ${#a[@]}
3
$ trap 'echo "line"; exit 1' INT; kill -INT $$; echo no
line
[1]
$ set -e; f() { local r; r=$(false); echo no; }; f; echo no2
[1]
$ x=$(trap 'echo t' EXIT; echo a); echo $x
a t
$ [[ a < b ]] > out; echo $?; ls
0
out
$ (( 1 )) && { echo one; } | cat
one
$ trap 'echo int; exit 3' INT; sleep 10 & p=$!; (sleep 0.2; kill -INT $$) & wait $p; echo no
int
[3]
$ trap 'echo t' TERM; (sleep 0.2; kill -TERM $$) & sleep 1; echo slept
t
slept
$ f() { local x=1; (local y=2; echo $x$y); }; f
12
$ a=(1 2 3); f() { local a=(9); a+=(8); echo ${a[@]}; }; f; echo ${a[@]}
9 8
1 2 3
$ export A=(1); bash -c 'echo [$A]'
[]
$ [[ a == a ]] && [[ b == c ]] || echo d; ! [[ a == b ]]; echo $?
d
0
$ case x in x) [[ 1 ]] && echo y;; esac
y
$ [[ $(( 1 + 1 )) -eq 2 && "`echo a`" == a ]]; echo $?
0
$ for i in 1 2; do for ((j=0;j<2;j++)); do [[ $j == 1 ]] && continue 2; echo $i$j; done; done
10
20
$ a=(); a[3]=x; echo ${#a[@]} ${!a[@]}; [[ -v a ]]; echo $?; [[ -v a[3] ]]; echo $?
1 3
1
0
$ x=5; [[ x -gt 4 && $x -le 5 ]] && echo in; [[ -e /nope ]] || echo gone
in
gone
$ [[ "a]b" == *]* ]] && echo br; [[ a-b == a-[a-c] ]] && echo cl
br
cl
