# | and the status of a pipeline
echo a | cat
echo a | cat | cat | cat
seq 5 | while read i; do echo "[$i]"; done | sort -r
false | true
echo $?
true | false
echo $?
! true | false
echo $?
echo a |
    cat
{ echo a; exit 4; } | cat
x=1
echo 2 | read x
echo $x
yes | head -n 2
seq 1 10000 | tail -n 1
echo one | { read x; echo "in group: $x"; }
echo a | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | wc -l
