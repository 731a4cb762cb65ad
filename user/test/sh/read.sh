# read
read line <<END
  several   words
END
echo "[$line]"
read a b <<END
one two three
END
echo "[$a][$b]"
read a b c <<END
one
END
echo "[$a][$b][$c]"
IFS=: read a b c <<END
1:2:3:4
END
echo "[$a][$b][$c]"
read a <<'END'
back\slash con\
tinued
END
echo "[$a]"
read -r a <<'END'
back\slash\
END
echo "[$a]"
printf 'no newline' | { read a; echo $? "[$a]"; }
read a </dev/null
echo $? "[$a]"
printf '1\n2\n3\n' | { read a; read b; echo $a $b; cat; }
