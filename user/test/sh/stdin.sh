# A shell that reads standard input leaves the rest to its commands.
sh <<'END'
echo first
read line
this is data
echo "got: $line"
cat
all the rest
goes to cat
END
printf 'echo no newline at the end' | sh
printf 'exit 5\necho never\n' | sh
echo $?
printf 'echo "$# $1"\n' | sh -s a b
