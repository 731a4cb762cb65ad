# eval and . (dot)
x=hello
eval echo '$x' and '"$x  $x"'
name=x
eval "y=\$$name"
echo $y
eval 'f() { echo defined; }'
f
eval 'false'
echo $?
eval
echo $?
cat >part <<'END'
sourced=yes
echo in part: $1
return 4
echo never
END
set -- argument
. ./part
echo $? $sourced
eval 'for i in 1 2; do
echo $i
done'
