# cd pwd umask type command getopts wait printf
here=$PWD
mkdir -p a/b
ln -s a/b link
cd a/b
echo ${PWD#$here}
cd ..
echo ${PWD#$here}
cd -  >/dev/null
echo ${PWD#$here} ${OLDPWD#$here}
cd "$here"/link
echo ${PWD#$here}
cd ..
[ "$PWD" = "$here" ] && echo logical
cd nowhere 2>/dev/null || echo refused
HOME=/
cd
pwd
cd "$here"
umask 027
umask
touch f
mkdir d
stat -c %a f d 2>/dev/null || echo 640 750
command -v cd
command -v nosuchprogram
echo $?
echo() { printf 'function\n'; }
echo a
command echo b
unset -f echo
printf '%s|%5s|%-5s|%05d|%x|%c|%%\n' text right left 42 255 character
printf '%d-%s\n' 1 a 2 b
printf '%b' 'tab\tend\n'
printf 'a\tb\101\n'
while getopts ab:c option -a -b value -c operand; do
    echo "$option [$OPTARG]"
done
echo $OPTIND
wait
echo $?
: ${unset:=assigned by colon}
echo $unset
true any argument
echo $?
