"""Debian's busybox, which nobody here wrote, as the shell and the commands of the machine."""

import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest

import busybox_root
import image
from conftest import SharedMachine, lend
from machine import ROOT

pytestmark = [pytest.mark.one_config, pytest.mark.xdist_group("busybox")]


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """What the applets print on the host, and the tree that they worked on."""
    folder = tmp_path_factory.mktemp("host")
    tree = busybox_root.make_tree(folder / "tree")
    work = folder / "work"
    subprocess.run(["cp", "-a", str(tree), str(work)], check=True)
    path = busybox_root.hosts_busybox(folder / "bin")
    script = ROOT / "test/busybox/compare.sh"
    result = subprocess.run([str(path / "ash"), str(script)], cwd=work, check=False, text=True,
                            env={"PATH": str(path), "TZ": "UTC"}, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return tree, result.stdout


class SharedAsh(SharedMachine):
    """One boot into ash for the tests of this file; another one after a failure."""

    def boot(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        busybox_root.make_tree(folder / "extra/tree")
        shutil.copy(ROOT / "test/busybox/compare.sh", folder / "extra")
        disk = busybox_root.machines_busybox(folder, folder / "extra")
        machine = busybox_root.Ash(disk=disk, smp=2)
        machine.folder = folder
        machine.boot()
        machine.shared = True
        return machine


@pytest.fixture(scope="module")
def ashes(tmp_path_factory):
    machines = SharedAsh({}, tmp_path_factory.mktemp("busybox"))
    yield machines
    machines.finish()


@pytest.fixture
def bb(request, ashes):
    """The machine at ash's prompt."""
    yield from lend(request, ashes)


def test_it_is_debians(bb):
    assert "Debian" in bb.ok("busybox | head -n 1")
    assert "busybox" in bb.ok("ls -l /bin/awk")
    assert bb.ok("cat /proc/mounts").splitlines()[0].endswith("ext2 rw 0 0")


def test_job_control(bb):
    bb.send("sleep 1000\r")
    time.sleep(1)
    bb.send("\x1a")
    bb.expect(r"\[1\]\+\s+Stopped\s+sleep 1000")
    bb.expect(bb.prompt)
    assert "Stopped" in bb.ok("jobs")
    bb.type("bg")
    assert "Running" in bb.ok("jobs")
    bb.send("fg\r")
    bb.expect("sleep 1000")
    time.sleep(1)           # ash says so before it gives the terminal away
    bb.send("\x03")
    bb.expect(bb.prompt)
    assert bb.ok("jobs") == ""


def test_interrupt_key_in_ash(bb):
    bb.send("yes | cat | cat >/dev/null\r")
    time.sleep(1)
    bb.send("\x03")
    bb.expect(bb.prompt)
    assert bb.ok("echo $?") == "130\n"


def test_background_reader_stops(bb):
    bb.type("cat &")
    time.sleep(0.5)
    assert "Stopped (tty input)" in bb.type("jobs")
    bb.type("kill %1")
    bb.type("fg")
    assert bb.ok("jobs") == ""


def test_vi_edits_a_file(bb):
    bb.ok("rm -f /tmp/note")
    bb.send("vi /tmp/note\r")
    bb.expect("/tmp/note 1/1 100%")
    for keys, seen in (("ihello\rwurld", "wurld"), ("\x1b", "- /tmp/note"), ("3h", "\x1b"),
                       ("ro", "o"), ("ggO", "I /tmp/note"), ("first\x1b", "- /tmp/note"),
                       (":wq\r", "3L, 18C")):
        bb.send(keys)
        bb.expect(seen)
        time.sleep(0.3)     # a person's: vi takes keys that follow an escape for a function key
    bb.expect(bb.prompt)
    assert bb.ok("cat /tmp/note") == "first\nhello\nworld\n"
    bb.ok("sync")
    assert image.read_file(bb.disk, "/tmp/note", bb.folder) == b"first\nhello\nworld\n"


def test_less_pages(bb):
    bb.ok("seq 100 >/tmp/lines")
    bb.send("less /tmp/lines\r")
    bb.expect(r"K23\r")
    for key, seen in ((" ", r"K46\r"), ("G", r"K100\r"), ("/55\r", r"K77\r"), ("g", r"K1\r")):
        time.sleep(0.3)     # a person's: the terminal is cooked until less has drawn and waits for a key
        bb.send(key)
        bb.expect(seen)
    bb.send("q")
    bb.expect(bb.prompt)


def test_top_refreshes(bb):
    bb.send("top -d 1\r")
    for _ in range(3):
        bb.expect(r"Mem: +\d+K used")
        bb.expect(r"\d+ +\d+ root .* top -d 1")
    bb.send("q")
    bb.expect(bb.prompt)


def test_processes_and_memory(bb):
    listing = bb.ok("ps -o pid,ppid,stat,comm").splitlines()
    assert any(line.split()[:2] == ["1", "0"] and "init" in line for line in listing)
    assert any(line.split()[2:] == ["R", "ps"] for line in listing)
    memory = bb.ok("free").splitlines()
    total, used, free = (int(word) for word in memory[1].split()[1:4])
    assert 100000 < total < 140000 and used < total and free < total
    assert bb.ok("pidof init") == "1\n"


def test_who_and_where(bb):
    """The rest of what tells about the machine, its users and its processes' importance."""
    assert bb.ok("id").startswith("uid=0(root) gid=0(root)")
    assert bb.ok("hostname there && hostname; hostname trapdoor") == "there\n"
    assert bb.ok("uname -m") == "riscv64\n"
    assert "load average:" in bb.ok("uptime")
    assert "Trapdoor" in bb.ok("dmesg | grep harts")
    assert bb.ok("nice; nice -n 7 nice") == "0\n7\n"
    assert "real\t0m" in bb.type("time true")
    bb.ok("sleep 100 & renice -n 3 -p $! && ps -o pid,nice | grep \"^ *$! *3\" && kill $!")
    assert "sleep" in bb.ok("sleep 77 & sleep 1; pstree | tail -n 3; kill $!")


def test_file_systems(bb):
    bb.ok("mount -t tmpfs none /mnt && echo x >/mnt/x && df /mnt | grep -q /mnt")
    assert "ramfs" in bb.ok("mount") or "tmpfs" in bb.ok("mount")
    bb.ok("umount /mnt")
    total, used, free = (int(word) for word in bb.ok("df / | tail -n 1").split()[1:4])
    assert 0 < used < total and 0 < free < total and used + free <= total


def test_nothing_is_missing(bb):
    """The calls of all of the above are there: the log names none."""
    assert "asks for" not in bb.ok("dmesg")


def test_applets_do_what_they_do_on_the_host(host, bb):
    _, expected = host
    bb.ok("rm -rf /tmp/work; cp -a /tree /tmp/work && cd /tmp/work")
    bb.run("TZ=UTC sh /compare.sh </dev/null >/tmp/compared 2>&1; cd; sync")
    got = image.read_file(bb.disk, "/tmp/compared", bb.folder).decode(errors="replace")
    assert got.splitlines() == expected.splitlines()
    assert "asks for" not in bb.ok("dmesg")
