# File name patterns
touch a.c b.c c.h .hidden 'with space' '[x]'
echo *.c
echo ?.h
echo [ab].c [!a].c [a-c].?
echo "*.c" '*.c' \*.c
echo nothing* no[thing]
echo .h*
echo *
mkdir -p d/e
touch d/1 d/2 d/e/3
echo d/* */e/* */?
x='*.c'
echo $x "$x"
for f in w*; do
    echo "<$f>"
done
echo \[x\]
set -f
echo *.c
set +f
echo *.c
