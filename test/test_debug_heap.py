"""The debug build of the allocators: each misuse is a panic that names who did it."""

import re
import subprocess

import pytest

import image
import variant
from machine import Machine, judge
from test_kernel_units import run_units

# In one process: the others need not wait for the kernel's build.
pytestmark = pytest.mark.xdist_group("debug heap")

HEX = r"[0-9a-f]+"
ALLOCATED = rf", allocated by crash_allocate\+0x{HEX}"
FREED = rf", freed by crash_free\+0x{HEX}"
FOUND = rf", found by crash_free\+0x{HEX}"
FRAME = rf", allocated by crash_take_frame\+0x{HEX}, freed by crash_put_frame\+0x{HEX}"
AFTER = rf"were written after they were freed \(at {HEX}\)"

KINDS = {
    "overrun": rf"100 bytes at {HEX} were written past their end \(at {HEX}\){ALLOCATED}{FREED}",
    "overrun_big": rf"10000 bytes at {HEX} were written past their end \(at {HEX}\){ALLOCATED}",
    "underrun": rf"100 bytes at {HEX} were written before their start \(at {HEX}\){ALLOCATED}",
    "double_free": rf"100 bytes at {HEX} are freed again \(at {HEX}\){ALLOCATED}{FREED}{FOUND}",
    "double_free_big": rf"4096 bytes .* is freed again \(at {HEX}\){ALLOCATED}{FREED}{FOUND}",
    "use_after_free": rf"100 bytes at {HEX} {AFTER}{ALLOCATED}{FREED}",
    "frame_double": rf"4096 bytes at {HEX} are freed again \(at {HEX}\){FRAME}, found by",
    "frame_stale": rf"4096 bytes at {HEX} {AFTER}{FRAME}",
}


@pytest.fixture(scope="module")
def kernel():
    """The path of a kernel with DEBUG_HEAP=1."""
    return variant.build_kernel("debug-heap", DEBUG_HEAP=1)


@pytest.mark.parametrize("kind", KINDS)
def test_misuse_is_named(disk, kernel, kind):
    machine = Machine(disk=disk, kernel=kernel,
                      append=f"panic=exit crash={kind} init=/bin/poweroff")
    status, text = machine.wait_exit(panic_ends=True)
    assert status == 1
    assert re.search(r"panic: heap: " + KINDS[kind], text), machine.tail()


@pytest.mark.parametrize("smp", [1, 4])
def test_units_of_the_debug_build(disk, checks, kernel, smp):
    run_units(disk, checks, kernel=kernel, smp=smp)


def test_programs_on_the_debug_build(disk, kernel):
    """Programs, files and processes come and go on poisoned memory."""
    with Machine(disk=disk, kernel=kernel, smp=4, append="panic=exit") as machine:
        machine.boot()
        for program in ("memory", "mmap", "files", "process"):
            assert "0 failed" in machine.ok(f"/test/{program}", timeout=300)
        owners = machine.ok("cat /proc/heapinfo")
        assert re.search(rf"^in use: [34], \d+ bytes, allocated by proc_create\+0x{HEX}$", owners, re.MULTILINE)


def owners(machine):
    """Return how many small objects are in use, by the place that allocated them."""
    text = machine.ok("sync; cat /proc/heapinfo")
    found = re.findall(r"^in use: (\d+), \d+ bytes, allocated by (\S+)$", text, re.MULTILINE)
    return {owner: int(count) for count, owner in found}


def test_calls_without_memory(tmp_path, disk, kernel):
    """An allocation that fails is an errno of the call that wanted it, and nothing stays behind."""
    other = tmp_path / "other.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", str(other), "4M"], check=True,
                   capture_output=True)
    with Machine(disk=disk, kernel=kernel, smp=2, append="panic=exit",
                 extra=image.second_disk(other)) as machine:
        machine.boot()
        counts = []
        for rounds in (1, 3):
            assert ", 0 failed" in machine.ok(f"/test/nomemory {rounds}", timeout=300)
            counts.append(owners(machine))
        for owner, count in counts[1].items():
            assert count < counts[0].get(owner, 0) + 3, owner
        judge(other)


def test_the_variable_rebuilds_the_kernel(tmp_path):
    """Another value compiles anew, the same one does not."""
    variant.copy_sources(tmp_path)
    compiled = [bool(re.search("CC .*heap.c", variant.make(
        tmp_path, "build/obj/kernel/mm/heap.c.o", DEBUG_HEAP=value, CI=""))) for value in (0, 0, 1, 1, "")]
    assert compiled == [True, False, True, False, True]
