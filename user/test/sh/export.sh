# export, unset, readonly, and NAME=value before a command
unset X Y
X=shell
sh -c 'echo "[$X]"'
export X
sh -c 'echo "[$X]"'
Y=once sh -c 'echo "[$Y]"'
echo "[$Y]"
export Y=two Z=three
sh -c 'echo "$Y $Z"'
unset Y
sh -c 'echo "[$Y]"'
env | grep '^Z='
readonly R=fixed
(R=changed) 2>/dev/null
[ $? -ne 0 ] && echo refused
echo $R
X=a Y=b env | grep '^[XY]=' | sort
