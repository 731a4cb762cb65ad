# while until for break continue
i=0
while [ $i -lt 3 ]; do
    echo while $i
    i=$((i+1))
done
until [ $i -eq 0 ]; do
    i=$((i-1))
    echo until $i
done
for i in a "b c" $(echo d e); do
    echo "for $i"
done
for i in; do
    echo never
done
for i in 1 2 3 4 5; do
    [ $i = 2 ] && continue
    [ $i = 4 ] && break
    echo $i
done
for i in 1 2 3; do
    for j in a b c; do
        [ $j = b ] && continue 2
        [ $i = 3 ] && break 2
        echo $i$j
    done
done
while true; do
    while true; do
        break 2
    done
    echo never
done
while false; do :; done
echo $?
for i in 1 2; do false; done
echo $?
