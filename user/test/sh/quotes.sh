# Single quotes, double quotes, backslashes, and how they join into one word.
echo 'a  b' "c  d" e\ \ f
echo 'It'\''s' "a \"quoted\" word" 'back\slash' "back\slash" b\a\c\k
x=value
echo '$x' "$x" \$x "\$x" "'$x'" '"$x"'
echo "a\
b" c\
d
echo 'a
b' "c
d"
echo ""a'' | wc -c
set -- '' "" a''
echo $# "[$1]" "[$3]"
echo a#b '#' \# # a comment
echo "$" $ a$ "a$"
echo -e 'a\tb\0101\\' "c\c" d; echo; echo -ne 'x\ny\n'; echo -E 'a\tb'; echo -x -n
