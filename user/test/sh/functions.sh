# Functions: arguments, return, local, recursion
f() { echo "f: $# $1 $2"; }
f
f a 'b c'
g() { return 7; echo never; }
g
echo $?
outer() {
    local x=inner y
    x=$x-changed
    z=global
    echo $x "[$y]"
}
x=outside
outer
echo $x $z
fact() {
    if [ $1 -le 1 ]; then
        echo 1
    else
        echo $(($1 * $(fact $(($1 - 1)))))
    fi
}
fact 10
count() {
    [ $1 -eq 0 ] && return
    echo $1
    count $(($1 - 1))
    echo back $1
}
count 3
sub() (exit 3)
sub
echo $?
f() { echo redefined; }
f
f() { f() { echo inner; }; echo first; }
f
f
set -- kept
f changed
echo $1
v() { echo "v=$v"; }
v=1 v
echo "[$v]"
find_two() { for i in 1 2 3; do [ $i = 2 ] && return $i; done; }
find_two
echo $?
unset -f f
f 2>/dev/null
echo $?
redirected() { echo to file; } >file
redirected
cat file
