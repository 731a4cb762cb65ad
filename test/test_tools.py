"""The host's side: help, doctor, the command line, the build's own promises."""

import filecmp
import json
import os
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import tempfile

import pexpect
import pytest

import image
from conftest import SharedMachine
from machine import BUILD, HANG, ROOT, Machine, MachineFailure, fresh_environment, qemu_command


def run(*command, **variables):
    return subprocess.run(command, cwd=ROOT, env=fresh_environment() | variables, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)


def test_help_lists_every_goal():
    makefile = (ROOT / "Makefile").read_text()
    goals = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    text = run("make", "help").stdout
    for goal in set(goals) - {"FORCE"}:
        assert re.search(rf"make {goal}\s", text), goal


def test_qemu_command_takes_the_variables():
    line = qemu_command(SMP=3, MEM="64M", CPU="rv64,sstc=off", DISK="other.img",
                        APPEND="init=/bin/sh -x")
    assert line[0].endswith("qemu-system-riscv64")
    for pair in (["-smp", "3"], ["-m", "64M"], ["-cpu", "rv64,sstc=off"],
                 ["-append", "init=/bin/sh -x"]):
        assert line[line.index(pair[0]) + 1] == pair[1]
    assert any("file=other.img" in word for word in line)


def test_number_in_the_recipe_is_free():
    """README's example of a system call fits the tables indexed by number, and is nobody's."""
    numbers = (ROOT / "include/abi/syscall.h").read_text()
    number = re.search(r"#define SYS_greet (\d+)", (ROOT / "README.md").read_text()).group(1)
    assert int(number) < int(re.search(r"#define SYS_LIMIT (\d+)", numbers).group(1))
    assert not re.search(rf"^#define SYS_\w+ +{number}$", numbers, re.MULTILINE)


def test_rootfs_chooses_the_disk():
    line = qemu_command(ROOTFS="busybox")
    assert any("file=build/busybox.img" in word for word in line)
    result = run("make", "-s", "qemu-command", "ROOTFS=nothing")
    assert result.returncode != 0 and "ROOTFS=nothing is not known" in result.stderr


def test_package_that_cannot_be_fetched(tmp_path):
    """One sentence says why, and nothing is left that looks like the package."""
    fetch = ("tools/debian-package", "busybox-static", "riscv64", str(tmp_path), str(tmp_path / "x"))
    nowhere = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}
    nowhere["DEBIAN_MIRROR"] = "http://mirror.invalid/debian"
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "sh").symlink_to("/bin/sh")
    here = shutil.which("apt-get") and os.path.exists("/usr/share/keyrings/debian-archive-keyring.gpg")
    elsewhere = {"DEBIAN_MIRROR": "http://127.0.0.1:9/debian"}
    for variables, reason in ((nowhere, "is there a network?" if here else ""),
                              (elsewhere, "127.0.0.1" if here else ""),
                              ({"PATH": str(tools)}, "no apt-get")):
        result = run(*fetch, **variables)
        assert result.returncode != 0
        assert re.fullmatch(r"Debian's busybox-static cannot be fetched: .*\n", result.stderr)
        assert reason in result.stderr and not (tmp_path / "x").exists()


def test_doctor_finds_this_machine_well():
    result = run("tools/doctor")
    assert result.returncode == 0, result.stdout
    assert "make qemu" in result.stdout


def test_doctor_says_how_to_mend(tmp_path):
    """An old QEMU, old ext2 tools, debuggers without RISC-V, and a compiler that does not exist."""
    fakes = {"qemu-system-riscv64": "echo QEMU emulator version 6.2.0", "mke2fs": "echo mke2fs 1.44.1"}
    for name in ("gdb-multiarch", "riscv64-unknown-elf-gdb", "riscv64-linux-gnu-gdb",
                 "riscv64-elf-gdb", "gdb"):
        fakes[name] = "echo Undefined item: riscv:rv64"
    for name, answer in fakes.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    result = run("tools/doctor", PATH=f"{tmp_path}:{os.environ['PATH']}", CROSS="none-", LLVM="")
    missing = [line for line in result.stdout.splitlines() if line.startswith("MISSING")]
    assert result.returncode != 0
    assert all("mend it with" in line for line in missing)
    for words in ("none-gcc", "6.2.0", "1.44.1 cannot fill", "does not know RISC-V"):
        assert any(words in line for line in missing), result.stdout


@pytest.mark.parametrize("kind,command", [
    ("dnf", "sudo dnf install gcc-riscv64-linux-gnu binutils-riscv64-linux-gnu qemu-system-riscv"),
    ("pacman", "sudo pacman -S riscv64-elf-gcc riscv64-elf-binutils qemu-system-riscv"),
    ("brew", "brew install riscv64-elf-gcc qemu"),
    ("other", "your package manager: riscv64-linux-gnu-gcc qemu-system-riscv64")])
def test_systems_without_apt(tmp_path, kind, command):
    """They are told each package once; nothing is installed, and make stops."""
    for name in "sh sed grep sort head tr dirname printf python3".split():
        (tmp_path / name).symlink_to(shutil.which(name))
    system = "Darwin" if kind == "brew" else "Linux"
    for name, answer in ((kind, "echo installed >&2"), ("uname", f"echo {system}")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    found = tmp_path / "machine.mk"
    result = run("tools/setup", str(found), "test", PATH=str(tmp_path), CROSS="none-", LLVM="")
    assert result.returncode != 0 and not found.exists() and "installed" not in result.stderr
    packages = result.stderr.splitlines()[-1].removeprefix("make: mend it with: ")
    assert packages.startswith(command)
    assert len(set(packages.split())) == len(packages.split()), packages


@pytest.mark.parametrize("answer,words", [("", "still no a C compiler for RISC-V"),
                                          ("y", "still no"), ("n", "nothing was installed")])
def test_apt_is_asked_first(tmp_path, answer, words):
    """On a terminal: a line that says what and why, a question, and Enter means yes."""
    for name, text in (("apt-get", f'echo "$@" >>{tmp_path}/calls'), ("apt-cache", "exit 1"),
                       ("sudo", 'exec env "$@"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    environment = fresh_environment() | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CROSS": "none-",
                                         "LLVM": ""}
    setup = pexpect.spawn("tools/setup", [str(tmp_path / "machine.mk"), "build"], cwd=ROOT,
                          env=environment, timeout=HANG, encoding="utf-8")
    setup.expect(r"make: this needs a C compiler for RISC-V: .*apt-get install gcc-riscv64-linux-gnu")
    setup.expect_exact("Install now? [Y/n] ")
    setup.sendline(answer)
    setup.expect_exact(words)
    setup.expect(pexpect.EOF)
    setup.close()
    assert setup.exitstatus != 0
    assert (tmp_path / "calls").exists() == (answer != "n")


# What each system's lists call the QEMU for RISC-V: the binaries left "misc" with QEMU 9.1.
APT_SYSTEMS = {"debian 12": "qemu-system-misc", "ubuntu 24.04": "qemu-system-misc",
               "debian 13": "qemu-system-riscv", "ubuntu 28.04": "qemu-system-riscv"}
APT_OTHERS = set("""gcc-riscv64-linux-gnu python3 e2fsprogs opensbi gdb-multiarch python3-pytest
    python3-pytest-xdist python3-pexpect python3-svgwrite device-tree-compiler""".split())


def system_with_apt(folder, name, has_lists, user):
    """Return a PATH with nothing that Trapdoor needs, where apt offers what this system does."""
    for tool in "sh sed grep sort head tr dirname printf touch mkdir mv".split():
        (folder / tool).symlink_to(shutil.which(tool))
    identity, version = name.split()
    (folder / "release").write_text(f'ID={identity}\nVERSION_ID="{version}"\n')
    if has_lists:
        (folder / "lists").touch()
    offered = "|".join(APT_OTHERS | {APT_SYSTEMS[name]})
    for tool, text in (
            ("id", f"echo {user}"), ("uname", "echo Linux"), ("sudo", "exit 1"),
            ("apt-get", f'case "$*" in *update) touch {folder}/lists ;; esac; echo "$*" >>{folder}/calls'),
            ("apt-cache", f"test -e {folder}/lists || exit; case $2 in {offered}) "
                          "echo '  Candidate: 1:8.2' ;; *) echo '  Candidate: (none)' ;; esac")):
        (folder / tool).write_text(f"#!/bin/sh\n{text}\n")
        (folder / tool).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("has_lists", [False, True])
@pytest.mark.parametrize("system", APT_SYSTEMS)
def test_each_apt_system_has_its_packages(tmp_path, system, has_lists):
    """Root without a terminal goes ahead, after one line; every name is one that the system knows,
    also on a fresh machine, whose lists apt has yet to fetch."""
    path = system_with_apt(tmp_path, system, has_lists, user=0)
    result = run("tools/setup", str(tmp_path / "machine.mk"), "qemu", PATH=path, CROSS="none-", LLVM="",
                 OS_RELEASE=str(tmp_path / "release"))
    said = [line for line in result.stderr.splitlines() if line.startswith("make: this needs")]
    assert len(said) == 1 and "QEMU 7.2 or newer for RISC-V" in said[0]
    update, install = (tmp_path / "calls").read_text().splitlines()
    assert update.endswith("update")
    named = said[0].partition("apt-get install ")[2].split()
    assert named == install.partition("--no-install-recommends ")[2].split()
    assert {APT_SYSTEMS[system], "gcc-riscv64-linux-gnu"} <= set(named) <= APT_OTHERS | {APT_SYSTEMS[system]}
    everything = run("sh", "-c", ". tools/machine.sh; for thing in $all_things; do packages_for $thing; done",
                     PATH=path, OS_RELEASE=str(tmp_path / "release"), LLVM="")
    assert set(everything.stdout.split()) == APT_OTHERS | {APT_SYSTEMS[system]}


def test_apt_is_not_run_for_somebody_who_cannot_be_asked(tmp_path):
    path = system_with_apt(tmp_path, "ubuntu 24.04", True, user=1000)
    result = run("tools/setup", str(tmp_path / "machine.mk"), "qemu", PATH=path, CROSS="none-", LLVM="",
                 OS_RELEASE=str(tmp_path / "release"))
    assert result.returncode != 0 and not (tmp_path / "calls").exists()
    assert "sudo apt-get install " in result.stderr and "nothing was installed" in result.stderr


@pytest.mark.parametrize("outcome,boots", [(pytest.skip.Exception, 4), (MachineFailure, 2)])
def test_machine_that_cannot_be_had(monkeypatch, tmp_path, outcome, boots):
    """One that hangs at boot costs two time limits; one that needs what is not here skips each test."""
    tried = []

    def refuse():
        tried.append(outcome)
        raise outcome("no network, or no prompt")

    machines = SharedMachine({}, tmp_path)
    monkeypatch.setattr(machines, "boot", refuse)
    for _ in range(4):
        with pytest.raises((outcome, AssertionError)):
            machines.get()
    assert len(tried) == boots


def test_firmware_of_the_package(tmp_path, disk):
    """A QEMU without OpenSBI takes the package's, which boots the kernel as well; without it, it is asked for."""
    fake = tmp_path / "qemu-system-riscv64"
    fake.write_text("#!/bin/sh\ncase $* in *help*) echo /nowhere;; *) echo QEMU emulator version 9.2.0;; esac\n")
    fake.chmod(0o755)
    report = run("tools/doctor", PATH=f"{tmp_path}:{os.environ['PATH']}").stdout
    package = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin"
    if not os.path.exists(package):
        assert "QEMU has no OpenSBI to start the kernel with" in report and "opensbi" in report
        pytest.skip("the package opensbi is not here")
    assert package in report
    with Machine(disk=disk, extra=f"-bios {package}") as m:
        m.boot()


def test_whose_floating_point_it_is():
    """The kernel is built for registers without F and D, programs with them: the flags of ELF say so."""
    for name, flags in (("kernel.elf", 0), ("user/bin/sh", 4)):
        assert struct.unpack_from("<I", (BUILD / name).read_bytes(), 48)[0] & 6 == flags


def test_kernel_segments_have_rights_of_their_own():
    elf = (BUILD / "kernel.elf").read_bytes()
    offset, count = struct.unpack_from("<Q", elf, 32)[0], struct.unpack_from("<H", elf, 56)[0]
    headers = [struct.unpack_from("<II", elf, offset + 56 * i) for i in range(count)]
    assert [flags for kind, flags in headers if kind == 1] == [5, 4, 6]


def test_disk_belongs_to_root(disk):
    listing = image.debugfs(disk, "ls -l /bin", "ls -l /")
    owners = re.findall(r"^ +\d+ +\d+ \(\d+\) +(\d+) +(\d+) ", listing, re.MULTILINE)
    assert owners and set(owners) == {("0", "0")}


def test_anybody_makes_the_disk(disk):
    """An ordinary user's image is the same, byte for byte."""
    if os.getuid() != 0:
        pytest.skip("whoever runs the tests is no root: test_disk_belongs_to_root shows it")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "root").mkdir()
        image.copy_tree(BUILD / "root", folder / "root")
        shutil.copy(ROOT / "tools/mkdisk.py", folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
        subprocess.run(["/usr/bin/env", "python3", "mkdisk.py", "root", "made.img"], cwd=folder, user=65534,
                       group=65534, extra_groups=[], check=True)
        assert os.stat(folder / "made.img").st_uid == 65534
        assert filecmp.cmp(folder / "made.img", disk, shallow=False)


def test_compile_commands():
    target = ROOT / "compile_commands.json"
    existed = target.exists()
    result = run("make", "compile_commands")
    assert result.returncode == 0, result.stderr
    entries = json.loads(target.read_text())
    if not existed:
        target.unlink()
    files = {entry["file"] for entry in entries}
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "kernel").rglob("*.c")}
    assert sources - files <= {"kernel/riscv/offsets.c"}
    assert all(shlex.split(entry["command"])[0] for entry in entries)
    assert (ROOT / ".clang-format").exists()
