# Assignment, unset, and values as they are.
a=1
b=$a$a
c="two  words"
d=$c
echo $a $b "$c" $c "$d"
a=2 b=$a
echo $a $b
unset a
echo "[$a]" "${b}x"
e=
echo "[$e]"
long_name_1=ok
echo $long_name_1 ${long_name_1}2
