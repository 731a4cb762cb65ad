# ulimit: reads and sets limits, of the shell and what it starts
(ulimit -n 20; ulimit -n; ulimit -Hn; sh -c 'ulimit -n')
(ulimit -S -n 10; ulimit -n; test $(ulimit -H -n) -gt 10 && echo "hard limit stays")
(ulimit -S -n 10; ulimit -S -n 12; ulimit -n)
(ulimit -f 1; ulimit; yes | head -n 1000 >big) 2>/dev/null | cat
test $(wc -c <big) -le 512 && echo cut
ulimit -c unlimited; ulimit -c
ulimit -n many 2>/dev/null; echo $?
ulimit -y 2>/dev/null; echo $?
ulimit -a | grep -c .
