"""Broken kernel invariants: crash=KIND breaks one on purpose, and the report must say what."""

import re

import pytest

from machine import Machine

KINDS = {
    "assert": r"assertion failed: 1 \+ 1 == 3",
    "null": r"exception 15 in the kernel .* value 0\b",
    "text": r"exception 15 in the kernel",
    "data": r"exception 12 in the kernel",
    "lock": r'spinlock "taken twice" taken twice by hart \d',
    "stack": r"kernel stack overflow in thread \d+ \"boot\": sp \w+ is \d+ bytes deep in a stack of 16384",
    "hold": r"with interrupts off",
    "double_free": r"assertion failed: .*slab->owner != object",
    "double_free_big": r"assertion failed: frame->kind == FRAME_KERNEL",
    "frame_double": r"assertion failed: before != 0",
}


@pytest.mark.parametrize("smp", [1, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_panic(disk, kind, smp):
    """panic=exit ends QEMU with a failure after values, names and a backtrace with symbols."""
    machine = Machine(disk=disk, smp=smp, append=f"panic=exit crash={kind}")
    status, text = machine.wait_exit(panic_ends=True)
    assert status == 1
    report = text[text.index("panic: "):]
    assert re.search(KINDS[kind], report.replace("\r", ""))
    assert re.search(r'hart \d+, thread \d+ "boot"', report)
    assert re.search(r"[0-9a-f]{16} [a-z_]+\+0x[0-9a-f]+", report), "no symbolised backtrace"
    assert "crash_kernel" in report or kind == "stack"
    assert report.count("panic: ") == 1


def test_panic_through_a_trap(disk):
    """The backtrace goes through the trap to the function that it interrupted."""
    machine = Machine(disk=disk, append="panic=exit crash=null")
    text = machine.wait_exit(panic_ends=True)[1]
    trace = text[text.index("-- trap: "):]
    assert re.search(r"crash_null\+0x", trace) and "crash_kernel+0x" in trace


@pytest.mark.parametrize("kind", ["overrun", "use_after_free"])
def test_unnoticed_crash_goes_on(disk, kind):
    """What the debug build alone looks for (test_debug_heap.py)."""
    with Machine(disk=disk, append=f"crash={kind}") as machine:
        assert f"{kind}: this kernel does not notice" in machine.boot()


def test_unknown_crash_goes_on(disk):
    with Machine(disk=disk, append="crash=nonsense") as machine:
        text = machine.boot()
    assert 'no kind "nonsense"' in text
    assert all(f"\n    {kind}\n" in text for kind in KINDS)
