"""`make fuzz`: random system calls on machine after machine, each with a fresh seed, until one fails."""

import argparse
import pathlib
import random
import sys
import tempfile
import time

import image
from machine import HANG, Machine, MachineFailure

BOOT_SECONDS = 120      # that a machine runs; then comes another, with another seed


def run(disk, seed, seconds, smp, mem="128M", **settings):
    """Boot, make random calls, power off: fails on a panic, a hang, a leak or a damaged disk."""
    with Machine(disk=disk, smp=smp, mem=mem, append="panic=exit", **settings) as machine:
        machine.boot()
        # A round takes a little longer than its time; a hang takes for ever.
        result = machine.run(f"/test/fuzz {seed} {seconds}", timeout=2 * seconds + HANG)
        if result.status != 0:
            machine.type("dmesg | tail -n 20")      # it was not shown meanwhile
            machine.fail(f"fuzz returned {result.status}")
        return result.output


def repeat_command(seed, seconds, smp, mem):
    return f"make fuzz SEED={seed} SECONDS={seconds} SMP={smp} MEM={mem}"


def run_for(seconds, seed, smp, mem):
    """Run for so long, in pieces; return the command that repeats the one that failed, or None."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        piece = max(10, min(BOOT_SECONDS, int(left)))
        now = random.getrandbits(32) if seed is None else seed
        print(f"seed {now}, {piece} seconds, {smp} harts, {mem}", flush=True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                print(run(image.fresh_disk(pathlib.Path(folder)), now, piece, smp, mem), flush=True)
        except MachineFailure as failure:
            print(failure)
            return repeat_command(now, piece, smp, mem)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--smp", default="4")
    parser.add_argument("--mem", default="128M")
    arguments = parser.parse_args()
    again = run_for(**vars(arguments))
    if again:
        sys.exit(f"FAILED. To repeat: {again}")


if __name__ == "__main__":
    main()
