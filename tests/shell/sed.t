# sed: addresses, substitutions, in place, and what it says of mistakes
$ printf 'one\ntwo\nthree\nfour\n' > f
$ sed -n 2p f
two
$ sed -n '2,3p' f
two
three
$ sed 's/o/0/' f
0ne
tw0
three
f0ur
$ sed 's/o/0/g; s/^t/T/' f
0ne
Tw0
Three
f0ur
$ sed -E 's/(.)(.)/\2\1/' f
noe
wto
htree
ofur
$ sed -n '/tw/,/fo/p' f
two
three
four
$ sed '$d' f
one
two
three
$ sed '/two/d' f
one
three
four
$ sed '2!d' f
two
$ sed -e 2q f
one
two
$ sed 's/e/[&]/2' f
one
two
thre[e]
four
$ sed -n 's/o/0/p' f
0ne
tw0
f0ur
$ sed '2i before' f
one
before
two
three
four
$ sed 'y/abc/xyz/' f
one
two
three
four
$ sed -i 's/one/ONE/' f
$ cat f | sed 's|O|/|'
/NE
two
three
four
$ sed 's/x' f
sed: -e expression #1, char 3: unterminated `s' command
[1]
$ sed 2k f
sed: -e expression #1, char 2: unknown command: `k'
[1]
$ sed p missing
sed: can't read missing: No such file or directory
[2]
