"""Programs for Linux, made with the GNU C library of the compiler that makes the kernel."""

import os
import shlex
import subprocess

import pytest

import image
from machine import ROOT, Machine
from test_programs import count_checks

pytestmark = pytest.mark.every_config

LIMIT = 300     # seconds; a hang detector


def build(source, target):
    """Build a static program from test/glibc; skip the test where there is no such library."""
    compiler = shlex.split(os.environ.get("CC", "riscv64-linux-gnu-gcc"))
    options = ["-O2", "-static", "-pthread", "-funwind-tables", "-Wall", "-Wextra"]
    result = subprocess.run([*compiler, *options, str(ROOT / "test/glibc" / source), "-o",
                             str(target)], capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip(f"{compiler[0]} cannot make programs for Linux (on Debian its C library is "
                    f"libc6-dev-riscv64-cross): {result.stderr.strip().splitlines()[-1]}")


@pytest.mark.parametrize("name, checks", [("threads", 15), ("tasks", 21), ("signals", 20), ("stdio", 25),
                                          ("waiting", 22)])
def test_program(config, tmp_path, name, checks):
    extra = tmp_path / "extra" / "bin"
    extra.mkdir(parents=True)
    build(f"{name}.c", extra / f"glibc-{name}")
    disk = image.make_disk(tmp_path, extra=extra.parent)
    with Machine(disk=disk, **config) as m:
        m.boot()
        result = m.run(f"/bin/glibc-{name}", timeout=LIMIT)
        ok, bad = count_checks(result.output)
        assert not bad, "\n".join(bad)
        assert len(ok) == checks and result.status == 0, result.output
