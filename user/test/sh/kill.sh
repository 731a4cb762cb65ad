# kill: targets, names of signals, errors
sleep 100 & a=$!
sleep 100 & b=$!
kill -s term $a
wait $a; echo $?
kill -SIGKILL -- $b
wait $b; echo $?
sleep 100 &
kill -9 %1; wait $!; echo $?
kill -0 $$ && echo alive
sleep 0.01 & while kill -0 $! 2>/dev/null; do :; done
kill 2>/dev/null; echo $?
kill -NONE $$ 2>/dev/null; echo $?
kill %7 2>/dev/null; echo $?
kill 99999999 2>/dev/null; echo $?
kill -l 15
kill -l 130
trap 'echo 34' 34; kill -34 $$; trap
