"""Random system calls by many processes and threads: no panic, no hang, no leak, a sound disk."""

import re

import pytest

import fuzz

SECONDS = 15


@pytest.mark.parametrize("smp, seed", [(1, 101), (2, 102), (4, 104)])
def test_random_calls(disk, smp, seed):
    try:
        fuzz.run(disk, seed, SECONDS, smp)
    except AssertionError as failure:
        again = fuzz.repeat_command(seed, SECONDS, smp, "128M")
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
