"""The house plan: who may know whom, how long a file and a function may be, what a week can hold."""

import re

import pytest

from machine import ROOT

KERNEL = ROOT / "kernel"
WEEK = 15000                    # lines of code that one can read in a week
FILE_LINES, FUNCTION_LINES = 400, 60


def sources(*folders, suffixes="chS"):
    return [path for folder in folders for suffix in suffixes
            for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))]


def code(path):
    """Return a file's text without comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def code_lines(path):
    """Count the lines that are neither blank nor comment."""
    return sum(1 for line in code(path).splitlines() if line.strip())


def kernel_folders():
    """Return the folders of kernel/ in the order of README's map, from the bottom up."""
    part = (ROOT / "README.md").read_text().split("  kernel/  ")[1].split("  user/lib/")[0]
    return [name for line in part.splitlines()[1:]
            for name in re.findall(r"([\w-]+)/(?=\s)", line)]


def test_map_shows_every_folder():
    assert sorted(kernel_folders()) == sorted(p.name for p in KERNEL.iterdir() if p.is_dir())


def test_folders_know_only_those_below():
    """But for debug/, which is callable from anywhere, and tests."""
    order = kernel_folders()
    for path in sources("kernel"):
        if path.stem.endswith("_test"):
            continue
        own = order.index(path.relative_to(KERNEL).parts[0])
        for known in re.findall(r"^#include <([\w-]+)/", path.read_text(), re.MULTILINE):
            if known in order and known != "debug":
                assert order.index(known) <= own, f"{path} includes <{known}/...>"


def test_week_of_reading_is_one():
    """doc/README.md names files that are there, and no more than one can read."""
    lines = re.findall(r"^\| \d \|.*\| (.*) \|$", (ROOT / "doc/README.md").read_text(), re.MULTILINE)
    assert len(lines) == 7
    total = 0
    for folder, names in re.findall(r"`([\w/]+)/` ([\w ]+)", " ".join(lines)):
        for name in names.split():
            files = [path for path in (KERNEL / folder).glob(f"{name}.[chS]")]
            assert files, f"{folder}/{name}"
            total += sum(map(code_lines, files))
    assert total <= WEEK


@pytest.mark.parametrize("folder", ["kernel", "user", "include"])
def test_files_and_functions_are_short(folder):
    long = []
    for path in sources(folder):
        lines = path.read_text().splitlines()
        if len(lines) > FILE_LINES:
            long.append(f"{path}: {len(lines)} lines")
        begin = None
        for number, line in enumerate(lines):
            if re.match(r"\w.*\) \{$", line):
                begin = number
            elif line == "}" and begin is not None:
                if number - begin >= FUNCTION_LINES:
                    long.append(f"{path}:{begin + 1}: a function of {number - begin + 1} lines")
                begin = None
    assert not long, "\n".join(long)


def test_nothing_in_c_writes_tp():
    """Compilers take it for a constant: clang 18 read it anew, after a write, for who ran before."""
    for path in sources("kernel", suffixes="ch"):
        assert not re.search(r"thread_pointer *=[^=]|\"[^\"]*\btp,", path.read_text()), path


def test_marks_of_a_thread_are_set_not_written_back():
    """Another hart may set them between the reading and the writing."""
    marks = re.compile(r"(need_resched|signal_attention) *[|&^]=")
    assert not [path for path in sources("kernel") if marks.search(path.read_text())]


def test_there_is_one_door():
    """Traps are pointed at one vector, after paging is on, and one instruction goes back to the user."""
    assembly = {path: path.read_text() for path in sources("kernel", suffixes="S")}
    leave = [path.name for path, text in assembly.items() for _ in re.findall(r"^\s+sret\b", text, re.MULTILINE)]
    assert leave == ["entry.S"]
    assert not [path for path in sources("kernel", suffixes="ch") if re.search(r"\bstvec\b|sret", code(path))]
    assert {path.name for path, text in assembly.items() if "stvec," in text} == {"boot.S"}


def test_every_test_can_be_repeated_alone(request):
    """A failure's last line is `make test T='NAME'`: pytest must read that name, and find it once."""
    names = [item.name for item in request.session.items]
    assert not [name for name in names if not re.fullmatch(r"[][\w:+./-]+", name)]
    text = "\n".join(names)
    assert not [name for name in names if text.count(name) != 1]
