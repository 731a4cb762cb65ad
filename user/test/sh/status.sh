# 126, 127, 128+n
nosuchprogram 2>/dev/null
echo $?
./nosuchprogram 2>/dev/null
echo $?
echo 'echo script without a mark' >script
chmod 644 script
mkdir directory
./directory 2>/dev/null
echo $?
chmod 755 script
./script
printf '#!/bin/sh\necho marked "$@"\nexit 3\n' >marked
chmod +x marked
./marked a b
echo $?
sh -c 'kill -KILL $$' 2>/dev/null
echo $?
sh -c 'kill -TERM $$' 2>/dev/null
echo $?
sleep 100 &
kill $!
wait $! 2>/dev/null
echo $?
sh -c 'exit 300'
echo $?
sh nosuchscript 2>/dev/null || echo failed
PATH=/nowhere
ls 2>/dev/null
echo $?
echo builtins need no PATH
