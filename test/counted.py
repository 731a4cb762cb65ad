"""Machines whose time is counted: an instruction takes a nanosecond, however busy the host is (-icount).

On one hart that is all. Of several, QEMU runs one after the other, each until a timer is due, and up to
version 8.0 begins with the first again: one that spins until another has done something may keep that
other away for ever. Two things let each have its turn:

- A timer that is due all the time, of a network filter that nothing passes through. When it is set again
  QEMU makes all harts let go: who lets go gives no turn away, and the next one begins with his.
- That must happen between two rounds, not in a turn of nothing that a hart has when the one before has
  used up the time. So the last hart must never sleep: behind the others stands one that spins in ROM, and
  that the device tree calls disabled.

Later versions share the time among the harts by themselves, for up to 50 ms each if nothing else is due:
so long one may spin. There all this only makes turns shorter.
"""

import struct

import devicetree
from machine import Machine

COUNTED = "-icount shift=0,sleep=off"
TURN = 50                               # us
SPIN_AT = 0x8000                        # in the machine's ROM, behind what it starts with
NOP, JUMP_BACK = 0x00000013, 0xF85FF06F # the latter 31 instructions


def disable_last_hart(folder, harts):
    """Return a device tree of so many harts, the last of which is not to be used."""
    source = devicetree.dump_source(folder, harts)
    before, last, after = source.partition(f"cpu@{harts - 1:x} {{")
    return devicetree.compile_source(folder, before + last + after.replace("okay", "disabled", 1))


def machine(folder, smp=1, **settings):
    """Return a Machine with `smp` harts whose time is counted; files that it needs go to `folder`."""
    if smp == 1:
        return Machine(extra=COUNTED, **settings)
    spin = folder / "spin.bin"
    spin.write_bytes(struct.pack("<32I", *[NOP] * 31, JUMP_BACK))
    extra = (f"{COUNTED} -netdev hubport,id=none,hubid=0"
             f" -object filter-buffer,id=turns,netdev=none,interval={TURN}"
             f" -device loader,file={spin},addr={SPIN_AT},force-raw=on,cpu-num={smp}")
    return Machine(smp=smp + 1, dtb=disable_last_hart(folder, smp + 1), extra=extra, **settings)
