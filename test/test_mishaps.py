"""What a user program can do wrong: it gets an errno or dies with one line; all others go on."""

import errno
import re
import struct

import pytest

import image
from machine import BUILD, HANG, PROMPT, ROOT, Machine

# The kernel's line on a fatal fault: pid, name, signal, pc, and what it did, in words.
DEATH = re.compile(r"pid \d+ \(crash\): SIG[A-Z]+ at pc 0x[0-9a-f]+: \w+.*")
# These do not end by themselves, or take all of something: bounded here.
LIMITS = {"hog": None, "fork-limit": "200", "file-limit": "", "memory": "40"}
SIGABRT_STATUS = 134


def list_kinds(m):
    """Return the kinds of mishap that the command `crash` knows, as it tells them itself."""
    return re.findall(r"^  ([a-z][a-z0-9-]+) ", m.ok("crash"), re.MULTILINE)


def judge_crash(kind, result):
    """Return what is wrong with the way a crash ended, or None.

    A forbidden operation must end the program by a signal, with a line from the kernel; one that
    the machine allows, or that gives an error, returns 0; "still alive" comes with status 1.
    """
    if result.status == 0:
        return None
    if result.status < 128:
        return f"{kind}: status {result.status}: {result.output!r}"
    if result.status != SIGABRT_STATUS and not DEATH.search(result.output):
        return f"{kind}: died ({result.status}) without a line from the kernel: {result.output!r}"
    return None


def test_every_crash(m):
    kinds = list_kinds(m)
    assert len(kinds) >= 20
    wrong = []
    for kind in kinds:
        limit = LIMITS.get(kind, "")
        if limit is not None:
            wrong.append(judge_crash(kind, m.run(f"crash {kind} {limit}")))
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert m.ok("echo alive") == "alive\n"


def test_forbidden_is_deadly(m):
    """The restricted operations of the courses do end in a signal."""
    for kind, status in (("null", 139), ("kernel-read", 139), ("kernel-write", 139),
                         ("kernel-jump", 139), ("text-write", 139), ("illegal", 132),
                         ("privileged", 132), ("csr-satp", 132), ("stack-overflow", 139)):
        assert m.run(f"crash {kind}").status == status, kind


def test_hog_is_interrupted(m):
    m.send("crash hog\r")
    m.expect(r"spinning[^\n]*\n")
    m.send("\x03")
    m.expect(PROMPT)
    assert m.ok("echo alive") == "alive\n"


def test_memory_exhausted_by_one(disk):
    """A process that takes all memory gets ENOMEM (or is killed); others go on."""
    with Machine(disk=disk, mem="48M") as m:
        m.boot()
        m.run("crash memory", timeout=2 * HANG)
        assert m.ok("echo alive; ls / | wc -l").startswith("alive\n")


def elf_variants(good):
    """Return {name: bytes} of executables that are broken, each in its own way."""
    def patch(offset, form, value):
        data = bytearray(good)
        struct.pack_into(form, data, offset, value)
        return bytes(data)

    phoff = struct.unpack_from("<Q", good, 32)[0]
    loads = [phoff + 56 * i for i in range(struct.unpack_from("<H", good, 56)[0])
             if struct.unpack_from("<I", good, phoff + 56 * i)[0] == 1]
    first = loads[0]
    return {
        "empty": b"",
        "magic": good[:4],
        "header": good[:63],
        "cut": good[:phoff + 40],
        "wrong-magic": b"\x7fELG" + good[4:],
        "class32": patch(4, "<B", 1),
        "big-endian": patch(5, "<B", 2),
        "machine": patch(18, "<H", 62),
        "type": patch(16, "<H", 1),
        "phoff-far": patch(32, "<Q", 1 << 62),
        "phoff-wrap": patch(32, "<Q", (1 << 64) - 8),
        "phnum-many": patch(56, "<H", 65535),
        "phnum-none": patch(56, "<H", 0),
        "phentsize": patch(54, "<H", 1),
        "kernel-address": patch(first + 16, "<Q", 0xFFFFFFFF80200000),
        "direct-map": patch(first + 16, "<Q", 0xFFFFFFC000000000),
        "memory-huge": patch(first + 40, "<Q", 1 << 63),
        "memory-wrap": patch(first + 40, "<Q", (1 << 64) - 4096),
        "file-beyond": patch(first + 8, "<Q", 1 << 40),
        "size-mismatch": patch(first + 40, "<Q", 1),
        "misaligned": patch(first + 16, "<Q", 0x10001),
    }


def test_hostile_executables(tmp_path, disk):
    """Each is refused (or dies at once); nothing is leaked; the shell goes on."""
    good = (BUILD / "root/bin/true").read_bytes()
    variants = elf_variants(good)
    image.debugfs(disk, "mkdir /bad", write=True)
    for name, content in variants.items():
        image.write_file(disk, f"/bad/{name}", content, tmp_path, mode=0o100755)
    image.write_file(disk, "/bad/entry-nowhere", good[:24] + struct.pack("<Q", 8) + good[32:],
                     tmp_path, mode=0o100755)
    image.write_file(disk, "/bad/interpreter", b"#!/bad/interpreter\n", tmp_path, mode=0o100755)
    image.write_file(disk, "/bad/no-interpreter", b"#!/nowhere\n", tmp_path, mode=0o100755)
    expected = dict.fromkeys(variants, errno.ENOEXEC) | {
        "entry-nowhere": -1, "interpreter": errno.ELOOP, "no-interpreter": errno.ENOENT}
    with Machine(disk=disk, smp=2) as m:
        m.boot()
        m.ok("/test/exec --errors /bad/* >/dev/null")
        before = m.memory()
        got = re.findall(r"^/bad/(\S+) (-?\d+)$", m.ok("/test/exec --errors /bad/*"), re.MULTILINE)
        assert {name: int(number) for name, number in got} == expected
        after = m.memory()
        assert all(after[name] <= before[name] for name in ("AnonPages", "PageTables", "Slab")), (before, after)


def test_killed_by_a_closed_pipe(m):
    """SIGPIPE ends a writer that nobody reads; its shell goes on."""
    assert m.ok("yes | head -n 1") == "y\n"
    assert m.ok("seq 100000 | head -n 3 | tail -n 1") == "3\n"


def test_memory_exhausted_by_many(disk):
    """A crowd of processes cannot take the machine down."""
    with Machine(disk=disk, mem="32M") as m:
        m.boot()
        m.run("crash fork-limit", timeout=2 * HANG)
        assert m.ok("echo alive; ls / | wc -l").startswith("alive\n")


def test_stack_overflow_of_a_script(m):
    """Unlimited recursion ends the program that recurses, not the machine."""
    m.run("sh -c 'f() { f; }; f'")
    assert m.ok("echo alive") == "alive\n"


def test_no_path_of_the_host_in_the_kernel():
    """The kernel image names its sources relative to the project."""
    strings = (BUILD / "kernel.elf").read_bytes()
    text = strings[:strings.find(b".debug_")] if b".debug_" in strings else strings
    assert str(ROOT / "kernel").encode() not in text
