# $(...) and backquotes
echo $(echo a; echo b) "$(echo a; echo b)"
echo `echo a` `echo \`echo nested\`` "`echo "in quotes"`"
x=$(printf 'text\n\n\n')
echo "[$x]"
x="$(printf '\n\ntext')"
echo "[$x]"
echo $(case a in a) echo case;; esac)
echo "$(echo "nested "quoted" $(echo "deep")")"
x=$(exit 3)
echo $?
x=$(exit 3) true
echo $?
x=$(cat <<END
document $(echo inside)
END
)
echo "$x"
x=$( (echo subshell) )
echo $x
echo $(seq 1000 | wc -l)
big=$(seq 5000)
echo ${#big}
