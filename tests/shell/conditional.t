# conditional commands: [[ … ]] and (( … ))
$ x="a b"; [[ $x == "a b" ]] && echo same
same
$ [[ $x == a* ]] && echo matches
[1]
$ [[ $x == "a*" ]] || echo quoted
quoted
$ x=abc; [[ $x = a?c && $x != b* ]]; echo $?
0
$ [[ -z $nothing && -n "$HOME" ]] && echo empty
empty
$ [[ ! ( a < b ) || b > a ]]; echo $?
0
$ [[ 10 -gt 9 && 2+2 -eq 4 ]] && echo numbers
numbers
$ [[ eth12 =~ ^([a-z]+)([0-9]+)$ ]] && echo "${BASH_REMATCH[0]} ${BASH_REMATCH[1]} ${BASH_REMATCH[2]} ${#BASH_REMATCH[@]}"
eth12 eth 12 3
$ [[ a.b =~ a"."b ]]; echo $?; [[ axb =~ a"."b ]]; echo $?
0
1
$ [[ "10.0.0.1" =~ ^[[:digit:]]+(\.[[:digit:]]+){3}$ ]]; echo $?
0
$ re='^(a|b) c$'; [[ "b c" =~ $re ]] && echo ${BASH_REMATCH[1]}
b
$ re='('; [[ x =~ $re ]]; echo $?
2
$ [[ "a b" =~ (a b) ]] && echo ${BASH_REMATCH[1]}
a b
$ [[ ac =~ ab|ac ]]; echo $?
0
$ echo x > f; [[ -f f && -e f && ! -d f && -d . && -s f ]]; echo $?
0
$ if [[ $x == abc ]]; then echo yes; else echo no; fi
no
$ [[ $unset ]]; echo $?
1
$ [[ word ]]; echo $?
0
$ [[ -v x ]]; echo $?; [[ -v y ]]; echo $?
1
1
$ [[ abc -eq 0 ]]; echo $?
0
$ [[ 1x -eq 0 ]]; echo $?
[[: 1x: value too great for base (error token is "1x")
1
$ (( 1 + 1 )); echo $?
0
$ (( 0 )); echo $?
1
$ i=1; (( i++ )); (( i += 3 )); echo $i
5
$ if (( i > 4 )); then echo more; fi
$ (( 1 / 0 )); echo $?
((: 1 / 0 : division by 0 (error token is "0 ")
1
$ (( 1 + )); echo $?
((: 1 + : syntax error: operand expected (error token is "+ ")
1
$ (( a b )); echo $?
((: a b : syntax error in expression (error token is "b ")
1
$ for ((i = 0; i < 3; i++)); do echo $i; done
0
1
2
$ for (( ; ; )); do (( n++ >= 2 )) && break; echo n$n; done
n1
n2
$ for ((i=0;i<5;i++)); do if ((i == 1)); then continue; fi; if ((i==3)); then break; fi; echo $i; done
0
2
$ for ((i=0, j=10; i<j; i+=4, j-=2)) { echo $i $j; }
0 10
4 8
$ ((echo a); echo b)
a
b
$ set -e; (( 0 )) || echo on; [[ a == b ]]; echo not reached
on
[1]
