# & and wait
(echo child >file) &
wait
cat file
sleep 0 &
first=$!
sleep 0 &
second=$!
[ $first != $second ] && echo two
wait $first $second
echo $?
(exit 4) & a=$!
(exit 5) & b=$!
wait $b
echo $?
wait $a
echo $?
wait 99999
echo $?
{ echo in group >file2; } &
wait
cat file2
cat & 
wait
echo end of input
sleep 100 &
test "$(jobs -p)" = "$!" && echo "jobs -p in a substitution"
kill $(jobs -p)
wait
jobs -x 2>/dev/null || echo "jobs: bad option"
