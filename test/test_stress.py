"""Load: many processes, all harts busy, pipes full and empty, and nothing lost in the end."""

import pexpect
import pytest

from machine import HANG, PROMPT, Machine

LONG = 4 * HANG


def free_memory(m):
    """Return the free memory in KiB, with what can be given back counted as free."""
    m.ok("sync; sleep 1")
    words = m.ok("free | tail -n +2 | head -n 1").split()
    return int(words[6])


def test_two_thousand_processes(m):
    m.ok("echo 'for i in $(seq 500); do /bin/true; done' >/tmp/p.sh")
    m.ok("for p in 1 2 3 4; do sh /tmp/p.sh & done; wait", timeout=LONG)
    assert m.ok("echo alive") == "alive\n"


def test_pipes_full_and_empty(m):
    m.ok("seq 200000 >/tmp/numbers", timeout=LONG)
    m.ok("cat /tmp/numbers | cat | cat | cat | cmp - /tmp/numbers", timeout=LONG)
    m.ok("rm /tmp/numbers")


def test_busy_loops_stop_nobody(m):
    """Programs that never call the kernel share the harts with the shell, even on one hart."""
    m.ok("pids=")
    for _ in range(5):
        m.ok("sh -c 'while :; do :; done' &")
        m.ok('pids="$pids $!"')
    assert m.ok("echo alive") == "alive\n"
    m.ok("sleep 1")
    m.ok("kill -9 $pids")
    m.run("wait")
    assert m.ok("echo alive") == "alive\n"


def test_every_frame_comes_back(m):
    """Frames of processes are all free after a load; the kernel keeps little more for the next one."""
    m.ok("/test/stress 3", timeout=LONG)
    before = m.memory()
    m.ok("/test/stress 3", timeout=LONG)
    after = m.memory()
    for name in ("AnonPages", "Shmem", "Pipes"):
        assert after[name] == before[name], name
    for name, more in (("PageTables", 8), ("KernelStack", 256), ("Slab", 256), ("Kernel", 64)):
        assert after[name] <= before[name] + more, name
    used = ("MemFree", "Buffers", "Cached", "AnonPages", "Slab", "KernelStack", "PageTables", "Pipes",
            "Kernel")
    assert sum(after[name] for name in used) == after["MemTotal"]


def test_fork_bomb_within_limits(m):
    """A bomb meets the limit on processes: EAGAIN for it, and the machine lives on."""
    m.ok("echo 'ulimit -u 200; b() { b & b & wait; }; b' >/tmp/bomb.sh")
    if "ulimit" in m.run("type ulimit").output and m.run("ulimit -u").status == 0:
        m.send("sh /tmp/bomb.sh >/dev/null 2>&1\r")
        m.expect("\n")
        m.process.expect([PROMPT, pexpect.TIMEOUT], timeout=5)
        if m.process.after is pexpect.TIMEOUT:
            m.send("\x03")
            m.expect(PROMPT, timeout=LONG)
    assert m.ok("echo alive") == "alive\n"


def test_disk_and_processes_at_once(disk):
    with Machine(disk=disk, smp=4) as m:
        m.boot()
        m.ok("mkdir /s; echo 'cp -r /bin /s/$1; cmp /bin/sh /s/$1/sh; rm -r /s/$1' >/s.sh")
        m.ok("for p in 1 2 3 4; do sh /s.sh $p & done; wait", timeout=LONG)
        assert m.ok("ls /s") == ""


@pytest.mark.parametrize("smp", [2, 8])
def test_short_lives_on_all_harts(disk, smp):
    """Processes that start and end on every hart while others pipe to each other."""
    with Machine(disk=disk, smp=smp) as m:
        m.boot()
        before = free_memory(m)
        m.ok("echo 'for i in $(seq 60); do seq 50 | wc -l; done' >/tmp/q.sh")
        m.ok("for p in 1 2 3 4 5 6; do sh /tmp/q.sh >/dev/null & done; wait", timeout=LONG)
        after = free_memory(m)
        assert after > before * 0.9
        assert m.ok("echo alive") == "alive\n"
