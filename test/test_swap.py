"""Memory larger than RAM: pages on a second disk, and what happens when that is full or fails."""

import re

import pytest

from image import make_swap, second_disk
from machine import HANG, PROMPT, Machine

LONG = 5 * HANG


@pytest.fixture
def swap(tmp_path):
    path = tmp_path / "swap.img"
    make_swap(path, 64 * 1024)
    return path


def assert_swapping_counted(m):
    """What went to the disk and came back is in /proc/vmstat, and free knows the disk."""
    counts = dict(line.split() for line in m.ok("cat /proc/vmstat").splitlines())
    pages_in, pages_out = int(counts["pswpin"]), int(counts["pswpout"])
    assert pages_in > 100 and pages_out > 100
    # They are transfers of a disk as any other, and those are counted in KiB.
    assert int(counts["pgpgin"]) >= 4 * pages_in and int(counts["pgpgout"]) >= 4 * pages_out
    row = m.ok("free | grep Swap:").split()
    assert int(row[1]) == 4 * (64 * 1024 - 1) and int(row[1]) == int(row[2]) + int(row[3])


@pytest.mark.parametrize("smp,policy,divisor",
                         [(1, "clock", 1), (4, "clock", 2), (1, "fifo", 3), (2, "lru", 3)])
def test_more_than_ram(disk, swap, smp, policy, divisor):
    with Machine(disk=disk, smp=smp, mem="32M", append=f"swap=vdb replace={policy}",
                 extra=second_disk(swap)) as m:
        m.boot()
        output = m.ok(f"/test/swap {divisor}", timeout=LONG)
        assert "Only root may switch policies" in output
        assert ", 0 failed" in output and "13 ok" in output
        assert_swapping_counted(m)


@pytest.mark.parametrize("smp,mem", [(1, "32M"), (4, "128M")])
def test_clean_pages_of_files_go_first(disk, swap, smp, mem):
    with Machine(disk=disk, smp=smp, mem=mem, append="swap=vdb", extra=second_disk(swap)) as m:
        m.boot()
        assert ", 0 failed" in m.ok("/test/swap clean", timeout=LONG)


@pytest.mark.parametrize("smp", [1, 4])
def test_frames_in_a_row_while_swapping(disk, swap, smp):
    """Free frames lie apart then; whoever needs many in a row gets them all the same."""
    with Machine(disk=disk, smp=smp, mem="32M", append="swap=vdb", extra=second_disk(swap)) as m:
        m.boot()
        m.ok("echo 'while :; do /test/swap 2 >/dev/null; done & swapper=$!' >/go")
        m.ok("echo 'sleep 1; /test/blocks 40; kill $swapper' >>/go")
        output = m.ok("sh /go", timeout=LONG)
        assert ", 0 failed" in output and "3 ok" in output


@pytest.mark.parametrize("smp", [1, 8])
def test_pages_on_the_disk_are_shown(disk, swap, smp):
    with Machine(disk=disk, smp=smp, append="swap=vdb", extra=second_disk(swap)) as m:
        m.boot()
        output = m.ok("/test/frames", timeout=LONG)
        assert ", 0 failed" in output and "ok pages on the swap disk are listed" in output


def test_swap_is_switched_on_and_off(disk, swap):
    with Machine(disk=disk, mem="32M", extra=second_disk(swap)) as m:
        m.boot()
        assert m.run("swapon /dev/vda").status != 0         # a file system, in use
        assert m.run("swapon /bin/sh").status != 0
        assert m.run("swapoff /dev/vdb").status != 0
        m.ok("swapon /dev/vdb")
        assert m.run("swapon /dev/vdb").status != 0
        assert ", 0 failed" in m.ok("/test/swap 2", timeout=LONG)
        m.ok("swapoff /dev/vdb")
        m.ok("swapon /dev/vdb")


@pytest.mark.parametrize("smp", [1, 4])
def test_policy_is_switched_under_load(disk, swap, smp):
    with Machine(disk=disk, smp=smp, mem="32M", append="swap=vdb", extra=second_disk(swap)) as m:
        m.boot()
        assert m.ok("cat /proc/replace") == "fifo [clock] lru \n"
        assert "Invalid argument" in m.run("echo random >/proc/replace").output
        m.ok("echo '/test/swap 3 >/log & swapper=$!; n=0' >/go")
        m.ok("echo 'while sleep 0.05; kill -0 $swapper 2>/dev/null; do' >>/go")
        m.ok("echo 'for p in fifo lru clock; do echo $p >/proc/replace || exit' >>/go")
        m.ok("echo 'n=$((n + 1)); done; done; echo $n; wait $swapper' >>/go")
        assert int(m.ok("sh /go", timeout=LONG)) > 30
        output = m.ok("cat /log")
        assert ", 0 failed" in output and "13 ok" in output


def live_counts(output):
    """Return what paging -live simulated and measured, by policy."""
    live = output.split("On live pages")[1]
    return {name: (int(simulated), int(measured)) for name, simulated, measured in
            re.findall(r"^(FIFO|Clock|LRU) +(\d+) +(\d+) ", live, re.MULTILINE)}


@pytest.mark.parametrize("smp", [1, 4])
def test_reference_string_on_live_pages(disk, swap, smp):
    """With a private limit the kernel's FIFO faults as often as the textbook's; the others nearly."""
    # Little memory: FIFO and LRU look at all of it for each page that goes.
    with Machine(disk=disk, smp=smp, mem="32M", append="replace=clock", extra=second_disk(swap)) as m:
        m.boot()
        assert "swap disk" in m.run("paging -live -q 1 2 3").output
        m.ok("swapon /dev/vdb")
        for string, fifo in [("1 2 3 4 1 2 5 1 2 3 4 5", 9), ("-f 4 1 2 3 4 1 2 5 1 2 3 4 5", 10),
                             ("7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1", 15),
                             ("-f 20 -p 50 -r 500", None), ("-f 1 1 2 1 2 2", 4)]:
            counts = live_counts(m.ok(f"paging -live -q {string}", timeout=LONG))
            assert counts["FIFO"][0] == counts["FIFO"][1]
            assert fifo is None or counts["FIFO"][1] == fifo
            for simulated, measured in counts.values():
                assert simulated // 2 < measured < 2 * simulated
        assert m.ok("cat /proc/replace") == "fifo [clock] lru \n"
        m.send("paging -live -qr 50000 -p 30 -f 3\r")
        m.see("policy +simulated")
        m.send("\x03")
        m.expect(PROMPT)
        assert m.ok("cat /proc/replace") == "fifo [clock] lru \n"
        m.ok("swapoff /dev/vdb")        # nothing has stayed there


def test_disk_that_cannot_be_written(disk, swap):
    """Pages that the disk does not take stay in memory; nothing is lost, somebody may have to go."""
    blkdebug = swap.with_suffix(".debug")
    blkdebug.write_text('[inject-error]\nevent = "none"\niotype = "write"\nerrno = "5"\n')
    extra = (f"-drive file=blkdebug:{blkdebug}:{swap},format=raw,if=none,id=hd1 "
             "-device virtio-blk-device,drive=hd1")
    with Machine(disk=disk, mem="32M", append="swap=vdb", extra=extra) as m:
        m.boot()
        m.run("/test/swap", timeout=LONG)
        assert m.ok("echo alive") == "alive\n"


def test_page_that_cannot_be_read(disk, swap):
    """Its owner dies of SIGBUS, and nobody else: not those whose pages lie beside it on the disk."""
    blkdebug = swap.with_suffix(".debug")
    blkdebug.write_text('[inject-error]\nevent = "none"\niotype = "read"\nerrno = "5"\n'
                        f'sector = "{100 * 8}"\n')
    extra = (f"-drive file=blkdebug:{blkdebug}:{swap},format=raw,if=none,id=hd1 "
             "-device virtio-blk-device,drive=hd1")
    with Machine(disk=disk, mem="32M", append="swap=vdb", extra=extra) as m:
        m.boot()
        output = m.run("/test/swap 2", timeout=LONG).output
        assert "SIGBUS" in output and "FAIL" in output
        assert output.count("ok ") >= 7
        assert m.ok("echo alive") == "alive\n"


@pytest.mark.parametrize("asids", [1, 2, 3])
def test_few_asids(disk, asids):
    """Tags for the TLB run out all the time."""
    with Machine(disk=disk, smp=4, append=f"asids={asids}") as m:
        m.boot()
        for program in ("process", "mmap", "preempt"):
            assert ", 0 failed" in m.ok(f"/test/{program}", timeout=LONG)


def test_swap_full(disk, tmp_path):
    """With RAM and swap full one process is killed, with a line that says which; not the shell."""
    path = tmp_path / "small.img"
    make_swap(path, 1024)
    with Machine(disk=disk, mem="32M", append="swap=vdb", extra=second_disk(path)) as m:
        m.boot()
        output = m.run("/test/swap", timeout=LONG).output
        assert "out of memory: pid" in output and "(swap) is killed" in output
        assert m.ok("echo alive") == "alive\n"
