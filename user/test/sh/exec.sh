# exec: becoming another program
sh -c 'exec echo replaced; echo never'
sh -c 'exec nosuchprogram; echo never' 2>/dev/null
echo $?
(exec echo in subshell)
X=1 sh -c 'exec sh -c "echo \$X"'
X=1; (X=2 exec sh -c 'echo $X'); echo $X
sh -c 'exec >out; echo to file; echo more'
cat out
sh -c 'exec 2>&1; echo error >&2' | cat
