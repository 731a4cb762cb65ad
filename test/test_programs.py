"""Every test program of user/test on every machine; each of its lines is a check."""

import os
import re

import pytest

from machine import ROOT, Machine

LIMIT = 300     # seconds; a hang detector
HAND_OFFS = int(os.environ.get("HAND_OFFS", "700000"))     # on each machine; some 20 us for one


def list_programs():
    """Return the paths on the disk of all test programs, found by what is in user/test."""
    folder = ROOT / "user" / "test"
    programs = [f"/test/{path.stem}" for path in sorted(folder.glob("*.c"))]
    programs += [f"/test/{path.name}" for path in sorted(folder.glob("*.sh"))]
    if (folder / "sh" / "run").exists():
        programs.append("/test/sh/run")
    return programs


def count_checks(text):
    """Return the (ok, FAIL) lines of a program's report."""
    ok = re.findall(r"^(?:k?test: )?ok .*$", text, re.MULTILINE)
    bad = re.findall(r"^(?:k?test: )?FAIL .*$", text, re.MULTILINE)
    return ok, bad


@pytest.mark.every_config
@pytest.mark.parametrize("program", list_programs())
def test_program(m, checks, program):
    result = m.run(program, timeout=LIMIT)
    ok, bad = count_checks(result.output)
    checks["ok"] += len(ok)
    checks["FAIL"] += len(bad)
    assert not bad, "\n".join(bad)
    done = re.search(r"^done: (\d+) ok, (\d+) failed$", result.output, re.MULTILINE)
    assert done, "the program did not come to its last line"
    assert (int(done.group(1)), int(done.group(2))) == (len(ok), 0)
    assert result.status == 0


@pytest.mark.parametrize("smp", [1, 2, 4])
def test_many_hand_offs(disk, smp):
    """No wake-up of a futex is lost: a token that nobody wakes up for stops its ring."""
    with Machine(disk=disk, smp=smp) as m:
        m.boot()
        result = m.run(f"/test/futexturns crowd {HAND_OFFS}", timeout=6 * LIMIT)
        assert int(re.search(r"(\d+) hand-offs", result.output).group(1)) >= HAND_OFFS
        assert result.status == 0, result.output
