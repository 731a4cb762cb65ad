# Field splitting with IFS
show() {
    echo "$#:"
    for arg in "$@"; do
        echo "<$arg>"
    done
}
x='  a   b  '
show $x
show "$x"
IFS=:
x=a:b::c:
show $x
show "$x"
IFS=' :'
x=' a : b  c :: d '
show $x
IFS=
x='a b:c'
show $x
unset IFS
show $x
y=$x
show $y
show $(echo one two)
show "$(echo one two)"
