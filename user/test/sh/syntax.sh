# Syntax errors are reported and nothing of the command runs.
try() {
    printf '%s\n' "$1" >script
    sh script >out 2>err
    [ $? -ne 0 ] && [ -s err ] && [ ! -s out ] && echo "refused: $1"
}
try 'echo )'
try 'if true; then fi'
try 'echo "unterminated'
try "echo 'unterminated"
try 'for in a; do echo; done'
try 'echo a | | echo b'
try 'echo a && ; echo b'
try 'done'
try 'if true; then echo a'
try 'echo $(echo a'
try 'echo `echo a'
try 'echo ${a'
try 'echo ${}'
try 'case x in'
try '{ echo a'
try 'echo a >'
try 'x=(1 2)'
try ';'
try '( )'
