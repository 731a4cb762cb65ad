# case
classify() {
    case $1 in
    a) echo letter a ;;
    b | c) echo b or c ;;
    [0-9]) echo digit ;;
    [0-9]*) echo begins with a digit ;;
    *.c) echo C file ;;
    '*') echo star ;;
    "") echo empty ;;
    "$2") echo second argument ;;
    ?) echo one character ;;
    *) echo something ;;
    esac
}
for x in a b c 5 55 x.c '*' '' z zz; do
    classify "$x"
done
classify 'q*' 'q*'
case x in (x) echo parenthesis;; esac
case x in y) echo no;; esac
echo $?
case $(echo word) in
w*)
    echo substituted
esac
case x in x) ;; esac
echo $?
p='a*'
case abc in $p) echo pattern;; esac
case abc in "$p") echo no;; *) echo quoted;; esac
