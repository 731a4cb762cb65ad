# set -e
sh -e -c 'echo a; false; echo b'
echo $?
sh -e -c 'false || true; false && true; if false; then :; fi; ! true; echo alive; while false; do :; done; echo end'
echo $?
sh -e -c '(exit 3); echo b'
echo $?
sh -e -c 'f() { false; echo in f; }; f || echo x; f; echo b'
echo $?
sh -c 'set -e; set +e; false; echo b'
sh -c 'set -e; x=$(false); echo b'
echo $?
sh -u -c 'echo ${x-ok}; echo $x; echo b' 2>/dev/null
[ $? -ne 0 ] && echo failed
sh -c 'set -x; echo a "b c"; x=1' 2>&1
sh -n -c 'echo not run'
