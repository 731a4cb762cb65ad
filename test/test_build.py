"""What the build promises: nothing twice, nothing forgotten, nothing outside build/; and how make test reports."""

import functools
import hashlib
import os
import re
import shutil
import subprocess

import pexpect
import pytest

import image
import variant
from machine import HANG, ROOT, Machine, fresh_environment


def run_make(*arguments, folder=ROOT, **variables):
    """Run make; return its status and all that it printed."""
    result = subprocess.run(["make", *arguments], cwd=folder, env=fresh_environment() | variables,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, timeout=4 * HANG, check=False)
    return result.returncode, result.stdout


def planned(*options, folder=ROOT):
    """Return what make would do with these options: (verb, file) of its lines."""
    status, text = run_make("-n", *options, "all", "build/initrd.cpio", folder=folder, V="")
    assert status == 0, text
    return set(re.findall(r"printf '[^']*' '(\w+)' '([^']*)'", text))


def test_nothing_to_build_twice():
    status, text = run_make("all")
    assert status == 0 and "CC" not in text and "LINK" not in text, text


@pytest.mark.parametrize("changed,made", [
    ("user/etc/passwd", "STAGE DISK INITRD"), ("user/lib/include/stdio.h", "CC AR LINK STAGE DISK INITRD"),
    ("linker/user.ld", "LINK STAGE DISK INITRD"), ("tools/mkdisk.py", "DISK"),
    ("kernel/mm/frame.h", "CC LINK"), ("kernel/riscv/offsets.c", "OFFSETS AS LINK")])
def test_what_changes_is_made_anew(changed, made):
    assert planned() == set()
    assert {verb for verb, _ in planned("-W", changed)} == set(made.split())


@functools.cache
def included(path):
    """Return the headers that a file includes, directly or not, from the text alone."""
    user = path.parts[0] == "user"
    folders = ["include", *(["user/lib/include"] if user else []), "kernel"]
    found = set()
    for name in re.findall(r'^ *# *include ["<]([^">]+)[">]', (ROOT / path).read_text(), re.MULTILINE):
        for folder in (path.parent, *folders):
            header = os.path.normpath(f"{folder}/{name}")
            if os.path.isfile(ROOT / header):
                found |= {header} | included(type(path)(header))
                break
    return frozenset(found)


HEADERS = ("kernel/mm/frame.h", "kernel/dev/virtqueue.h", "include/abi/stat.h", "user/bin/ls/ls.h",
           "user/test/common/child.h", "user/lib/include/glob.h")
NOT_LINKED = {"kernel/riscv/offsets.c", "kernel/mm/heap_debug.c"}


def test_header_is_compiled_by_all_who_include_it(tmp_path):
    """And by nobody else: what make plans is what the texts say. (Assembly follows by way of offsets.)"""
    project = variant.copy_project(tmp_path / "project", variant.OBJECTS)
    sources = [path.relative_to(ROOT) for folder in ("kernel", "user") for path in (ROOT / folder).rglob("*.c")]
    for header in HEADERS:
        wanted = {str(path) for path in sources if header in included(path)} - NOT_LINKED
        was = os.stat(project / header).st_mtime_ns
        os.utime(project / header)
        compiled = {name for verb, name in planned(folder=project) if verb == "CC"}
        os.utime(project / header, ns=(was, was))
        assert wanted and compiled ^ wanted == set()


def test_other_objects_have_a_folder_of_their_own(tmp_path):
    """Going to and fro between CI and not compiles nothing anew."""
    variant.copy_sources(tmp_path)
    compiled = ["CC" in variant.make(tmp_path, f"build/obj{name}/kernel/lib/string.c.o", CI=ci)
                for name, ci in 2 * (("", ""), ("-strict", "true"))]
    assert compiled == [True, True, False, False]


def test_warnings_are_errors_in_ci_only(tmp_path):
    project = variant.copy_project(tmp_path / "project", ())
    for source in ("kernel/lib/tree.c", "user/bin/echo.c"):
        with open(project / source, "a", encoding="utf-8") as file:
            file.write("static int nobody_reads_me;\n")
        folder = "user/user" if source.startswith("user") else "kernel"
        for ci, name, ends in (("", "obj", 0), ("true", "obj-strict", 2)):
            target = f"build/{name}/{folder}/{source.partition('/')[2]}.o"
            status, text = run_make(target, f"CI={ci}", folder=project)
            assert status == ends and "nobody_reads_me" in text, text


def test_toolchain_is_told_once(tmp_path):
    """The first time make says what it has found; then no more."""
    project = variant.copy_project(tmp_path / "project", ())
    told = [re.findall("^toolchain: .*$", run_make("-n", "all", folder=project)[1], re.MULTILINE)
            for _ in range(3)]
    assert len(told[0]) == 1 and re.search(r"gcc|clang", told[0][0]) and told[1:] == [[], []]


def files(folder):
    """Return {path: content's digest} of all files below, build/ left out."""
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.rglob("*")
            if path.is_file() and "build" not in path.relative_to(folder).parts[:1]}


def names_in(disk, *folders):
    return set(re.findall(r"\S+", image.debugfs(disk, *(f"ls -p {folder}" for folder in folders)).replace("/", " ")))


def linked(project):
    return {name for verb, name in planned(folder=project) if verb == "LINK"}


def test_images_follow_the_files(project):
    """New programs and files are on the next image, removed ones are not; only build/ is written.

    Nothing else is linked for them, and a program that loses a source is.
    """
    added = {"user/bin/newcomer/main.c": "int main(void) { return 0; }\n", "user/etc/newfile": "text\n",
             "user/bin/newcomer/other.c": "extern int other;\n",
             "user/test/newtest.c": "int main(void) { return 0; }\n", "user/test/newscript.sh": "true\n"}
    names = {"newcomer", "newfile", "newtest", "newscript.sh"}
    (project / "user/bin/newcomer").mkdir()
    for path, text in added.items():
        (project / path).write_text(text)
    assert linked(project) == {"build/user/bin/newcomer", "build/user/test/newtest"}
    for path in ("kernel/riscv/entry.S", "kernel/riscv/offsets.c", "user/bin/echo.c"):
        os.utime(project / path)
    before = files(project)
    variant.make(project, "all")
    for image_name in ("test.img", "initrd.cpio"):
        variant.make(project, f"build/{image_name}")
    assert files(project) == before
    assert names <= names_in(project / "build/test.img", "/bin", "/etc", "/test")
    (project / "user/bin/newcomer/other.c").unlink()
    assert linked(project) == {"build/user/bin/newcomer"}
    for path in added:
        (project / path).unlink(missing_ok=True)
    variant.make(project, "build/test.img")
    assert not names & names_in(project / "build/test.img", "/bin", "/etc", "/test")


FAILING = '''"""Fails on purpose."""
from machine import Machine

def test_seeded_failure(disk):
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("echo the last words")
        assert m.ok("echo no") == "yes"

def test_seeded_success():
    pass
'''


def test_report_of_a_failure(project):
    """T=NAME runs that test alone; the report has the console's tail, and a command that repeats it."""
    (project / "test/test_seeded.py").write_text(FAILING)
    before = files(project)
    status, text = run_make("test", "T=seeded_failure", folder=project)
    assert status != 0 and re.search(r"1 failed, \d+ deselected in", text), text
    assert re.search(r"--- console \(build/test-logs/.*\n(.*\n)*the last words\n", text), text
    assert re.search(r"^\S*qemu-system-riscv64 .* -kernel build/kernel.elf", text, re.MULTILINE)
    # That such a name is one, and found once, is seen to for all of them (test_house.py).
    assert re.findall(r"^make test T='(.*)'$", text, re.MULTILINE) == ["test_seeded_failure"]
    assert files(project) == before


def test_keys_leave_qemu(disk):
    """`make qemu` tells of Ctrl-A X, and it works."""
    with pexpect.spawn("make", ["qemu", f"DISK={disk}", "SMP=1"], cwd=ROOT, env=fresh_environment(),
                       timeout=HANG, encoding="utf-8") as qemu:
        qemu.expect_exact("Ctrl-A X leaves QEMU.")
        qemu.expect(r"trapdoor:/\$ ")
        qemu.send("\x01x")
        qemu.expect_exact("QEMU: Terminated")
        qemu.expect(pexpect.EOF)
        qemu.close()
        assert qemu.exitstatus == 0


def test_llvm_builds_it(request, tmp_path):
    """clang and lld make everything, and it runs; that takes a minute, so only when it is asked for."""
    if "llvm" not in request.config.option.keyword:
        pytest.skip("takes a minute: make test T=llvm")
    for tool in ("clang", "ld.lld", "llvm-ar"):
        if not shutil.which(tool):
            pytest.skip(f"there is no {tool}")
    project = variant.copy_project(tmp_path / "project", ())
    status, text = run_make(f"-j{os.cpu_count()}", "all", "LLVM=1", "CI=true", folder=project)
    assert status == 0 and re.search("^toolchain: clang", text, re.MULTILINE), text
    with Machine(disk=project / "build/disk.img", kernel=str(project / "build/kernel.elf"), smp=2) as m:
        m.boot()
        for program in ("fpu", "pipes", "signals", "threads"):
            assert ", 0 failed" in m.ok(f"/test/{program}")
