# << and <<-
name=world
cat <<END
hello $name $((1+1)) $(echo command) `echo quoted`
"double" 'single' \$name \\ \a
line \
joined
END
cat <<'END'
hello $name $((1+1)) \$name \
kept
END
cat <<-END
	tab removed
		both removed
	END
cat <<ONE; cat <<TWO
first
ONE
second
TWO
cat <<END | tr a-z A-Z
through a pipe
END
while read line; do
    echo "<$line>"
done <<END
a
b
END
f() {
    cat
} <<END
of a function
END
f
cat <<END
END
seq 3000 >numbers
cat <<END | cmp - numbers && echo long
$(seq 3000)
END
