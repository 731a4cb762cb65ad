"""The picture of physical memory that the command `frames` draws."""

import re

import pytest

from machine import HANG, PROMPT, Machine
from test_swap import make_swap, second_disk

LONG = 5 * HANG
HOME = "\x1b[H"


@pytest.fixture
def machine(disk, tmp_path):
    path = tmp_path / "swap.img"
    make_swap(path, 4096)
    with Machine(disk=disk, smp=4, append="swap=vdb", extra=second_disk(path)) as m:
        m.boot()
        yield m


def owners(text):
    """Return the table of processes as {pid: (name, alone, shared, on swap)}."""
    rows = re.findall(r"[A-Z] +(\d+) (\S+) +(\d+) +(\d+) +(\d+)", text)
    return {int(pid): (name, *map(int, counts)) for pid, name, *counts in rows}


def names(text):
    return {row[0] for row in owners(text).values()}


def test_summary(machine):
    text = machine.ok("frames")
    assert max(map(len, text.splitlines())) < 80
    cells = "".join(re.findall(r"^ *[0-9a-f]+  (\S{64})$", text, re.MULTILINE))
    assert len(cells) == 512 and {".", "#", "k"} <= set(cells)
    processes = owners(text)
    assert {"init", "sh", "frames"} <= names(text)
    # Every frame is counted once: free, the kernel's, or some process's.
    frames = int(re.search(r"(\d+) frames of 4 KiB", text).group(1))
    kinds = re.findall(r"  [.#ktcs*?] [a-z ]+ (\d+)", text)
    assert frames == 32768
    assert frames == sum(map(int, kinds)) + sum(row[1] for row in processes.values())
    blocks = re.findall(r" (\d+)([KM])(?: of harts)?:(\d+)", text)
    free = sum(int(size) * {"K": 1, "M": 1024}[unit] * int(n) for size, unit, n in blocks) // 4
    assert abs(free - int(re.search(r"\. free (\d+)", text).group(1))) < 256


def test_runs_of_all_and_of_one(machine):
    rows = re.findall(r"^([0-9a-f]+)(?:-([0-9a-f]+))? +(\d+)  ([a-z]+)",
                      machine.ok("frames -a").split("HOLD")[1], re.MULTILINE)
    following = 0x80000
    for first, last, count, _ in rows:
        assert int(first, 16) == following
        following += int(count)
        assert int(last or first, 16) == following - 1
    assert following == 0x80000 + 32768
    assert {"reserved", "free", "table", "anon", "slab"} <= {row[3] for row in rows}
    one = machine.ok("frames -p 1").split("HOLD")[1]
    assert " A3ffff" in one and " B" not in one
    assert machine.run("frames -p 99999").status == 1
    assert machine.run("frames -p 0x").status == 1


def test_pages_on_the_swap_disk(machine):
    machine.send("/test/frames hold &\r")
    machine.expect("holding")
    machine.send("\r")
    machine.expect(PROMPT)
    pid = int(machine.ok("echo $!"))
    text = machine.ok(f"frames -p {pid}")
    _, alone, _, swapped = owners(text)[pid]
    assert 400 < swapped < 600 and alone <= 80
    slots = re.findall(r"^\d+(?:-\d+)? +(\d+)  [A-Z][0-9a-f]+", text.split("SLOTS")[1], re.MULTILINE)
    assert sum(map(int, slots)) == swapped
    assert int(re.search(r"(\d+) pages are there alone", text).group(1)) >= swapped
    machine.ok(f"kill -9 {pid}; wait")
    assert pid not in owners(machine.ok("frames"))


def test_live(machine):
    """It draws until q or ^C, and leaves the terminal as it was."""
    for key in "q\x03":
        machine.send("frames -w\r")
        for _ in range(2):
            machine.expect(re.escape(HOME))
            machine.expect("frames of 4 KiB")
        machine.send(key)
        machine.expect(PROMPT)
        assert machine.type("echo still") == "still\n"
    machine.send("frames -w -n 2\r")
    machine.expect(re.escape(HOME))
    machine.expect(re.escape(HOME))
    machine.expect(PROMPT)


def test_rounds_without_a_terminal(machine):
    assert machine.ok("frames -w -n 2 | grep -c 'frames of 4 KiB'") == "2\n"
    assert machine.ok("frames -w </dev/null | grep -c 'frames of 4 KiB'") == "3\n"
    assert HOME not in machine.ok("frames -n 1 | cat")


@pytest.mark.parametrize("smp", [1, 8])
def test_while_pages_come_and_go(disk, tmp_path, smp):
    """The lists are read while there is no memory, frames change owners, and processes end."""
    path = tmp_path / "swap.img"
    make_swap(path, 64 * 1024)
    with Machine(disk=disk, smp=smp, mem="32M", append="swap=vdb", extra=second_disk(path)) as m:
        m.boot()
        m.ok("/test/swap 3 >/tmp/out & frames -w -n 6 >/tmp/frames", timeout=LONG)
        for _ in range(3):
            # A process may end before its file is opened.
            m.run("cat /proc/frames /proc/swap_pages /proc/*/smaps >/tmp/all", timeout=LONG)
        m.ok("wait", timeout=LONG)
        assert ", 0 failed" in m.ok("cat /tmp/out")
        assert m.ok("grep -c 'frames of 4 KiB' /tmp/frames") == "6\n"
        assert ", 0 failed" in m.ok("/test/proc_readers", timeout=LONG)


@pytest.mark.parametrize("smp,mem", [(8, "8G"), (1, "32M")])
def test_other_machines(disk, smp, mem):
    with Machine(disk=disk, smp=smp, mem=mem) as m:
        m.boot()
        text = m.ok("frames")
        assert {"init", "sh", "frames"} <= names(text)
        assert max(map(len, text.splitlines())) < 80
