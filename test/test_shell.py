"""The shell as a person uses it: editing, control keys, pipelines, scripts, the commands."""

import re

import pexpect
import pytest

from machine import PROMPT

# (command line, exact output)
LINES = [
    ("echo hello world", "hello world\n"),
    ("echo 'a  b'   \"c  d\" e\\ f", "a  b c  d e f\n"),
    ("seq 3 | sort -r | head -n 1", "3\n"),
    ("yes | head -n 2", "y\ny\n"),
    ("seq 100 | grep 7 | wc -l", "19\n"),
    ("echo one two | cut -d ' ' -f 2 | tr a-z A-Z", "TWO\n"),
    ("true && echo yes || echo no", "yes\n"),
    ("false && echo yes || echo no", "no\n"),
    ("false; echo $?", "1\n"),
    ("X=5; echo $X ${X}6", "5 56\n"),
    ("echo $(echo inner; echo text)", "inner text\n"),
    ("for i in a b c; do echo $i; done", "a\nb\nc\n"),
    ("i=0; while test $i != 3; do i=$((i+1)); done; echo $i", "3\n"),
    ("if test -d /bin; then echo dir; else echo none; fi", "dir\n"),
    ("case abc in a*) echo match;; *) echo other;; esac", "match\n"),
    ("[ 3 -gt 2 ] && echo more", "more\n"),
    ("ls /nowhere 2>&1 | wc -l", "1\n"),
    ("f() { echo \"f got $1\"; }; f it", "f got it\n"),
    ("cd /bin; pwd; cd ..; pwd", "/bin\n/\n"),
    ("(cd /bin; pwd); pwd", "/bin\n/\n"),
    ("echo /bin/tes*", "/bin/test\n"),
    ("printf '%s-%d\\n' x 7", "x-7\n"),
    ("seq 5 | tail -n 2 | sort -n -r", "5\n4\n"),
    ("seq 3 | xargs echo", "1 2 3\n"),
    ("echo b a b | tr ' ' '\\n' | sort | uniq -c | wc -l", "2\n"),
    ("env -i A=1 env", "A=1\n"),
    ("uname -m", "riscv64\n"),
    ("nosuchcommand; echo $?", "sh: nosuchcommand: not found\n127\n"),
    ("test -c /dev/null && echo device", "device\n"),
    ("tty; tty </dev/null", "/dev/console\nnot a tty\n"),
    ("cd dev; stat -c '%A %t,%T %n' console tty *ull zero *random; cd /",
     "crw------- 5,1 console\ncrw-rw-rw- 5,0 tty\ncrw-rw-rw- 1,7 full\ncrw-rw-rw- 1,3 null\n"
     "crw-rw-rw- 1,5 zero\ncrw-rw-rw- 1,8 random\ncrw-rw-rw- 1,9 urandom\n"),
    ("for d in null zero full random urandom; do head -c 9 /dev/$d | wc -c; done", "0\n9\n9\n9\n9\n"),
    ("echo to the >/dev/tty; (echo console; tty) </dev/tty >/dev/console", "to the\nconsole\n/dev/tty\n"),
    ("stty rows 50 cols 132; stty size; stty rows 24 cols 80; stty size", "50 132\n24 80\n"),
    ("s=$(stty -g); stty -echoe intr ^B min 3; stty; stty $s; stty",
     "rows 24; columns 80; min 3; time 0;\nintr = ^B;\n-echoe\n"
     "rows 24; columns 80; min 1; time 0;\n"),
    ("stty nonsense 2>&1; stty -a </dev/null 2>&1 | wc -l",
     "stty: nonsense: no such setting, or its value is missing\n1\n"),
]


@pytest.mark.parametrize("line,output", LINES, ids=range(len(LINES)))
@pytest.mark.one_config
def test_line(m, line, output):
    assert m.type(line) == output


def test_prompt_is_plain(m):
    """The prompt ends in "$ " and no escape sequence follows it."""
    m.send("\r")
    m.expect("\n")
    m.expect(PROMPT)
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=1)
    assert m.process.after is pexpect.TIMEOUT


def test_erase_keys(m):
    assert m.type("echo abX\x7fc") == "abc\n"
    assert m.type("echo abX\x08c") == "abc\n"
    assert m.type("garbage\x15echo line") == "line\n"
    assert m.type("echo one two\x17three") == "one three\n"


def test_history_and_arrows(m):
    m.type("echo first")
    m.type("echo second")
    assert m.type("\x1b[A") == "second\n"
    assert m.type("\x1b[A\x1b[A\x1b[A\x1b[B") in ("second\n", "first\n")
    assert m.type("echo ac\x1b[Db") == "abc\n"


def test_interrupt_key(m):
    """^C ends the foreground command, not the shell, and throws a typed line away."""
    m.send("sleep 1000\r")
    m.expect("\n")
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5)
    m.send("\x03")
    m.expect(PROMPT)
    m.send("echo never\x03")
    m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"


def test_interrupt_ends_a_pipeline(m):
    m.send("yes | cat >/dev/null\r")
    m.expect("\n")
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=1)
    m.send("\x03")
    m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"


def test_end_of_file_key(m):
    m.send("cat\r")
    m.expect("\n")
    m.send("text\r")
    m.expect("text\r*\n")      # once or twice: the echo is off until the shell lets go
    m.send("\x04")
    m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"


def test_end_of_file_leaves_an_inner_shell(m):
    m.send("sh\r")
    m.expect("\n")
    m.expect(PROMPT)
    m.send("\x04")
    m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"


def test_end_of_file_in_a_command(m):
    """It ends the command, not the shell: a here-document as if its end had come."""
    for first, said in (("cat <<E", "text\r*\n"), ("if true", "unexpected end of file")):
        m.send(first + "\r")
        m.expect(r"\n> ")
        m.send("text\r")
        m.expect(r"\n> ")
        m.send("\x04")
        m.expect(said)
        m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"


def test_typing_ahead(m):
    """What is typed while a command runs is kept for the shell."""
    m.send("sleep 1\r")
    m.expect("\n")
    m.send("echo ahead\r")
    m.expect(r"\nahead\r*\n")
    m.expect(PROMPT)
    text = m.type("echo end")
    assert text.endswith("end\n")


def test_edit_a_file_with_redirection(m):
    m.ok("rm -f /tmp/poem")
    m.ok("echo roses >/tmp/poem")
    m.ok("echo violets >>/tmp/poem")
    assert m.ok("cat /tmp/poem") == "roses\nviolets\n"
    m.ok("tr a-z A-Z </tmp/poem >/tmp/loud")
    assert m.ok("cat /tmp/loud") == "ROSES\nVIOLETS\n"
    m.ok("rm /tmp/poem /tmp/loud")
    assert m.run("cat /tmp/poem").status != 0


def test_quit_key(m):
    m.send("sleep 1000\r")
    m.expect("\n")
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5)
    m.send("\x1c")
    assert "Quit" in m.expect(PROMPT)[1]


def test_stop_key(m):
    """^Z stops a pipeline whole; it goes on when it is told to, in the background."""
    m.send("sleep 1000 | cat\r")
    m.expect("\n")
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5)
    m.send("\x1a")
    assert "Stopped" in m.expect(PROMPT)[1]
    assert len(re.findall(r" stopped .*(sleep|cat)$", m.ok("ps"), re.MULTILINE)) == 2
    assert "Stopped" in m.ok("jobs")
    m.ok("kill -CONT -$(jobs -p)")
    assert " stopped " not in m.ok("ps")
    m.ok("kill -9 -$(jobs -p)")
    m.ok("wait; true")


def test_background_read_stops(m):
    m.ok("cat &")
    for _ in range(100):
        if re.search(r" stopped .*cat$", m.ok("ps"), re.MULTILINE):
            break
    else:
        pytest.fail("a background job may read the terminal")
    m.ok("kill -9 $!; wait; true")


def test_shell_on_a_pseudo_terminal(m):
    """The same keys, one terminal further in; the window's size goes along."""
    m.ok("stty rows 33 cols 100")
    m.send("script /tmp/record\r")
    m.expect("\n")
    m.expect(PROMPT)
    assert m.type("tty").startswith("/dev/pts/")
    assert m.type("stty size") == "33 100\n"
    for key in ("\x03", "\x1a"):
        m.send("sleep 1000 | cat\r")
        m.expect("\n")
        m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5)
        m.send(key)
        m.expect(PROMPT)
    assert "Stopped" in m.type("jobs")
    m.ok("kill -9 -$(jobs -p); wait; true")
    m.send("exit 7\r")
    m.expect("\n")
    m.expect(PROMPT)
    assert m.type("echo $?; tty; ls /dev/pts") == "7\n/dev/console\n"
    assert m.ok("grep -c ^/dev/pts/ /tmp/record") == "1\n"
    m.ok("rm /tmp/record; stty rows 24 cols 80")


def test_hang_up_ends_the_session(m):
    """Who had a terminal whose other end goes gets SIGHUP: the shell, and a stopped job that it leaves."""
    m.send("script /tmp/record\r")
    m.expect("\n")
    m.expect(PROMPT)
    m.send("sleep 4321\r")
    m.expect("\n")
    m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5)
    m.send("\x1a")
    m.expect(PROMPT)
    assert "Stopped" in m.type("jobs")
    m.send("kill -9 $(cut -d' ' -f4 /proc/$$/stat)\r")
    m.expect("\n")
    m.expect(PROMPT)
    m.send("stty sane\n")
    m.expect(PROMPT)
    m.ok("for i in 1 2 3 4; do ls /dev/pts | grep -q . || break; sleep 1; done")
    assert m.type("ls /dev/pts") == ""
    assert "4321" not in m.ok("ps -ef")
    m.ok("rm /tmp/record")


def test_here_document(m):
    m.send("cat <<END >/tmp/here\r")
    for line in ("first", "second", "END"):
        m.send(line + "\r")
    m.expect(r"END\r*\n")
    m.expect(PROMPT)
    assert m.ok("cat /tmp/here") == "first\nsecond\n"


def test_script(m):
    m.ok("echo '#!/bin/sh' >/tmp/script")
    m.ok("echo 'echo \"$0 got $# and $1\"; exit 3' >>/tmp/script")
    m.ok("chmod +x /tmp/script")
    result = m.run("/tmp/script word other")
    assert result == ("/tmp/script got 2 and word\n", 3)


def test_background(m):
    m.ok("sh -c 'sleep 1; echo done >/tmp/bg' &")
    m.ok("wait")
    assert m.ok("cat /tmp/bg") == "done\n"


def test_kill_a_sleeper(m):
    m.ok("sleep 1000 &")
    m.ok("kill -9 $!")
    assert m.run("wait $!").status == 137


def test_ls_long(m):
    m.ok("rm -rf /tmp/l; mkdir /tmp/l; echo 12345 >/tmp/l/file")
    m.ok("chmod 640 /tmp/l/file; ln -s file /tmp/l/link")
    text = m.ok("ls -l /tmp/l")
    assert re.search(r"^-rw-r----- +1 \S+ +\S+ +6 .* file$", text, re.MULTILINE)
    assert re.search(r"^lrwxrwxrwx .* link -> file$", text, re.MULTILINE)
    m.ok("rm -r /tmp/l")


def test_find_and_copy_trees(m):
    m.ok("rm -rf /tmp/a /tmp/b; mkdir -p /tmp/a/x/y; echo 1 >/tmp/a/x/y/f")
    m.ok("cp -r /tmp/a /tmp/b; mv /tmp/b/x/y/f /tmp/b/g")
    assert m.ok("find /tmp/b | sort") == "/tmp/b\n/tmp/b/g\n/tmp/b/x\n/tmp/b/x/y\n"
    m.ok("cmp /tmp/a/x/y/f /tmp/b/g; rm -r /tmp/a /tmp/b")


COMMANDS = ("ls cat echo wc grep head tail sort uniq cut tr find xargs tee touch mkdir rmdir rm ln "
            "mv cp pwd stat chmod du df hexdump cmp date sleep time ps kill env test [ seq true "
            "false yes uname mount sync reboot poweroff crash help sh").split()


@pytest.mark.one_config
def test_all_commands_are_there(m):
    there = m.ok("ls -1 /bin").split()
    assert not set(COMMANDS) - set(there)


@pytest.mark.one_config
def test_help_tells_what_is_there(m):
    told = re.findall(r"^  (\S+) +\S", m.ok("help"), re.MULTILINE)
    assert set(m.ok("ls -1 /bin").split()) <= set(told)


@pytest.mark.one_config
def test_colours_on_a_terminal_only(m):
    m.send("ls -d /bin; ls -d /bin | cat\r")
    m.expect("\n")
    m.process.expect(PROMPT)
    assert re.fullmatch(r"\x1b\[[\d;]+m/bin\x1b\[[\d;]*m\s+/bin\s+", m.process.before), m.process.before


@pytest.mark.one_config
def test_console_speaks_by_interrupt(m):
    """In both directions: typing causes interrupts, and so does what is written."""
    def count():
        row = re.search(r"^ +\d+:((?: +\d+)+) .*uart$", m.ok("cat /proc/interrupts"), re.MULTILINE)
        return sum(map(int, row.group(1).split()))
    idle = count()
    typed = count()         # as much was typed and written between these as between all
    m.ok("seq 3000")
    assert typed > idle and count() - typed > typed - idle + 100


def test_top(m):
    """It shows each hart and the processes anew, until q; the terminal is as before."""
    harts = m.ok("nproc")
    m.send("top -d 0.3\r")
    for _ in range(3):
        m.expect(r"top - .* load average: ")
        m.expect(r"Tasks: \d+ total, 0 new, ")
        for hart in range(int(harts)):
            m.expect(rf"%Cpu{hart} .* us, .* sy, .* ni, .* id")
        m.expect("WAITS-FOR")
        m.expect(r" child +(init|sh)")
    m.send("x")
    m.expect("top - ")
    m.send("q")
    m.expect(PROMPT)
    assert m.type("echo alive") == "alive\n"
