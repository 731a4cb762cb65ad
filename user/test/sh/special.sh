# $? $! $$ $0
true
echo $?
false
echo $?
(exit 42)
echo $?
sleep 0 &
wait $!
echo $?
(exit 9) &
wait $!
echo $?
sh -c 'echo $0 $1 $#' name first second
sh -c "[ \$PPID = $$ ] && echo parent; true"
[ $$ -gt 0 ] && [ "$(echo $$)" = $$ ] && echo same
