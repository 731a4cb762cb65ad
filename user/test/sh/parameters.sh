# ${name op word}
unset x
echo "[${x:-default}]" "[${x-default}]" "[${x:+set}]" "[${x+set}]"
x=
echo "[${x:-default}]" "[${x-default}]" "[${x:+set}]" "[${x+set}]"
x=value
echo "[${x:-default}]" "[${x-default}]" "[${x:+set}]" "[${x+set}]" ${#x}
unset y
echo ${y:=assigned} $y
echo ${y:-${z:-${w:-deep}}} "${z:-"a  b"}" ${z:-"a  b"}
(echo ${z:?message}; echo not reached) 2>/dev/null
echo $?
(echo ${y:?message}; echo reached)
path=/usr/lib/libc.so.6
echo ${path##*/} ${path#*/} ${path%/*} ${path%%.*} ${path%nothing} ${path#nothing}
pattern='*/'
echo ${path##$pattern} ${path##"$pattern"} "${path%"6"}"
