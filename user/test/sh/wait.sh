# wait ends when a trapped signal comes, and only then
trap 'echo trapped' USR1
sleep 100 &
sleeper=$!
(sleep 0.2; kill -USR1 $$) &
wait $sleeper
echo $?
kill $sleeper
wait $sleeper
echo $?
wait
trap 'echo a child ended' CHLD
sleep 0.1 &
wait $!
echo $?
trap - CHLD
sleep 0.1 & sleep 0.1 & sleep 0 &
wait
echo $?
