"""The line editor as a person uses it: completion with Tab, and screens of any width."""

import pexpect
import pytest

from machine import PROMPT

# (keys with Tab in them, what the command then prints), typed in a folder with FILES
COMPLETIONS = [
    ("echo al\t1", "alpha1\n"),
    ("echo with\t.", "with blank .\n"),
    ("echo 'wi\t.", "with blank .\n"),
    ("echo \"wi\t.", "with blank .\n"),
    ("echo fol\tin\t", "folder one/inner\n"),
    ("echo don\t", "don't\n"),
    ("echo 'don\t", "don't\n"),
    ("echo ./al\t2", "./alpha2\n"),
    ("ech\tyes", "yes\n"),
    ("unam\t-m", "riscv64\n"),
    ("true && unam\t-m | wc -l", "1\n"),
    ("if fals\t; then :; else ech\tyes; fi", "yes\n"),
    ("greetings() { echo called; }", ""),
    ("greet\t", "called\n"),
    ("LONGNAME=here", ""),
    ("echo $LONG\t", "here\n"),
    ("echo ${LONG\tabouts", "hereabouts\n"),
    ("echo '$LONG\t'", "$LONG\n"),
    ("echo >/dev/nul\t", ""),
    ("echo nothing-begins-like-this\t", "nothing-begins-like-this\n"),
]
FILES = "alpha1 alpha2 'with blank' \"don't\""


@pytest.fixture
def folder(m):
    m.ok("rm -rf /tmp/tab; mkdir /tmp/tab; cd /tmp/tab")
    m.ok("mkdir 'folder one'; touch 'folder one/inner'")
    m.ok(f"touch {FILES}")
    yield m
    m.ok("cd /; rm -r /tmp/tab")


@pytest.mark.one_config
def test_completion(folder):
    for keys, output in COMPLETIONS:
        assert folder.type(keys).replace("\a", "") == output, keys


@pytest.mark.one_config
def test_second_tab_lists(folder):
    folder.send("echo al\t")
    folder.expect("\apha")
    folder.send("\t")
    assert folder.expect(PROMPT)[1].split() == ["alpha1", "alpha2"]
    folder.send("2\r")
    folder.expect(r"\nalpha2\r*\n")
    folder.expect(PROMPT)


def widest(text):
    """Return the highest column that the cursor comes to."""
    column = most = 0
    for character in text:
        column += {"\b": -1, "\r": -column}.get(character, 1)
        most = max(most, column)
    return most


@pytest.mark.one_config
def test_line_longer_than_the_screen(m):
    m.ok("stty cols 40")
    m.send("echo " + "0123456789" * 7)
    m.process.expect([r"\Z.", pexpect.TIMEOUT], timeout=1)
    shown = m.process.before
    m.send("\x01\x05 end\r")
    m.expect(r"\n(0123456789){7} end\r*\n")
    m.expect(PROMPT)
    m.ok("stty cols 80")
    assert 30 < widest(shown) + len("trapdoor:/$ ") <= 40


@pytest.mark.one_config
def test_screen_gets_another_width(m):
    m.ok("sh -c \"trap '' TTOU; sleep 1; stty cols 40\" &")
    m.send("echo " + "0123456789" * 5)
    m.process.expect([r"\Z.", pexpect.TIMEOUT], timeout=3)
    m.send("9")
    m.expect(r"\r(trapdoor:[^\r\n]*\$ )")
    m.process.expect([r"\Z.", pexpect.TIMEOUT], timeout=1)
    shown = m.process.before
    m.send("\r")
    m.expect(r"\n(0123456789){5}9\r*\n")
    m.expect(PROMPT)
    m.ok("stty cols 80; wait")
    assert widest(shown) + len("trapdoor:/$ ") <= 40
