# $1 $# $@ $* set shift
show() {
    echo "$#:"
    for arg in "$@"; do
        echo "<$arg>"
    done
}
set -- a 'b  c' '' d
echo $# "$1" "$2" "$4" "[$5]"
show "$@"
show $@
show "$*"
show x"$@"y
IFS=,
echo "$*"
unset IFS
shift
show "$@"
shift 2
show "$@"
shift
show "$@"
show ""
set -- 1 2 3 4 5 6 7 8 9 ten eleven
echo $10 ${10} ${11}
set -- -x
echo $1
for arg do
    echo "for: $arg"
done
