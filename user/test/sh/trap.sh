# trap: EXIT, and signals that are ignored
sh -c 'trap "echo bye" EXIT; echo hi; exit 3'
echo $?
sh -c 'trap "echo bye" 0; echo hi'
sh -c 'trap "echo bye" EXIT; trap - EXIT; echo hi'
sh -c 'trap "echo bye" EXIT; (echo sub); false; echo $?'
sh -c 'trap "" TERM; kill -TERM $$; echo alive'
sh -c 'trap "" TERM; sh -c "kill -TERM \$\$; echo child alive"'
sh -c 'trap "" TERM; trap - TERM; kill -TERM $$; echo never' 2>/dev/null
echo $?
sh -c 'trap "echo caught" USR1; kill -USR1 $$; echo after'
sh -c 'trap "echo caught; exit 7" TERM; while :; do kill -TERM $$; done'
echo $?
sh -c 'trap "echo bye" EXIT; nosuchprogram; exit' 2>/dev/null
echo $?
