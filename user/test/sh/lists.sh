# ; && || ! & and newlines
true && echo and
false && echo not
true || echo not
false || echo or
false && echo not || echo both
true || echo not && echo both
! false && echo negated
! true
echo $?
echo a; echo b;
true &&
    echo continued
false ||

    echo continued too
sleep 0 & wait
echo waited
(exit 3) || echo status $?
