# < > >> 2> 2>&1 <> >| and descriptors of one's own
echo one >f
echo two >>f
cat f
cat <f
cat <f >g
cat g
ls nowhere 2>err
[ -s err ] && echo message
ls nowhere >both 2>&1
[ -s both ] && echo both
{ echo out; echo err >&2; } 2>/dev/null
{ echo out; echo err >&2; } >all 2>&1
cat all
(echo subshell; echo err >&2) >all 2>&1
cat all
for i in 1 2; do echo $i; done >loop
while read line; do echo "got $line"; done <loop
exec 3>own
echo text >&3
exec 3>&-
cat own
exec 4<loop
read a <&4
read b <&4
exec 4<&-
echo $a $b
echo closed 2>/dev/null >&-
echo $?
{ cat <nowhere; } 2>/dev/null || echo refused
>empty
[ -f empty ] && [ ! -s empty ] && echo empty
echo 12345 1<>f
cat f
set -C
{ echo new >f; } 2>/dev/null
echo kept $(cat f)
echo new >|f
cat f
echo gone >/dev/null
