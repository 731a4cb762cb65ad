"""Programs for Linux, made with the GNU C library of the compiler that makes the kernel."""

import os
import pathlib
import shlex
import subprocess
import tempfile

import pytest

import image
from conftest import SharedMachine, lend
from machine import BUILD, ROOT, Machine
from test_programs import count_checks

pytestmark = pytest.mark.every_config

LIMIT = 300     # seconds; a hang detector
CHECKS = {"threads": 15, "tasks": 21, "signals": 20, "stdio": 25, "waiting": 22}


def build(source):
    """Return a static program from test/glibc; skip the test where there is no such library."""
    compiler = shlex.split(os.environ.get("CC", "riscv64-linux-gnu-gcc"))
    target = BUILD / "glibc" / pathlib.Path(compiler[0]).name / source.stem
    if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    options = ["-O2", "-static", "-pthread", "-funwind-tables", "-Wall", "-Wextra"]
    # Several processes may build it.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        program = pathlib.Path(folder) / source.stem
        result = subprocess.run([*compiler, *options, str(source), "-o", str(program)],
                                capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.skip(f"{compiler[0]} cannot make programs for Linux (on Debian its C library is "
                        f"libc6-dev-riscv64-cross): {result.stderr.strip().splitlines()[-1]}")
        program.rename(target)
    return target


class SharedLinux(SharedMachine):
    """One boot for all programs; another one after a failure."""

    def boot(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "extra" / "bin").mkdir(parents=True)
        for program in self.programs:
            os.link(program, folder / "extra" / "bin" / f"glibc-{program.name}")
        disk = image.make_disk(folder, extra=folder / "extra")
        machine = Machine(disk=disk, **self.settings)
        machine.boot()
        machine.shared = True
        return machine


@pytest.fixture(scope="module")
def machines(config, tmp_path_factory):
    shared = SharedLinux(config, tmp_path_factory.mktemp("glibc"))
    shared.programs = [build(ROOT / "test" / "glibc" / f"{name}.c") for name in CHECKS]
    yield shared
    shared.finish()


@pytest.fixture
def linux(request, machines):
    """The machine at its prompt, with the programs."""
    yield from lend(request, machines)


@pytest.mark.parametrize("name, checks", CHECKS.items())
def test_program(linux, name, checks):
    result = linux.run(f"/bin/glibc-{name}", timeout=LIMIT)
    ok, bad = count_checks(result.output)
    assert not bad, "\n".join(bad)
    assert len(ok) == checks and result.status == 0, result.output
