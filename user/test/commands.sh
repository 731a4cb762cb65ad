#!/bin/sh
# Checks the commands in /bin: one line for each check, "done: N ok, N failed" at the end.
# BIN= names another directory with the commands; SKIP_KERNEL=1 leaves out what needs our kernel.

bin=${BIN:-/bin}
PATH=$bin
export PATH
TERM=dumb
export TERM
ok=0
failed=0

pass() {
    ok=$((ok + 1))
    echo "ok $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAIL $1: $2"
}

# eq NAME WANTED GOT
eq() {
    if $bin/test "$2" = "$3"; then
        pass "$1"
    else
        fail "$1" "wanted [$2], got [$3]"
    fi
}

# status NAME WANTED COMMAND...: only the exit status counts.
status() {
    name=$1
    wanted=$2
    shift 2
    "$@" >/dev/null 2>&1
    got=$?
    eq "$name" "$wanted" "$got"
}

# complains NAME TEXT COMMAND...: it must fail with TEXT in its messages.
complains() {
    name=$1
    text=$2
    shift 2
    "$@" >/dev/null 2>messages
    got=$?
    if $bin/test $got = 0; then
        fail "$name" "it did not fail"
    elif grep -q -F -e "$text" messages; then
        pass "$name"
    else
        fail "$name" "no [$text] in [$(cat messages)]"
    fi
}

work=/tmp/commands-test
rm -rf $work
mkdir $work || exit 1
cd $work || exit 1

seq 1 30 >numbers
cat >text <<END
the quick brown fox
jumps over
the lazy dog

THE END
foo.bar baz_1
END
printf 'b 2\na 10\nc 1\na 9\nb 2\n' >keys
printf 'x:3:foo\ny:1:bar\nz:2:\nplain\n' >fields
: >empty
mkdir -p tree/sub/deep
cp text tree/sub/f1
cp numbers tree/sub/deep/f2
ln -s text link
ln -s nowhere dangling

# --- output ---------------------------------------------------------------------------------------

eq echo "a b   c" "$($bin/echo a b '  c')"
eq echo-n "ab" "$($bin/echo -n a)$($bin/echo b)"
eq echo-e "a	b" "$($bin/echo -e 'a\tb')"
eq echo-e-stops "a" "$($bin/echo -e 'a\cb')"
eq printf-numbers "   42|42   |00042|ff|10" "$($bin/printf '%5d|%-5d|%05d|%x|%o' 42 42 42 255 8)"
eq printf-strings "abc|  abc|ab" "$($bin/printf '%s|%5s|%.2s' abc abc abc)"
eq printf-again "1-2 3-4 " "$($bin/printf '%d-%d ' 1 2 3 4)"
eq printf-escape "A	B" "$($bin/printf '\101\t%b' '\x42')"
status printf-bad 1 $bin/printf '%d' abc
eq seq "1 2 3" "$(seq 3 | paste -s -d ' ')"
eq seq-down "5 3 1" "$(seq -s ' ' 5 -2 1)"
eq seq-wide "08 09 10" "$(seq -w -s ' ' 8 10)"
eq seq-fraction "0.0 0.5 1.0" "$(seq -s ' ' 0 .5 1)"
eq yes "y y y" "$(yes | head -n 3 | paste -s -d ' ')"

# --- whole files ----------------------------------------------------------------------------------

eq cat "$(cat text)" "$(cat <text)"
eq cat-n "     2	jumps over" "$(cat -n text | head -n 2 | tail -n 1)"
eq cat-A '^@M-^@^I^?$,$,$,x' "$(printf '\0\200\t\177\n\n\nx' | cat -A | paste -s -d ,)"
eq cat-bs "1 a,,2 b" "$(printf 'a\n\n\nb\n' | cat -bs | tr '\t' ' ' | tr -s ' ' | cut -c2- | paste -s -d ,)"
complains cat-missing "cat: nosuch: No such file or directory" cat nosuch
complains cat-directory "Is a directory" cat tree
complains cat-full "No space left on device" sh -c 'cat numbers >/dev/full'
complains echo-full "No space left on device" sh -c "$bin/echo x >/dev/full"
eq wc "6 13 67" "$(wc text | tr -s ' ' | cut -d ' ' -f 2-4)"
eq wc-l "30" "$(wc -l <numbers)"
eq wc-c "0" "$(wc -c <empty)"
eq head-but "1,2,3" "$(seq 5 | head -n -2 | paste -s -d ,)$(seq 2 | head -n -2)"
eq head "1 2 3" "$(head -n 3 numbers | paste -s -d ' ')"
eq head-c "the q" "$(head -c 5 text)"
eq tail "29 30" "$(tail -n 2 numbers | paste -s -d ' ')"
eq tail-from "29 30" "$(tail -n +29 numbers | paste -s -d ' ')"
eq tail-c "30" "$(tail -c 3 numbers)"
eq tac "30 29" "$(tac numbers | head -n 2 | paste -s -d ' ')"
eq rev "revo spmuj" "$(head -n 2 text | tail -n 1 | rev)"
eq nl "     3	the lazy dog" "$(nl text | head -n 3 | tail -n 1)"
eq tee "numbers twice" "$(tee copy <numbers | cmp - numbers && cmp copy numbers && $bin/echo numbers twice)"
eq tee-a "60" "$(tee -a copy <numbers >/dev/null; wc -l <copy)"
eq cksum "4294967295 0 empty" "$(cksum empty)"
eq cksum-text "930766865 9" "$(printf 123456789 | cksum)"
eq hexdump "00000000  74 68 65 20" "$(hexdump -C text | head -n 1 | cut -c 1-21)"
eq hexdump-text "|the quick brown |" "$(hexdump -C text | head -n 1 | cut -c 61-)"
eq hexdump-from "|quick|" "$(hexdump -C -s 0x4 -n 0x5 text | head -n 1 | cut -c 61-)"
eq hexdump-repeats "3" "$(head -c 64 /dev/zero | hexdump | wc -l)"
status cmp-same 0 cmp text text
status cmp-differs 1 cmp text numbers
status cmp-missing 2 cmp text nosuch
eq cmp-where "text numbers differ: byte 1, line 1" "$(cmp text numbers)"

# --- lines ----------------------------------------------------------------------------------------

eq sort "a 10,a 9,b 2,b 2,c 1" "$(sort keys | paste -s -d ,)"
eq sort-u "a 10,a 9,b 2,c 1" "$(sort -u keys | paste -s -d ,)"
eq sort-key "a 9,a 10,b 2,b 2,c 1" "$(sort -k 1,1 -k 2n keys | paste -s -d ,)"
eq sort-numbers "30 29" "$(sort -rn numbers | head -n 2 | paste -s -d ' ')"
eq sort-separator "plain y z x" "$(sort -t : -k 2,2n fields | cut -d : -f 1 | paste -s -d ' ')"
eq sort-o "a 10" "$(cp keys k2; sort -o k2 k2; head -n 1 k2)"
status sort-c 1 sort -c keys
status sort-c-sorted 0 sort -n -c numbers
eq uniq "3 1" "$(sort keys | cut -d ' ' -f 1 | uniq | wc -l) $(sort keys | uniq -d | wc -l)"
eq uniq-c "2 b 2" "$(sort keys | uniq -c | sort -rn | head -n 1 | tr -s ' ' | cut -c2-)"
eq cut-f "3 1 2" "$(cut -s -d : -f 2 fields | paste -s -d ' ')"
eq cut-c "th" "$(head -n 1 text | cut -c 1-2)"
eq tr "THE LAZY DOG" "$(head -n 3 text | tail -n 1 | tr a-z A-Z)"
eq tr-d "th qck brwn fx" "$(head -n 1 text | tr -d aeiou)"
eq tr-s "a b" "$(printf 'a    b' | tr -s ' ')"
eq tr-c "thequickbrownfox" "$(head -n 1 text | tr -cd '[:alpha:]')"
eq paste "1	x:3:foo" "$(paste numbers fields | head -n 1)"
eq paste-pairs "1 2" "$(paste -d ' ' - - <numbers | head -n 1)"
eq uniq-f "1 a,3 b" "$(printf '1 a\n2 a\n3 b\n' | uniq -f 1 | paste -s -d ,)"
eq uniq-s "xa,zb" "$(printf 'xa\nya\nzb' | uniq -s 1 | paste -s -d ,)"
eq comm "a 9" "$(sort keys >k1; grep -v 9 k1 >k2; comm -23 k1 k2)"
eq grep "the lazy dog" "$(grep 'l.z[xyz]' text)"
eq grep-i "3" "$(grep -i -c the text)"
eq grep-v "5" "$(grep -v -c '^$' text)"
eq grep-n "2:jumps over" "$(grep -n 'ju*mps\{1,2\}' text)"
eq grep-E "the quick brown fox,the lazy dog" "$(grep -E 'quick|(la|ma)z+y' text | paste -s -d ,)"
eq grep-F "foo.bar baz_1" "$(grep -F o.b text)"
eq grep-w "1" "$(grep -w -c baz_1 text)"
eq grep-o "o o" "$(grep -o o text | head -n 2 | paste -s -d ' ')"
eq grep-C "8-8,9:9,10-10,--,18-18,19:19,20-20" "$(grep -n -C 1 9 numbers | head -n 7 | paste -s -d ,)"
eq grep-AB "2,3,4,5,7" "$(seq 9 | grep -A 1 -B 2 '[47]' | grep -v '[689]' | paste -s -d ,)"
eq grep-Am "1,2" "$(grep -m 1 -A 1 1 numbers | paste -s -d ,)"
eq grep-l "text" "$(grep -l lazy text numbers)"
eq grep-r "tree/sub/f1" "$(grep -r -l lazy tree)"
status grep-none 1 grep zebra text
status grep-missing 2 grep the nosuch
status grep-bad-pattern 2 grep '\(' text
status grep-no-hang 1 sh -c "$bin/echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -E '(a|aa)*(a*)*b'"
eq diff "2c2" "$(printf 'a\nb\nc\n' >d1; printf 'a\nx\nc\n' >d2; diff d1 d2 | head -n 1)"
eq diff-u "-b +x" "$(diff -u d1 d2 | tail -n 3 | head -n 2 | paste -s -d ' ')"
status diff-same 0 diff text text
status diff-r 1 diff -r -q tree .

# --- names and files ------------------------------------------------------------------------------

eq ls "dangling,empty" "$(ls | grep '^[de][am]' | paste -s -d ,)"
eq ls-a ". .. sub" "$(ls -a tree | paste -s -d ' ')"
eq ls-A "sub" "$(ls -A tree)"
eq ls-d "tree" "$(ls -d tree)"
eq ls-F "sub/" "$(ls -F tree)"
eq ls-R "tree/sub/deep:" "$(ls -R tree | tail -n 2 | head -n 1)"
eq ls-l "-rw-r--r-- 1 67 text" "$(chmod 644 text; ls -l text | tr -s ' ' | cut -d ' ' -f 1,2,5,9)"
eq ls-link "lnk" "$(ls -l link | cut -c 1)nk"
eq ls-S "text" "$(ls -S text empty | head -n 1)"
eq ls-t "b a" "$(touch -d @100 a; touch -d @200 b; ls -t a b | paste -s -d ' ')"
eq ls-no-colour "tree" "$(ls -d tree | tr -d '\033')"
complains ls-missing "ls: nosuch: No such file or directory" ls nosuch
eq find-name "tree/sub/f1" "$(find tree -name 'f1')"
eq find-type "3" "$(find tree -type d | wc -l)"
eq find-or "2" "$(find tree '(' -name f1 -o -name f2 ')' -type f | wc -l)"
eq find-not "3" "$(find tree ! -type f | wc -l)"
eq find-depth "tree" "$(find tree -maxdepth 0)"
eq find-mindepth "tree/sub/deep/f2" "$(find tree -mindepth 3)"
eq find-exec "x tree/sub/f1" "$(find tree -name f1 -exec $bin/echo x {} ';')"
eq find-exec-many "2" "$(find tree -type f -exec $bin/echo {} + | wc -w)"
eq find-size "tree/sub/deep/f2" "$(find tree -type f -size -82c -size +80c)"
eq find-newer "" "$(touch -d @1 old; find old -newer text)"
eq find-empty "./empty" "$(find . -maxdepth 1 -type f -name 'e*' -empty)"
eq find-delete "0" "$(cp -r tree gone; find gone -delete; find . -name gone | wc -l)"
eq xargs "1 2 3" "$(seq 3 | xargs)"
eq xargs-n "2" "$(seq 4 | xargs -n 2 | wc -l)"
eq xargs-I "<a b>" "$($bin/echo 'a b' | xargs -I X $bin/echo '<X>')"
eq xargs-0 "2" "$(printf 'a b\0c\0' | xargs -0 -n 1 | wc -l)"
status xargs-fails 123 sh -c "$bin/echo x | xargs false"
status xargs-missing 127 sh -c "$bin/echo x | xargs nosuchcommand"
status mkdir 0 mkdir new
complains mkdir-twice "File exists" mkdir new
status mkdir-p 0 mkdir -p new/a/b/c
eq mkdir-m "711" "$(mkdir -m 711 moded; stat -c %a moded)"
complains rmdir-full "Directory not empty" rmdir new
eq rmdir-p "" "$(rmdir -p new/a/b/c; ls -d new 2>/dev/null)"
eq touch "0" "$(touch made; wc -c <made)"
eq touch-t "981173106" "$(touch -t 200102030405.06 made; stat -c %Y made)"
status touch-c 0 touch -c nosuch
status touch-c-made-none 1 $bin/test -e nosuch
eq ln "2" "$(ln text hard; stat -c %h text; rm hard)"
eq ln-s "text" "$(readlink link)"
complains ln-twice "File exists" ln text numbers
eq ln-f "1" "$(cp text victim; ln -sf numbers victim; head -n 1 victim; rm victim)"
eq mv "67" "$(cp text m1; mv m1 m2; wc -c <m2)"
eq mv-into "tree/m2" "$(mv m2 tree; ls tree/m2; rm tree/m2)"
complains mv-into-itself "itself" mv tree tree/sub/x
complains mv-missing "No such file or directory" mv nosuch x
eq cp "same" "$(cp text c1; cmp text c1 && $bin/echo same; rm c1)"
eq cp-n "b" "$($bin/echo a >ca; $bin/echo b >cb; cp -n ca cb; cat cb)"
eq cp-i "b a" "$($bin/echo n | cp -i ca cb 2>/dev/null; $bin/echo $(cat cb) $($bin/echo y | cp -i ca cb 2>/dev/null; cat cb); rm ca cb)"
eq cp-r "tree2/sub/deep/f2" "$(cp -r tree tree2; find tree2 -name f2)"
eq cp-a "7 644" "$(cp text c1; touch -d @7 c1; chmod 644 c1; cp -a c1 c2; stat -c '%Y %a' c2; rm c1 c2)"
eq cp-a-link "text" "$(cp -a link l2; readlink l2; rm l2)"
complains cp-directory "omitting directory" cp tree x
complains cp-into-itself "itself" cp -r tree tree/sub/x
complains cp-same "same file" cp text text
eq cp-big "same" "$(dd if=/dev/urandom of=big bs=4096 count=50 status=none; cp big big2; cmp big big2 && $bin/echo same; rm big2)"
complains rm-missing "No such file or directory" rm nosuch
status rm-f 0 rm -f nosuch
complains rm-directory "Is a directory" rm tree
eq rm-r "" "$(rm -r tree2; ls -d tree2 2>/dev/null)"
complains rm-dot "refusing" rm -rf .
status rm-dashes 0 sh -c 'touch ./-x; rm -- -x'
eq chmod "640" "$(chmod 640 made; stat -c %a made)"
eq chmod-symbolic "755" "$(chmod u=rwx,go=rx made; stat -c %a made)"
eq chmod-minus "555" "$(chmod a-w made; stat -c %a made)"
eq chmod-R "700" "$(cp -r tree t3; chmod -R 700 t3; stat -c %a t3/sub/f1; rm -r t3)"
status chmod-bad 1 chmod 999 made
eq chown "5:6" "$(chown 5:6 made; stat -c %u:%g made)"
eq stat "67 regular file 644" "$(stat -c '%s %F %a' text)"
eq stat-directory "directory" "$(stat -c %F tree)"
complains stat-missing "No such file or directory" stat nosuch
eq truncate "100" "$(truncate -s 100 sized; stat -c %s sized)"
eq truncate-relative "90" "$(truncate -s -10 sized; stat -c %s sized)"
eq dd "2 3" "$(dd if=numbers bs=2 skip=1 count=2 2>/dev/null | paste -s -d ' ')"
eq dd-notrunc "1XX" "$(printf 123 >ddfile; printf XX | dd of=ddfile bs=1 seek=1 conv=notrunc status=none; cat ddfile)"
eq dd-summary "1+0 records in" "$(dd if=/dev/zero of=/dev/null bs=512 count=1 2>&1 | head -n 1)"
eq du "yes" "$($bin/test "$(du -s big | cut -f 1)" -ge 200 && $bin/echo yes)"
eq df "/" "$(df / | tail -n 1 | tr -s ' ' | cut -d ' ' -f 6)"
eq mkfifo "p" "$(mkfifo pipe; ls -l pipe | cut -c 1)"
eq df-missing "1 0" "$(df nosuch 2>/dev/null; $bin/echo $? $(df nosuch 2>/dev/null | wc -l))"
eq df-P "2" "$(df -P / | wc -l)"
eq fifo "through" "$($bin/echo through >pipe & cat pipe)"
eq mknod "1 3" "$(mknod null c 1 3; stat -c '%t %T' null)"
eq readlink-f "$work/text" "$(readlink -f tree/../link)"
eq realpath "$work/tree/sub" "$(realpath tree/sub/deep/..)"
complains realpath-e "No such file" realpath -e nosuch/x
eq basename "c" "$(basename /a/b/c.d .d)"
eq dirname "/a/b" "$(dirname /a/b/c)"
eq pwd "$work" "$(sh -c "$bin/pwd")"
eq which "$bin/ls" "$(which ls)"

# --- conditions and numbers -----------------------------------------------------------------------

status true 0 true
status false 1 false
status test-none 1 $bin/test
status test-file 0 $bin/test -f text
status test-directory 1 $bin/test -d text
status test-link 0 $bin/test -L link
status test-size 1 $bin/test -s empty
status test-equal 0 $bin/test a = a
status test-number 0 $bin/test 9 -lt 10
status test-not 0 $bin/test ! 9 -gt 10
status test-and 1 $bin/test a = a -a b = c
status test-or 0 $bin/test a = b -o b = b
status test-group 0 $bin/test '(' a = b -o b = b ')' -a x
status test-newer 0 $bin/test text -nt old
status test-bad 2 $bin/test 1 -eq x
status bracket 0 $bin/[ -e text ]
status bracket-open 2 $bin/[ -e text
eq expr "7" "$(expr 1 + 2 '*' 3)"
eq expr-compare "1" "$(expr 9 '<' 10)"
eq expr-match "quick" "$(expr 'the quick' : 'the \(.*\)')"
status expr-zero 1 expr 1 - 1
status expr-bad 2 expr 1 +

# --- time, processes, the system ------------------------------------------------------------------

eq date "2024-02-29 12:34:56" "$(date -u -d '2024-02-29 12:34:56' '+%Y-%m-%d %H:%M:%S')"
eq date-s "86400" "$(date -d 1970-01-02 +%s)"
status date-bad 1 date -d 2023-02-29
eq sleep "yes" "$(a=$(date +%s); sleep 1.1; b=$(date +%s); $bin/test $b -gt $a && $bin/echo yes)"
status sleep-bad 1 sleep tomorrow
status time 0 time true
status time-status 3 time sh -c 'exit 3'
eq time-format "real" "$(time -p true 2>&1 | head -n 1 | cut -d ' ' -f 1)"
eq env "B=2" "$(env -i A=1 B=2 $bin/env | grep B)"
eq env-u "unset" "$(X=1 env -u X sh -c "$bin/echo \${X-unset}")"
status env-missing 127 env nosuchcommand
eq kill-l "KILL" "$($bin/kill -l 9)"
eq kill "137" "$(sh -c "sleep 9 & $bin/kill -KILL \$!; wait \$!; $bin/echo \$?")"
complains kill-nobody "No such process" $bin/kill 4000000
eq sigpipe "2" "$(yes | head -n 2 | wc -l)"
status uname 0 uname -a
status id 0 id
status nproc 0 $bin/test "$(nproc)" -ge 1
status free 0 free
status free-bad 1 free 3
eq free-columns "total used free shared buff/cache available" "$(free | head -n 1 | xargs)"
eq free-rows "Mem: Swap:" "$(free -m | tail -n +2 | cut -d ' ' -f 1 | xargs)"
eq free-h "1" "$(free -h | grep -c '^Mem: .*[0-9][MG] .*[0-9][KMG] ')"
status uptime 0 uptime
status sync 0 sync
status sync-file 0 sync text
complains sync-missing "sync: nosuch: No such file or directory" sync nosuch
status hostname 0 hostname

# paging: textbook examples
belady='1 2 3 4 1 2 5 1 2 3 4 5'
book='7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1'
eq paging-belady-3 "FIFO 9 3 Clock 9 3 LRU 10 2 OPT 7 5" "$(paging -q $belady | tail -n 4 | xargs)"
eq paging-belady-4 "FIFO 10 2 Clock 10 2 LRU 8 4 OPT 6 6" \
    "$(paging -qf4 $belady | tail -n 4 | xargs)"
eq paging-book "FIFO 15 5 Clock 14 6 LRU 12 8 OPT 9 11" "$(paging -q $book | tail -n 4 | xargs)"
eq paging-commas "FIFO 4 1" "$(paging -q '1,2, 3' 4, 4 | grep FIFO | xargs)"
eq paging-table "FIFO, 3 frames
page      1  2  3  4  1  2  5  1  2  3  4  5
frame 0   1  1  1  4  4  4  5  5  5  5  5  5
frame 1      2  2  2  1  1  1  1  1  3  3  3
frame 2         3  3  3  2  2  2  2  2  4  4
          F  F  F  F  F  F  F  .  .  F  F  ." "$(paging $belady | head -n 6)"
eq paging-clock-table "frame 0  >1*>1*>1* 4* 4*>4* 5* 5* 5* 5 >5 >5*
frame 1      2* 2*>2  1* 1*>1 >1*>1* 3* 3* 3*
frame 2         3* 3 >3  2* 2  2  2*>2  4* 4*" "$(paging $belady | tail -n +10 | head -n 3)"
eq paging-opt-table "frame 0   1  1  1  1  1  1  1  1  1  3  4  4
frame 1      2  2  2  2  2  2  2  2  2  2  2
frame 2         3  4  4  4  5  5  5  5  5  5" "$(paging $belady | tail -n +24 | head -n 3)"
eq paging-wraps "8 0" "$(paging -l 40 | grep -c ^page) $(paging -l 400 -p 30 | grep -c '.\{81\}')"
eq paging-loop "FIFO 40 0 Clock 40 0 LRU 40 0 OPT 16 24" "$(paging -q -l 40 | tail -n 4 | xargs)"
eq paging-fits "FIFO 4 36" "$(paging -qf4 -p4 -l 40 | grep FIFO | xargs)"
eq paging-random "$(paging -qr 500 -s 7)" "$(paging -qr 500 -s 7)"
eq paging-seed "1" "$(paging -r 50 -s 7 >a; paging -r 50 -s 8 | cmp -s a -; echo $?)"
eq paging-one-page "FIFO 1 2" "$(paging -qf1 9 9 9 | grep FIFO | xargs)"
eq paging-anomaly "4 10! 10! 8 6" "$(paging -a $belady | grep '^ *4 ' | xargs)"
eq paging-anomaly-said "1" "$(paging -a $belady | grep -c "Belady's anomaly")"
eq paging-anomaly-none "1" "$(paging -a 1 2 3 1 2 3 | grep -c '^No anomaly')"
eq paging-anomaly-frames "8" "$(paging -a -f 6 $belady | wc -l)"
complains paging-none "usage" paging
complains paging-word "not a page number: 'x'" paging 1 2 x
complains paging-negative "unknown option" paging 1 -2
complains paging-huge "not a page number" paging 99999999999999999999
complains paging-no-frames "number of frames must be" paging -f 0 1 2
complains paging-frames "invalid number of frames: 'x'" paging -f x 1 2
complains paging-two-strings "only one of the three" paging -r 10 1 2
complains paging-p-alone "-p goes with" paging -p 3 1 2
complains paging-s-alone "-s goes with" paging -s 3 -l 9
complains paging-wide "too large" paging -f 2000 1 2
complains paging-both "do not go together" paging -a -live 1 2

if $bin/test -z "$SKIP_KERNEL"; then
    complains paging-no-swap "swap disk" paging -live 1 2 3
    status ps 0 ps
    status ps-nobody 1 ps -p 4000000
    complains ps-column "unknown column" ps -o nothing
    eq ps-header "PID TTY STATE WAITS-FOR TIME CMD" "$(ps -e | head -n 1 | xargs)"
    eq ps-init "1 waiting child init" "$(ps -o pid=,state=,wait=,comm= -p 1 | xargs)"
    eq ps-f "UID PID PPID C STIME TTY TIME CMD" "$(ps -ef | head -n 1 | xargs)"
    eq ps-aux "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND" "$(ps aux | head -n 1 | xargs)"
    eq ps-l "F S UID PID PPID C PRI NI SZ WCHAN TTY TIME CMD" "$(ps -el | head -n 1 | xargs)"
    eq ps-aux-init "root 1" "$(ps aux | grep ' /bin/init$' | tr -s ' ' | cut -d ' ' -f 1,2)"
    eq ps-args "0 1 /bin/init" "$(ps -o ppid=,nlwp=,args= -p 1 | xargs)"
    eq ps-self "running ps" "$(ps -e -o state=,comm= | grep '^running.*ps$' | xargs)"
    eq ps-header-text "WHAT IS IT NI" "$(ps -p 1 -o "comm=WHAT IS IT,ni" | head -n 1 | xargs)"
    eq ps-threads "1 1" "$(ps -T -p 1 -o pid=,tid= | xargs)"
    # The shell must be gone before its child ends, or it collects it.
    sh -c 'sleep 1 & exec sleep 100' &
    for i in 1 2 3 4 5 6 7 8 9; do
        ps -e -o args= | grep -q 'defunct.$' && break
        sleep 1
    done
    eq ps-zombie "Z zombie [sleep] <defunct>" "$(ps -e -o s=,state=,args= | grep defunct.$ | xargs)"
    kill $!
    wait $!
    sleep 77 &
    eq ps-waits "S waiting sleep 0" "$(sleep 0.2; ps -o s=,state=,wait=,ni= -p $! | xargs)"
    kill -STOP $!
    eq ps-stopped "T stopped" "$(sleep 0.2; ps -o s=,state= -p $! | xargs)"
    eq renice "$!: was 0, is 7" "$(renice -n 7 -p $!)"
    eq ps-nice "7 TN" "$(ps -o ni=,stat= -p $! | xargs | cut -c 1-4)"
    eq pstree "init-" "$(pstree | head -n 1 | cut -c 1-5)"
    eq pstree-p "sleep($!)" "$(pstree -p $!)"
    eq pstree-self "1" "$(pstree | grep -c 'pstree$')"
    kill -KILL $!
    wait $!
    complains pstree-nobody "no such process" pstree 4000000
    eq nice "0 10 19" "$(nice) $(nice nice) $(nice -n 40 nice)"
    eq nice-less "-5" "$(nice -n -5 nice)"
    status nice-missing 127 nice nosuchcommand
    complains renice-nobody "No such process" renice 1 4000000
    eq top-rows "Tasks: KiB KiB PID" "$(top -b -n 1 | grep -v '^top\|^%\|^$' | head -n 4 | xargs -n 1 | grep 'Tasks\|KiB\|PID' | xargs)"
    eq top-harts "$(nproc)" "$(top -b -n 1 | grep -c '^%Cpu.* us, .* sy, .* ni, .* id$')"
    eq top-twice "2" "$(top -b -n 2 -d 0.2 | grep -c '^top - ')"
    eq top-init "1" "$(top -b -n 1 | grep -c ' child .* init$')"
    eq uptime-load "load average" "$(uptime | grep -o 'load average')"
    eq time-user "user" "$(time -p sh -c 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); done' 2>&1 | grep '^user 0.[0-9]\|^user [1-9]' | cut -d ' ' -f 1)"
    status mount 0 mount
    status vmstat 0 vmstat
    status vmstat-bad 1 vmstat 0
    eq vmstat-rows "2 r b swpd free buff cache anon si so bi bo minor major in cs us sy id" \
        "$(vmstat 1 2 | tail -n +3 | wc -l) $(vmstat | head -n 2 | tail -n 1 | xargs)"
    status walk 0 walk 1 10000
    status walk-none 1 walk 99999 0
    status walk-bad 1 walk 1 xyz
    eq walk-cut "   510         1           1           0x234" "$(walk 1 ffffffff80201234 | grep 0x234$)"
    eq walk-leaf "1" "$(walk 1 ffffffff80201000 | grep -c 'leaf: frame 0x80201000')"
    eq walk-zero "page fault: nothing is mapped there" "$(walk 1 7000 | grep fault)"
    eq pagemap-verdict "1" "$(pagemap 1 | grep -c '^No kernel page is for users, and none is both')"
    eq pagemap-text "1" "$(pagemap 1 | grep -c 'ux-rv U file\|---ux-rv U')"
    eq pagemap-tree "1 1" "$(pagemap 1 | grep -c '^0  *0  *16[-0-9]*  *0000000000010000 ') $(
        pagemap 1 | grep -c '^510  *1  *0-[0-9]*  *ffffffff80200000 .*--g-x-rv S kernel')"
    status pagemap-none 1 pagemap 99999
    status frames 0 frames
    status frames-bad 1 frames -p
    status frames-none 1 frames -p 99999
    status frames-extra 1 frames 1
    eq help "  cat        print files, one after another" "$(help | grep '^  cat ')"
    eq help-asked "usage: ls 0" "$(ls --help 2>&1 | cut -d ' ' -f 1,2) $(cat --help >/dev/null 2>&1; $bin/echo $?)"
    eq help-complete "0" "$(help | grep -c 'no line about it')"
    status crash-list 0 crash
    status crash-null 139 crash null
    status crash-kernel-read 139 crash kernel-read
    status crash-kernel-write 139 crash kernel-write
    status crash-kernel-jump 139 crash kernel-jump
    status crash-text-write 139 crash text-write
    status crash-jump-nowhere 139 crash jump-nowhere
    status crash-jump-stack 139 crash jump-stack
    status crash-jump-data 139 crash jump-data
    status crash-noncanonical 139 crash noncanonical
    status crash-stack-overflow 139 crash stack-overflow
    status crash-illegal 132 crash illegal
    status crash-privileged 132 crash privileged
    status crash-csr-satp 132 crash csr-satp
    status crash-csr-sstatus 132 crash csr-sstatus
    status crash-sfence 132 crash sfence
    status crash-mret 132 crash mret
    status crash-ebreak 133 crash ebreak
    status crash-abort 134 crash abort
    status crash-divide 0 crash divide
    status crash-misaligned 0 crash misaligned
    status crash-ecall-unknown 0 crash ecall-unknown
    status crash-bad-pointer 0 crash bad-pointer
    status crash-fp 0 crash fp
    status crash-fork-limit 0 crash fork-limit 50
    status crash-memory 0 crash memory 4
fi

cd /
rm -rf $work
echo "done: $ok ok, $failed failed"
$bin/test $failed = 0
