# bash: indexed arrays
$ a=(one "two words" three); echo ${a[0]} "${a[1]}" $a ${#a[@]} ${#a[1]}
one two words one 3 9
$ for i in "${a[@]}"; do echo "<$i>"; done
$ a=(x y); a+=(z "q r"); echo "${a[*]}" ${#a[*]} "${!a[@]}"
x y z q r 4 0 1 2 3
$ a[5]=five; a[i+1]=one; echo "${a[@]}" "${!a[@]}"; i=5; echo ${a[i]} ${a[$i]} ${a[-1]}
one five 1 5
five five five
$ a[0]+=more; echo ${a[0]}; a=new; echo "${a[@]}"
more
new
$ unset 'a[1]'; echo "${!a[@]}"; unset a; echo "[${a[@]}]" ${#a[@]}

[] 0
$ a=($(echo 1 2 3)); echo ${#a[@]} ${a[2]}
3 3
$ a=(1 2 3 4); echo "${a[@]:1:2}" "${a[@]: -1}"
2 3 4
$ e=(); echo ${#e[@]}; for i in "${e[@]}"; do echo no; done
0
$ a=(a b); b=("${a[@]}" c); echo "pre${b[@]}post" ${b[@]/a/z} ${b[@]%c}
prea b cpost z b c a b
$ f() { local a=(1 2); echo ${a[@]}; }; a=(0); f; echo ${a[@]}
1 2
0
$ declare -a d=(x y); echo ${d[1]}; declare -a n; n+=(1); echo ${n[0]}
y
1
$ a=([2]=two [0]=zero last); echo "${!a[@]}" "${a[@]}"
0 1 2 zero last two
$ a=(1 2 3); (( a[1] += 5 )); echo ${a[1]} $(( a[0] + a[2] )) $((${a[1]} * 2))
7 4 14
$ IFS=,; echo "${a[*]}"

$ a=(*.none {1..3}); echo ${a[@]}
*.none 1 2 3
$ set -- p "q r"; a=("$@"); echo ${#a[@]} "${a[1]}" "${@:2}"
2 q r q r
$ echo ${a[1]:-none} "${z[1]:-none}" "${z[@]:-none}"
none none none
