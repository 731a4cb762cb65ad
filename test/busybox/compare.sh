# What busybox's applets make of a tree of files: run by busybox's ash here and on the host, in a copy of
# the same tree. Nothing printed may depend on the machine: no owners, times of now, or disk blocks; nor on
# who is faster: ash says "Terminated" only if it waits already when the job ends.

title() { echo "== $*"; }

title find
find . -type f | sort
find . -name '*.txt' -size +1k | sort
find . -type d -empty; find . -type l | sort
find . -name 'a*' -exec basename {} \; | sort
find . -type f -perm -100 | sort
find . -type f -print0 | sort -z | xargs -0 -n 3 echo

title ls
touch -d '2020-02-03 04:05:06' text/* numbers
ls -1 text; ls -1S text; ls -1r text
ls -l text | awk 'NR > 1 { print $1, $2, $5, $6, $7, $8, $9 }'
stat -c '%n %s %a %F %h' text/* link

title checksums
find . -type f | sort | xargs md5sum
find . -type f | sort | xargs sha256sum | md5sum
sha1sum numbers; sha512sum numbers; crc32 numbers

title sort
sort -n numbers | head -5; sort -rn numbers | tail -3; sort -u numbers | wc -l
sort -t: -k2,2n -k1,1 table; sort -k1.2 words | head -5; sort -c numbers 2>/dev/null; echo $?
sort words | uniq -c | sort -rn | head -8; sort words | uniq -d | wc -l
shuf -i 1-50 | sort -n | md5sum; tac words | head -2

title text
grep -rn tree text | sort | head; grep -c e words; grep -vE '^(a|b)' words | head -3
grep -o '[0-9][0-9]*' table | tail -3; grep -w -i THE text/long.txt | wc -l; fgrep -x 7 numbers
cut -d: -f1,3 table; cut -c2-4 words | head -3; wc words numbers text/*; wc -L text/long.txt
tr a-z A-Z <words | head -2; tr -d aeiou <words | head -2; tr -s e <words | md5sum
head -c 20 words | od -c; tail -n +95 numbers; fold -w 30 text/long.txt | head -4; nl table
paste -d, table words | head -3; expand -t4 tabs | cat -A; unexpand -a tabs | od -c | head -2
rev words | head -2; strings binary | head -5; xxd binary | head -3; hexdump -C binary | tail -2
dos2unix <dos | od -c; base64 binary | md5sum; base64 binary | base64 -d | cmp - binary
uuencode binary x | md5sum; factor 1234567890 97; printf '%5.2f|%-6s|%x\n' 3.14159 ab 255

title sed
sed -n '2,4p' words; sed 's/\([a-z]\)\([a-z]\)/\2\1/g' words | head -3; sed '/e/!d;y/abc/xyz/' words | head -3
sed -e '$!N;s/\n/+/' words | head -3; sed -i 's/tree/bush/' text/short.txt; cat text/short.txt
sed -n '/start/,/end/{=;p}' table; sed '1~3d' numbers | wc -l

title awk
awk -F: '{ s[$1] += $3 } END { for (k in s) print k, s[k] }' table | sort
awk '{ n += $1; if ($1 > m) m = $1 } END { printf "%d %d %.3f\n", n, m, n / NR }' numbers
awk 'length > 7 { print toupper($0); exit }' words; awk 'BEGIN { while (i++ < 5) printf "%s ", i ^ 2; print "" }'
awk '{ c[substr($0, 1, 1)]++ } END { for (l in c) print c[l], l }' words | sort | head -4
awk 'BEGIN { "echo from a command" | getline x; print x; print 1 | "cat"; close("cat"); print sin(1), exp(1) }'
awk '{ gsub(/[aeiou]/, "<&>"); print; if (NR == 3) exit }' words

title tar
tar cf /tmp/t.tar . && tar tf /tmp/t.tar | sort | md5sum
mkdir out && tar xf /tmp/t.tar -C out && (cd out && find . -type f | sort | xargs md5sum) >sums
find . -path ./out -prune -o -type f ! -name sums -print | sort | xargs md5sum | diff - sums && echo same
tar czf /tmp/t.tgz text numbers && tar tzvf /tmp/t.tgz | awk '{ print $1, $3, $6 }' | sort
for pack in gzip bzip2; do $pack -c words | ${pack%ip*}cat 2>/dev/null | cmp - words; $pack -kf words; done
gunzip -c words.gz | cmp - words; bunzip2 -c words.bz2 | cmp - words; rm words.gz words.bz2
find text | sort | cpio -o -H newc 2>/dev/null | cpio -t 2>/dev/null; rm -r out sums /tmp/t.tar /tmp/t.tgz

title files
cp -a text copy && diff -r text copy && echo equal; mv copy moved; ls moved | wc -l; rm -r moved
cp -r text/deep deeper; find deeper | sort; rmdir deeper 2>&1 | sed 's/.*: //'; rm -r deeper
ln numbers hard && ln -s numbers soft && stat -c %h numbers; readlink soft; rm hard soft
mkdir -p p/q/r; rmdir -p p/q/r; ls -d p 2>&1 | sed 's/.*: //'; mkfifo f; (cat f & echo through >f; wait); rm f
dd if=binary of=part bs=16 skip=2 count=3 2>/dev/null; cmp part binary | sed 's/.*: //'; truncate -s 5 part
wc -c part; diff -u words-a words-b | tail -n +3; diff words-a words-b >d; cp words-a p && patch p <d && cmp p words-b
chmod u=rwx,go=r part; stat -c %a part; chmod 4711 part; stat -c %A part; umask 027; : >new; stat -c %a new
test -x part && echo executable; touch -d '2019-01-01 00:00' part; test words -nt part && echo newer; rm part new p d
touch -d @86400 old; date -u -r old; date -u -d @1000000000 +%F_%T; find . -newer old -name words; rm old
tee a b <table >/dev/null; cmp a b; cat a b | wc; rm a b; basename /x/y.c .c; dirname /x/y.c; realpath -s . >/dev/null

title shell
for i in $(seq 3); do case $i in 1) echo one ;; [23]) echo more ;; esac; done
f() { local x=$1; shift; echo $x $# "$@"; }; f 1 'a b' c; x=abcabc; echo ${x#*b} ${x%%b*} ${#x} ${x/b/B} ${y:-none}
echo $((7 * (3 + 4) % 10 << 2)) $((0x1f)); a=1; while [ $a -lt 100 ]; do a=$((a * 3)); done; echo $a
cat <<END
$x $(echo inner `echo innermost`)
END
(exit 3); echo $?; false || echo or; true && echo and; ! true; echo $?; { echo group; } | cat
trap 'echo trapped' USR1; kill -USR1 $$; trap 'echo bye' EXIT; set -- a b c; echo $# $3; shift 2; echo $1
sleep 5 & kill $!; wait $! 2>/dev/null; echo $?; sh -c 'kill -9 $$' 2>/dev/null; echo $?; echo a b c | while read p q; do echo $q; done
getopts ab: o -b val; echo $o $OPTARG; seq 10 | xargs -n 4 echo; seq 3 | xargs -I{} echo '<{}>'; expr 6 \* 7; echo '2^64' | bc
timeout 1 sleep 9; echo $?; env -i A=b env; (cd text && pwd | sed 's,.*/,,'); type cd; ulimit -n >/dev/null && echo limit
printf 'b\na\n' | sort | tee /dev/null | nl | tr -s ' '; set -e; false | true; echo on; (false; echo never); echo never
