"""Random system calls, random damage to disks: no panic, no hang, no leak."""

import re

import pytest

import fuzz
import fuzz_disk

# A minute in all. One hart has half of it: several burn as many of the host's.
@pytest.mark.parametrize("smp, mem, seed, seconds",
                         [(1, "128M", 101, 20), (2, "32M", 102, 10), (4, "128M", 104, 10)])
def test_random_calls(disk, smp, mem, seed, seconds):
    """With 32 MiB the workers may take more than there is, and calls fail for want of memory."""
    try:
        fuzz.run(disk, seed, seconds, smp, mem)
    except AssertionError as failure:
        again = fuzz.repeat_command(seed, seconds, smp, mem)
        raise AssertionError(f"{failure}\nTo repeat: {again}") from None


def calls_of_first_worker(machine):
    """Return the numbers of the calls that it made, in order."""
    output = machine.ok("/test/fuzz -v 3 2 1")
    return re.findall(r"^0\.\d+: (\d+)\(", output, re.MULTILINE)


def test_a_seed_repeats_a_run(disk):
    """One worker alone makes the same calls again, as long as it lives: that depends on time as well."""
    with fuzz.Machine(disk=disk, smp=1, append="panic=exit") as machine:
        machine.boot()
        runs = [calls_of_first_worker(machine) for _ in range(2)]
        length = min(map(len, runs))
        assert length >= 10 and runs[0][:length] == runs[1][:length]


def test_damaged_disks(tmp_path):
    """Most of them can be mounted, so that what comes after the checks of a mount is tried as well."""
    used, mounted = fuzz_disk.run(tmp_path, seed=1, count=15)
    assert mounted > used // 2
