# job control in a script: set -m, job numbers and marks, fg, bg, kill and wait by job
fg 2>/dev/null || echo "no job control"
sleep 100 &
kill -0 -$! 2>/dev/null || echo "in the shell's group"
kill $!; wait
set -m
case $- in *m*) echo "monitor";; esac
sleep 100 &
sleep 200 &
kill -0 -$! && echo "in a group of its own"
jobs
test "$(jobs -p %2)" = $! && echo "pid of job 2"
test "$(jobs -l %2)" = "[2]+  $! Running     sleep 200 &" && echo "long"
jobs | grep -c Running
kill -STOP %1
wait %1
echo "stopped: $?"
jobs %sleep 2>/dev/null || echo "ambiguous"
jobs %?100
jobs %-
kill -USR1 %+
kill -CONT %+
wait %1
echo $?
kill -STOP %2; wait %2
bg %2
jobs
kill %2
wait %2
echo $?
wait %2 2>/dev/null
echo $?
(exit 6) &
wait %%
echo $?
sh -c 'kill -STOP $$; echo continued; exit 4'
echo $?
fg
echo $?
jobs
echo a | sleep 0
set +m
bg 2>/dev/null || echo "no job control"
