# test and [
check() {
    if "$@"; then echo "yes: $*"; else echo "no: $*"; fi
}
touch file
echo text >full
mkdir dir
ln -s full link
check test a = a
check test a = b
check test a != b
check test -n text
check test -n ""
check test -z ""
check test text
check test ""
check test
check test 1 -eq 1
check test 01 -eq 1
check test 1 -lt 2
check test 2 -le 1
check test -5 -gt -6
check test 3 -ge 3
check test 3 -ne 3
check test -e file
check test -e nothing
check test -f file
check test -f dir
check test -d dir
check test -s file
check test -s full
check test -L link
check test -f link
check test -r full
check test -c /dev/null
check test ! -e nothing
check test a = a -a b = b
check test a = b -o b = b
check test "(" a = a ")"
check test "!"
check test -f
check test = = =
check [ a = a ]
test 1 -eq x 2>/dev/null
echo $?
