# Large and deep things
long=$(seq 20000 | tr '\n' ' ')
echo ${#long}
set -- $long
echo $#
echo "$long" | wc -w
i=0
while [ $i -lt 300 ]; do
    i=$((i+1))
    eval "variable_$i=$i"
done
echo $variable_1 $variable_300
deep() {
    [ $1 -eq 0 ] || deep $(($1 - 1))
}
deep 200
echo $?
endless() { endless; }
(endless) 2>/dev/null
[ $? -ne 0 ] && echo bounded
open=$(yes '(' | head -n 20000 | tr -d '\n')
sh -c "$open" 2>/dev/null
[ $? -ne 0 ] && echo bounded
x=x
while [ ${#x} -lt 100000 ]; do
    x=$x$x
done
echo ${#x}
