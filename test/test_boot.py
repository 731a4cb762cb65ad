"""Booting: sizes, harts, firmware offers, device trees, where the root is, how it ends."""

import re
import subprocess
import time

import pexpect
import pytest

import counted
import devicetree
import image
from machine import HANG, Machine, qemu_command


def change_memory(source, reg):
    """Return the tree with this as where its memory is."""
    return re.sub(r"(memory@.*?reg = )<[^>]*>", rf"\1<{reg}>", source, count=1, flags=re.DOTALL)


def reserve(source, *regs):
    """Return the tree with these ranges reserved."""
    ranges = " ".join(f"r@{number:x} {{ reg = <{reg}>; }};" for number, reg in enumerate(regs))
    node = f"reserved-memory {{ #address-cells = <2>; #size-cells = <2>; ranges; {ranges} }};"
    return re.sub(r"\};\s*\Z", node + "};", source)


# One clear line about the device tree, and a stop: the words that must be in that line.
BROKEN_TREES = {
    "no-memory": (lambda s: devicetree.remove_nodes(s, "memory"), "memory"),
    "cut-short": (lambda s: re.sub(r"(memory@.*?reg = <\S+ \S+ \S+) \S+>", r"\1>", s, 1, re.DOTALL),
                  "reg"),
    "tree-outside": (lambda s: change_memory(s, "0 0x80000000 0 0x3000000"), "outside the memory"),
    "kernel-outside": (lambda s: change_memory(s, "1 0x80000000 0 0x8000000"), "kernel is outside"),
    "memory-beyond": (lambda s: change_memory(s, "0 0x80000000 0x10000 0"), "beyond"),
    "all-reserved": (lambda s: reserve(s, "0 0x80000000 0 0x8000000"), "no room"),
    "reserved-wraps": (lambda s: reserve(s, "0 0 0xffffffff 0xffffffff"), "wraps"),
    "reserved-often": (lambda s: reserve(s, *(f"0 {0x84000000 + 65536 * i:#x} 0 0x1000" for i in range(100))),
                       "reserves more ranges"),
    "no-mmu-type": (lambda s: devicetree.remove_property(s, "mmu-type"), "no hart that can be used"),
    "no-mmu": (lambda s: re.sub("riscv,sv[0-9]+", "riscv,none", s), "no hart that can be used"),
    "clock-stands": (lambda s: re.sub(r"(timebase-frequency) = <\S+>", r"\1 = <0>", s), "timebase-frequency"),
    "no-interrupt-controller": (lambda s: devicetree.remove_nodes(s, "plic"), "interrupt|PLIC"),
}


def boot_and_close(**settings):
    with Machine(**settings) as machine:
        log = machine.boot()
        assert machine.ok("echo hello") == "hello\n"
        return log


@pytest.mark.parametrize("mem", ["32M", "33M", "1G", "8G"])
def test_memory_size(disk, mem):
    boot_and_close(disk=disk, mem=mem)


@pytest.mark.parametrize("smp,mem", [(1, "128M"), (2, "128M"), (3, "128M"), (5, "8G"), (8, "32M")])
def test_harts(disk, smp, mem):
    log = boot_and_close(disk=disk, smp=smp, mem=mem)
    assert re.search(rf"\b{smp} harts?\b", log), "the boot log does not tell the number of harts"


def test_more_harts_than_are_used():
    """Whichever of the nine starts: eight run and that is told, or that it was the ninth."""
    machine = Machine(initrd=True, smp=9)
    machine.expect(r"harts: those beyond the first 8 are left alone"
                   r"|boot: of more than 8 harts only the first 8 are used")
    machine.kill()


def test_nobody_spins_at_boot():
    """Where harts take turns and instructions are the clock, to spin for another takes 100 ms.

    Without a disk: while all wait for one, such a clock skips hours, and the emulator is busy with that.
    QEMU 7.2 can let one hart spin for ever for a lock in whose middle another's turn has ended
    (counted.py): about one run of a hundred is made again.
    """
    command = qemu_command(SMP=8, INITRD=1, QEMU_EXTRA="-icount shift=0,sleep=off",
                           APPEND="panic=exit init=/bin/cat /proc/uptime")
    for limit in (HANG / 4, HANG / 4, HANG):
        try:
            result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                    timeout=limit, check=True)
            break
        except subprocess.TimeoutExpired:
            if limit == HANG:
                raise
    up, idle = re.search(r"^([\d.]+) ([\d.]+)\s*$", result.stdout, re.MULTILINE).groups()
    assert 8 * float(up) - float(idle) < 0.5


def test_any_boot_hart(disk):
    """The firmware's race makes any hart the boot hart: a few boots must all work."""
    for _ in range(4):
        boot_and_close(disk=disk, smp=4)


def test_timer_through_sbi(disk):
    with Machine(disk=disk, append="timer=sbi", smp=2) as machine:
        assert "timer: SBI, " in machine.boot()
        assert machine.ok("sleep 1; echo slept") == "slept\n"
        assert abs(int(machine.ok("date +%s")) - time.time()) < HANG       # the clock of the host


def test_virtio_version_1(disk):
    with Machine(disk=disk, legacy=True) as machine:
        machine.boot()
        machine.ok("echo legacy >/tmp/legacy; sync")
        assert machine.ok("cat /tmp/legacy") == "legacy\n"


def test_initrd_without_disk():
    with Machine(initrd=True) as machine:
        machine.boot()
        assert "sh" in machine.ok("ls /bin")
        machine.ok("echo here >/tmp/file")
        assert machine.ok("cat /tmp/file") == "here\n"


def test_nothing_to_boot_from():
    """No disk and no initrd: one line that says so, and an end."""
    machine = Machine(append="panic=exit")
    status, text = machine.wait_exit(panic_ends=True)
    assert status != 0
    assert re.search(r"root", text)


@pytest.mark.parametrize("case", BROKEN_TREES)
def test_broken_device_tree(tmp_path, case):
    change, words = BROKEN_TREES[case]
    source = devicetree.dump_source(tmp_path)
    changed = change(source)
    assert changed != source, "the tree has nothing like that to remove"
    machine = Machine(dtb=devicetree.compile_source(tmp_path, changed), smp=2,
                      append="panic=exit")
    machine.see(rf"device tree[^\r\n]*({words})|({words})[^\r\n]*device tree")


def test_device_tree_without_extras(tmp_path, disk):
    """What the kernel can do without may be absent."""
    source = devicetree.dump_source(tmp_path, smp=2)
    for name in ("rtc", "flash", "fw-cfg", "pci", "pmu"):
        source = devicetree.remove_nodes(source, name)
    source = devicetree.remove_property(source, "rng-seed")
    with Machine(dtb=devicetree.compile_source(tmp_path, source), smp=2, disk=disk) as machine:
        machine.boot()
        machine.ok("date")


@pytest.mark.parametrize("command,status,words", [
    ("/bin/cat /proc/self/cmdline", 0, "/bin/cat\0/proc/self/cmdline\0"),
    ("/bin/ls -l /dev/fd/ /none", 2, r"(l.* [012] -> /dev/console\n+){3}l.* 3\b")], ids=["0", "2"])
def test_exit_status_of_init(disk, command, status, words):
    """argv[0] is its path, descriptors 0 to 2 are the console, and QEMU ends as it did."""
    machine = Machine(disk=disk, append=f"loglevel=3 init={command}")
    ended, text = machine.wait_exit()
    assert ended == status and re.search(words, text), text


def test_exit_status_of_the_shell(disk):
    """Who leaves the first shell leaves the machine."""
    machine = Machine(disk=disk)
    machine.boot()
    machine.send("exit 5\r")
    assert machine.wait_exit()[0] == 5


STUCK = ",throttling.bps-total=1"       # a disk that answers once in a while, in hours

# What hangs, and what the console's last line says then.
WAITS = {
    "root": (lambda disk, swap: {"append": "root=vda", "extra": image.second_disk(disk, STUCK)},
             "root: mounting vda (waits for the disk)"),
    "init": (lambda disk, swap: {"append": "root=vda", "extra": image.second_disk(
        disk, STUCK + ",throttling.bps-total-max=40000")}, "init: waiting for /bin/init to be read"),
    "swap": (lambda disk, swap: {"disk": disk, "append": "swap=vdb",
                                 "extra": image.second_disk(swap, STUCK)}, "swap: waiting for vdb"),
}


@pytest.mark.parametrize("stage", WAITS)
def test_stage_that_hangs_says_what_it_waits_for(tmp_path, disk, stage):
    settings, words = WAITS[stage]
    swap = tmp_path / "swap.img"
    image.make_swap(swap, 64)
    machine = Machine(**settings(disk, swap))
    machine.expect(re.escape(words) + r"\r*\n")
    assert machine.process.expect([r"\n", pexpect.TIMEOUT], timeout=0.7) == 1, machine.tail()
    machine.kill()


def test_hart_that_does_not_come(tmp_path, disk):
    """The device tree has one more than there are: it is waited for ten seconds, and named."""
    tree = devicetree.compile_source(tmp_path, devicetree.dump_source(tmp_path, smp=3))
    machine = Machine(dtb=tree, smp=2, disk=disk, append="panic=exit", extra=counted.COUNTED)
    _, text = machine.wait_exit(panic_ends=True)
    assert re.search(r"harts: waiting for 2 more\n+.*panic: hart 2 \(id 2\) was started", text), text


def test_init_ends_the_machine_when_asked(disk):
    """Other systems' poweroff sends a signal."""
    machine = Machine(disk=disk)
    machine.boot()
    machine.send("kill -USR2 1\r")
    status, text = machine.wait_exit()
    assert status == 0 and "Powering off." in text


def test_arguments_of_init(disk):
    """Everything after init=PATH belongs to it; argv[0] is its path."""
    machine = Machine(disk=disk, append="loglevel=3 init=/bin/echo one two=2 root=three")
    status, text = machine.wait_exit()
    assert status == 0
    assert "one two=2 root=three\n" in text


@pytest.mark.parametrize("path", ["/bin/nothing", "/bin", "/dev/null"])
def test_init_that_cannot_run(disk, path):
    """One line that names the program and why, and an end that is not 0."""
    machine = Machine(disk=disk, append=f"panic=exit init={path}")
    status, text = machine.wait_exit(panic_ends=True)
    assert status != 0
    assert re.search(re.escape(path) + "[^\n]+", text)


def test_reboot_command(disk):
    """Reboot resets the machine, which under -no-reboot ends QEMU with 0."""
    machine = Machine(disk=disk)
    machine.boot()
    machine.send("reboot\r")
    assert machine.wait_exit()[0] == 0


def test_boot_log_is_short(disk):
    log = boot_and_close(disk=disk, smp=2)
    kernel = log[log.rindex("Boot HART MEDELEG"):] if "Boot HART MEDELEG" in log else log
    assert len(kernel.splitlines()) < 40
    assert "timer: Sstc, " in kernel
