"""The kernel's own unit tests, which it runs at boot when its command line says ktest."""

import re

import pytest

from machine import Machine
from test_programs import count_checks


def run_units(disk, checks, **settings):
    machine = Machine(disk=disk, append="ktest panic=exit", **settings)
    done, _ = machine.expect(r"ktest: done ([^\r\n]*)\r*\n")
    report = machine.log_path.read_text(encoding="utf-8", errors="replace").replace("\r", "")
    report = re.sub(r"^\[[^\]]*\] ", "", report, flags=re.MULTILINE)
    ok, bad = count_checks(report)
    checks["ok"] += len(ok)
    checks["FAIL"] += len(bad)
    status, _ = machine.wait_exit()
    assert not bad, "\n".join(bad)
    assert ok and f"{len(ok)} ok, 0 failed" in done.group(1)
    assert status == 0


@pytest.mark.every_config
def test_units(config, disk, checks):
    run_units(disk, checks, **config)
