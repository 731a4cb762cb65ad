"""Job control as a person uses it: ^Z, fg, bg, jobs, kill %1, what is said before a prompt."""

import re

import pexpect
import pytest

from machine import PROMPT, plain

STOP, INTERRUPT, END = "\x1a", "\x03", "\x04"


def start(m, command):
    """Type a command and give it half a quiet second to get the terminal."""
    m.send(command + "\r")
    m.expect("\n")
    while m.process.expect([r".+", pexpect.TIMEOUT], timeout=0.5) == 0:
        pass


def press(m, key):
    """Press a key that ends or stops what runs, again if nothing happens; return what is said."""
    for _ in range(10):
        m.send(key)
        if m.process.expect([PROMPT, pexpect.TIMEOUT], timeout=5) == 0:
            return plain(m.process.before)
    return m.fail("the key does nothing")


def until(m, text, pattern):
    """Press Enter until the pattern is in what is said, TEXT included; return it all."""
    for _ in range(200):
        if re.search(pattern, text, re.MULTILINE):
            return text
        text += m.type("")
    return m.fail(f"nobody says /{pattern}/")


def count(m, name):
    """Return how many processes have that name."""
    return len(re.findall(rf"\b{name}$", m.ok("ps"), re.MULTILINE))


@pytest.fixture
def j(m):
    """The machine; no job is left behind."""
    yield m
    for number in re.findall(r"^\[(\d+)\]", m.type("jobs"), re.MULTILINE):
        m.type(f"kill -9 %{number}")
    m.type("wait")
    m.type("")


def test_stop_list_and_go_on(j):
    start(j, "sleep 1000")
    assert "\n[1]+  Stopped     sleep 1000\n" in press(j, STOP)
    assert j.run("echo").status == 0
    assert j.ok("jobs") == "[1]+  Stopped     sleep 1000\n"
    assert j.ok("bg") == "[1]+ sleep 1000 &\n"
    assert j.ok("jobs") == "[1]+  Running     sleep 1000 &\n"
    start(j, "fg")
    assert press(j, INTERRUPT).strip() == "^C"
    assert j.run("jobs") == ("", 0)


def test_status_of_a_stopped_job(j):
    start(j, "sleep 1000; echo not now")
    assert "not now" not in press(j, STOP)
    assert j.ok("echo $?") == "148\n"
    j.type("kill %1")


def test_kill_by_job(j):
    assert re.fullmatch(r"\[1\] \d+\n", j.type("sleep 1000 &"))
    j.type("sleep 2000 &")
    until(j, j.type("kill %1"), r"^\[1\]-  Terminated  sleep 1000$")
    start(j, "fg %+")
    press(j, STOP)
    # A stopped job dies of it too.
    until(j, j.type("kill %sleep"), r"^\[2\]\+  Terminated  sleep 2000$")
    assert "no such job" in j.type("kill %2")
    assert j.ok("echo $?") == "1\n"


def test_ends_are_told_before_the_prompt(j):
    until(j, j.type("true &"), r"^\[1\]\+  Done        true$")
    until(j, j.type("sh -c 'exit 3' &"), r"^\[1\]\+  Exit 3      sh -c 'exit 3'$")
    assert j.type("") == ""


def test_pipeline_is_one_group(j):
    start(j, "sleep 1000 | cat | cat")
    press(j, STOP)
    assert len(j.ok("jobs -p").split()) == 1
    assert count(j, "cat") == 2
    start(j, "fg")
    assert "^C" in press(j, INTERRUPT)
    assert not count(j, "cat")


def test_marks(j):
    for seconds in (1000, 2000, 3000):
        j.type(f"sleep {seconds} &")
    assert re.findall(r"\](.)", j.ok("jobs")) == [" ", "-", "+"]
    start(j, "fg %1")
    press(j, STOP)
    # What has stopped goes first.
    assert re.findall(r"\](.)", j.ok("jobs")) == ["+", " ", "-"]


def test_background_read_is_told(j):
    until(j, j.type("cat &"), r"^\[1\]\+  Stopped \(tty input\) cat$")
    start(j, "fg")
    j.send("words\r")
    j.expect("words\r*\n.*words\r*\n")
    assert press(j, END) == ""


def test_wait_by_job_and_interrupted(j):
    j.type("sh -c 'sleep 0.3; exit 5' &")
    assert j.run("wait %1").status == 5
    j.type("sleep 1000 &")
    start(j, "wait %1")
    assert press(j, INTERRUPT) == "^C\n"
    assert j.ok("echo $?") == "130\n"
    assert "Running" in j.ok("jobs")


def test_stop_key_does_not_stop_a_substitution(j):
    start(j, "echo $(sleep 1; echo through)")
    j.send(STOP)
    assert "through\n" in j.expect(PROMPT)[1]


def test_loop_is_left(j):
    start(j, "while true; do sleep 1000; done")
    assert "Stopped" in press(j, STOP)
    start(j, "while true; do sleep 1000; done")
    press(j, INTERRUPT)
    assert j.ok("echo alive") == "alive\n"


def test_exit_warns_once(j):
    j.send("sh\r")
    j.expect(PROMPT)
    start(j, "sleep 1000")
    press(j, STOP)
    assert "there are stopped jobs" in j.type("exit")
    j.type("true")
    assert "there are stopped jobs" in press(j, END)
    press(j, END)
    # The hang-up has ended the job, and the outer shell has its terminal again.
    while count(j, "sleep"):
        pass
    start(j, "sleep 1000")
    assert "^C" in press(j, INTERRUPT)


def test_shell_in_the_background_waits(j):
    until(j, j.type("sh &"), r"^\[1\]\+  Stopped \(tty input\) sh$")
    assert j.type("fg") == "sh\n"
    assert j.run("jobs") == ("", 0)
    assert press(j, END) == "\n"


def test_shell_suspends_inside_a_shell(j):
    """Each shell has its own jobs; the inner one stops as a job of the outer one."""
    j.send("sh\r")
    j.expect(PROMPT)
    start(j, "sleep 1000")
    press(j, STOP)
    assert "Stopped" in j.type("kill -STOP $$")
    j.type("jobs")
    assert j.type("fg") == "sh\n"
    assert "sleep 1000" in j.ok("jobs")
    j.type("kill %1")
    j.type("exit")


def test_modes_of_a_stopped_program(j):
    """The shell gets its own modes back, and the program gets those that it had."""
    j.ok("echo 'stty -echo; sleep 1000' >/tmp/quiet")
    start(j, "sh /tmp/quiet")
    press(j, STOP)
    assert "-echo " not in j.ok("stty -a")
    start(j, "fg")
    j.send("unseen")
    assert "unseen" not in press(j, INTERRUPT)
    assert "-echo " not in j.ok("stty -a")
    j.ok("rm /tmp/quiet")
