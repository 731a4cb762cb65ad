# if elif else
if true; then echo yes; fi
if false; then echo no; else echo else; fi
if false; then echo no; elif true; then echo elif; else echo no; fi
if false; then echo no; elif false; then echo no; else echo last; fi
if false; then echo no; fi
echo $?
if [ a = a ]
then
    if [ a = b ]
    then
        echo no
    else
        echo nested
    fi
fi
if ! false; then echo not; fi
if echo condition | grep -q cond; then echo found; fi
if false; true; then echo list; fi
