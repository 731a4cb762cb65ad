# { } runs here, ( ) in a copy of the shell
x=1
{ x=2; echo in group $x; }
echo $x
(x=3; echo in subshell $x)
echo $x
(cd /; pwd)
[ "$(pwd)" != / ] && echo still here
(exit 5)
echo $?
{ echo a; echo b; } | wc -l
( (echo nested) )
{ { echo braces; } }
(echo a; (echo b; exit 6); echo $?)
