"""The disk: what the kernel wrote and read, judged on the host by e2fsprogs."""

import os
import random
import re
import subprocess

import pexpect
import pytest

import image
from machine import HANG, PROMPT, Machine, judge

LONG_NAME = "n" * 255


def make_content(seed, size):
    return random.Random(seed).randbytes(size)


def make_host_files(folder):
    """Fill a folder with what an ext2 reader must get right; return {path: content}."""
    folder.mkdir()
    sizes = {"empty": 0, "one": 1, "block": 4096, "direct": 12 * 1024, "indirect": 200_000,
             "double": 3_000_000, LONG_NAME: 77}
    files = {}
    for name, size in sizes.items():
        files[name] = make_content(name, size)
        (folder / name).write_bytes(files[name])
    with open(folder / "sparse", "wb") as sparse:
        sparse.write(b"start")
        sparse.seek(70_000_000)
        sparse.write(b"end")
    with open(folder / "huge", "wb") as huge:       # blocks that only a triply indirect one knows
        huge.seek(4_400_000_000)
        huge.write(b"the end")
    (folder / "fast").symlink_to("one")
    (folder / "slow").symlink_to("./" * 60 + "one")
    os.link(folder / "one", folder / "hard")
    deep = folder.joinpath(*["d"] * 30)
    deep.mkdir(parents=True)
    (deep / "bottom").write_bytes(b"deep")
    many = folder / "many"
    many.mkdir()
    for number in range(1000):
        (many / f"file-{number}").write_bytes(b"%d\n" % number)
    return files


@pytest.fixture(params=[1024, 4096], ids=["1k", "4k"])
def block(request):
    return request.param


def test_files_survive_a_reboot(disk):
    with Machine(disk=disk, smp=2) as m:
        m.boot()
        m.ok("mkdir /keep; seq 10000 >/keep/numbers; ln -s numbers /keep/link")
        m.ok("chmod 600 /keep/numbers")
    with Machine(disk=disk, smp=2) as m:
        m.boot()
        assert m.ok("tail -n 1 /keep/link") == "10000\n"
        assert m.ok("ls -l /keep/numbers").startswith("-rw-------")
    expected = "".join(f"{number}\n" for number in range(1, 10001)).encode()
    assert image.read_file(disk, "/keep/numbers", disk.parent) == expected


def test_reads_what_the_host_made(tmp_path, block):
    """Copies by the kernel must equal the host's originals: reading and writing at once."""
    files = make_host_files(tmp_path / "host")
    disk = image.make_disk(tmp_path, extra=tmp_path / "host", block=block, size="48M")
    with Machine(disk=disk, smp=2) as m:
        m.boot()
        m.ok("mkdir /copy")
        for name in files:
            if name != LONG_NAME:
                m.ok(f"cp /{name} /copy/{name}")
        m.ok("for f in /nnnn*; do cp $f /copy/long; done")
        assert m.ok("wc -c </sparse").strip() == "70000003"
        assert m.ok("tail -c 3 /sparse") == "end"
        assert m.ok("head -c 5 /sparse") == "start"
        assert m.ok("tail -c 7 /huge") == "the end"
        assert m.ok("cmp /fast /slow; cmp /one /hard; stat -c %h /one") == "2\n"
        path = "/d" * 30 + "/bottom"
        assert m.ok(f"cat {path}") == "deep"
        assert m.ok("ls /many | wc -l").strip() == "1000"
        assert m.ok("cat /many/file-777") == "777\n"
    for name, content in files.items():
        copy = "long" if name == LONG_NAME else name
        assert image.read_file(disk, f"/copy/{copy}", tmp_path) == content, name


def test_names_with_the_tree_index(tmp_path):
    """An indexed directory (e2fsck -D makes one): entries come and go, and it stays consistent."""
    make_host_files(tmp_path / "host")
    disk = image.make_disk(tmp_path, extra=tmp_path / "host", block=1024, size="48M")
    subprocess.run([image.tool("e2fsck"), "-fyD", str(disk)], capture_output=True, check=False)
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("for i in $(seq 300); do echo $i >/many/new-$i; done")
        m.ok("rm /many/file-1*")
        assert m.ok("ls /many | wc -l").strip() == str(1000 - 111 + 300)
        assert m.ok("cat /many/new-300") == "300\n"


def test_image_as_mke2fs_makes_it(tmp_path):
    """No option of ours: the defaults of the host's mke2fs, owned by whoever ran it."""
    disk = tmp_path / "default.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-d", str(image.BUILD / "root"),
                    str(disk), "48M"], check=True)
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("mkdir /tmp/x && echo text >/tmp/x/y && sync")
        assert m.ok("cat /tmp/x/y") == "text\n"


def test_mapped_pages_reach_the_disk(disk, tmp_path):
    """What msync and fsync have promised is there when the machine is cut off."""
    m = Machine(disk=disk)
    m.boot()
    assert ", 0 failed" in m.ok("/test/mmap keep")
    m.kill()
    for name in ("/kept-by-msync", "/kept-by-fsync"):
        assert image.read_file(disk, name, tmp_path) == b"k" * 8 * 4096


def test_mapped_pages_that_do_not_fit_reach_the_disk(tmp_path):
    """A mapped file larger than RAM, nobody syncs: what memory cannot hold is on the disk."""
    disk = image.make_disk(tmp_path, size="80M")
    m = Machine(disk=disk, mem="32M")
    m.boot()
    assert ", 0 failed" in m.ok("/test/mmap large 56", timeout=2 * HANG)
    m.kill()
    content = image.read_file(disk, "/large", tmp_path)
    there = [page for page in range(len(content) // 4096)
             if content[page * 4096:page * 4096 + 8] == (page + 1).to_bytes(8, "little")]
    assert len(there) >= (56 - 32) * 256
    # Pages are whole, or have not been written at all.
    assert len(there) == sum(any(content[at:at + 4096]) for at in range(0, len(content), 4096))


def test_full_disk(tmp_path, block):
    """Filling ends in ENOSPC; what is removed is free again; nothing is damaged."""
    disk = image.make_disk(tmp_path, block=block, size="16M")
    with Machine(disk=disk, smp=2) as m:
        m.boot()
        before = m.ok("df / | tail -n 1").split()
        result = m.run("cat /dev/zero >/big", timeout=2 * HANG)
        assert result.status != 0 and "o space" in result.output
        assert m.run("echo text >/more && sync && cat /more").output != "text\n"
        m.ok("rm -f /big /more")
        m.ok("echo text >/more && cat /more && rm /more; sync")
        assert m.ok("df / | tail -n 1").split()[1:4] == before[1:4]


def test_out_of_inodes(tmp_path):
    disk = tmp_path / "few.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-N", "400", "-d",
                    str(image.BUILD / "root"), str(disk), "24M"], check=True)
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("mkdir /f")
        result = m.run("for i in $(seq 500); do echo >/f/$i || break; done")
        assert "o space" in result.output
        m.ok("rm -r /f; mkdir /f; echo again >/f/file")
        assert m.ok("cat /f/file") == "again\n"


def test_sparse_file_made_by_the_kernel(disk):
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("echo x >/sp && truncate -s 9000000 /sp && echo y >>/sp"
             if "truncate" in m.ok("ls /bin") else "seq 9 >/sp")
        size = int(m.ok("wc -c </sp"))
    assert len(image.read_file(disk, "/sp", disk.parent)) == size


def test_second_disk_is_mounted(tmp_path, disk):
    """The mount table: another file system in the tree, and .. across its root."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "hello").write_text("from the second disk\n")
    other = tmp_path / "other.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-d", str(folder), str(other), "8M"],
                   check=True)
    extra = f"-drive file={other},format=raw,if=none,id=hd1 -device virtio-blk-device,drive=hd1"
    with Machine(disk=disk, extra=extra) as m:
        m.boot()
        if m.run("mount /dev/vdb /mnt").status != 0:
            m.ok("mount /dev/vda /mnt")     # QEMU numbers its slots from the last
        assert m.ok("cat /mnt/hello") == "from the second disk\n"
        assert m.ok("cd /mnt; cd ..; pwd; cd /") == "/\n"
        m.ok("echo new >/mnt/new")
    judge(other)
    assert image.read_file(other, "/new", tmp_path) == b"new\n"


def disk_use(m, name):
    """Return the numbers of a disk in /proc/diskstats, as Linux's documentation counts them from 1."""
    row = re.search(rf" {name} (.*)$", m.ok("cat /proc/diskstats"), re.MULTILINE).group(1)
    return dict(enumerate(map(int, row.split()), 1))


@pytest.mark.parametrize("smp", [1, 4])
def test_requests_are_in_flight_together(tmp_path, disk, smp):
    """Four who read files of their own from a slow disk have four requests with it, or nearly.

    While one reads another computes, on one hart too: who waits for the disk takes no time.
    """
    folder, slow = tmp_path / "files", tmp_path / "slow.img"
    folder.mkdir()
    for name in "abcde":
        (folder / name).write_bytes(make_content(name, 1 << 20))
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-d", str(folder), str(slow), "8M"],
                   check=True)
    extra = image.second_disk(slow, ",throttling.iops-total=100")
    with Machine(disk=disk, smp=smp, extra=extra) as m:
        m.boot()
        m.ok("mount -t ext2 /dev/vdb /mnt")
        before = disk_use(m, "vdb")
        m.ok("for f in a b c d; do cat /mnt/$f >/dev/null & done; wait")
        after = disk_use(m, "vdb")
        m.ok("{ time cat /mnt/e >/dev/null; : >/end; } 2>/times &")
        m.ok("n=0; while [ ! -e /end ]; do n=$((n+1)); done; wait")
        assert int(m.ok("echo $n")) >= 50
        seconds = dict(re.findall(r"^(\w+)\s+(?:(?:\d+)m)?([\d.]+)", m.ok("cat /times"), re.MULTILINE))
        assert float(seconds["user"]) + float(seconds["sys"]) < float(seconds["real"]) / 2
    use = {field: after[field] - before[field] for field in after}
    assert 4 * 2048 <= use[3] < 4 * 2048 + 512 and after[9] == 0
    assert use[11] > 2 * use[10]    # the time of all requests, that of the disk: one at a time it is 1


def test_deleted_when_the_clock_stood_at_1970(disk):
    """e2fsck must not take the time of an inode's end for a link in a list of orphans."""
    with Machine(disk=disk) as m:
        m.boot()
        m.ok("date -s @5 && touch /gone && rm /gone && sync; date -s 2026-11-01")


def test_many_writers_in_one_directory(disk):
    with Machine(disk=disk, smp=4) as m:
        m.boot()
        m.ok("mkdir /w; echo 'for i in $(seq 50); do echo $i >/w/$1-$i; done' >/w.sh")
        m.ok("for p in 1 2 3 4 5 6; do sh /w.sh $p & done; wait", timeout=2 * HANG)
        assert m.ok("ls /w | wc -l").strip() == "300"
        m.ok("for p in 1 2 3; do rm /w/$p-* & done; wait")
        assert m.ok("ls /w | wc -l").strip() == "150"


def damage(disk, seed):
    """Overwrite some bytes of metadata, the same ones for the same seed."""
    chance = random.Random(seed)
    with open(disk, "r+b") as file:
        for _ in range(40):
            file.seek(chance.randrange(4096, 1 << 20))
            file.write(chance.randbytes(chance.choice((1, 4, 16))))


@pytest.mark.parametrize("seed", range(3))
def test_damaged_second_disk(tmp_path, disk, seed):
    """A disk with broken metadata gives errors, never a panic."""
    other = tmp_path / "other.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-d", str(image.BUILD / "root"),
                    str(other), "24M"], check=True)
    damage(other, seed)
    extra = f"-drive file={other},format=raw,if=none,id=hd1 -device virtio-blk-device,drive=hd1"
    with Machine(disk=disk, extra=extra, smp=2) as m:
        m.boot()
        m.run("mount -t ext2 /dev/vdb /mnt || mount -t ext2 /dev/vda /mnt")
        m.run("find /mnt >/tmp/names 2>&1")
        m.run("for f in /mnt/bin/*; do cat $f; done >/dev/null 2>&1")
        m.run("cp -r /mnt/bin /mnt/tmp/copy >/dev/null 2>&1")
        m.run("rm -r /mnt/tmp/copy >/dev/null 2>&1")
        assert m.ok("echo alive") == "alive\n"


# Requests to debugfs, each of which breaks one thing that a driver might believe.
BROKEN = {
    "file-block-outside": ["sif /f block[0] 99999999"],
    "file-block-is-metadata": ["sif /f block[0] 1"],
    "indirect-outside": ["sif /f block[IND] 4000000000"],
    "indirect-cycle": ["sif /f block[DIND] 3", "sif /f size 90000000"],
    "file-size-huge": ["sif /f size 0x7fffffffffffffff"],
    "file-without-links": ["sif /f links_count 0"],
    "file-of-no-type": ["sif /f mode 0"],
    "directory-block-outside": ["sif /d block[0] 99999999"],
    "directory-is-hole": ["sif /d block[0] 0"],
    "directory-size-odd": ["sif /d size 1001"],
    "directory-size-huge": ["sif /d size 0xfffff000"],
    "directory-in-itself": ["ln /d /d/loop"],
    "symlink-too-long": ["sif /slow size 1000000"],
    "symlink-fast-too-long": ["sif /fast size 59999"],
    "orphans-with-bad-maps": ["sif /h block[TIND] 4000000000", "sif /i block[TIND] 4000000000"],
    "metadata-is-free": ["freeb 1 300"],
    "block-bitmap-outside": ["set_bg 0 block_bitmap 99999999"],
    "inode-table-outside": ["set_bg 0 inode_table 99999999"],
    "inode-bitmap-is-super": ["set_bg 0 inode_bitmap 1"],
    "free-blocks-too-many": ["ssv free_blocks_count 4000000000", "set_bg 0 free_blocks_count 65535"],
    "blocks-count-too-large": ["ssv blocks_count 4000000000"],
    "no-blocks-per-group": ["ssv blocks_per_group 0"],
    "no-inodes-per-group": ["ssv inodes_per_group 0"],
    "block-size-unknown": ["ssv log_block_size 17"],
    "inode-size-odd": ["ssv inode_size 77"],
    "feature-unknown": ["ssv feature_incompat 0x80000000"],
}
# Bytes written over the start of the directory /d: inode, rec_len, name_len and type.
BROKEN_ENTRIES = {
    "entry-of-length-0": b"\x0c\0\0\0\0\0\x01\x02.",
    "entry-too-long": b"\x0c\0\0\0\xff\xff\x01\x02.",
    "entry-unaligned": b"\x0c\0\0\0\x0d\0\x01\x02.",
    "name-longer-than-entry": b"\x0c\0\0\0\x0c\0\xff\x02.",
    "entry-inode-outside": b"\xff\xff\xff\x7f\x0c\0\x01\x02.",
    "name-with-nul": b"\x0c\0\0\0\x0c\0\x01\x02\0",
    "name-with-slash": b"\x0c\0\0\0\x0c\0\x01\x02/",
}
USE = """for d in a b c d e f g; do
mount -t ext2 /dev/vd$d /mnt 2>/dev/null || continue
{ ls -lR /mnt; cat /mnt/f /mnt/slow /mnt/fast /mnt/d/*; echo more >>/mnt/f
for i in 1 2 3 4 5 6 7 8 9; do echo $i >/mnt/d/new$i; mkdir /mnt/dir$i; done
cp /bin/sh /mnt/d/sh; mv /mnt/f /mnt/d/g; rm -r /mnt/d; sync
{ rm /mnt/h /mnt/i; mount -o remount,ro /mnt; } 3</mnt/h 4</mnt/i; } >/dev/null 2>&1
umount /mnt
done
"""


def make_broken(folder, name):
    """Make a small image with one thing broken."""
    content = folder / "content"
    if not content.exists():
        (content / "d" / "e").mkdir(parents=True)
        (content / "f").write_bytes(make_content("f", 300_000))
        for file in ("d/inner", "h", "i"):
            (content / file).write_text(f"{file}\n")
        (content / "fast").symlink_to("f")
        (content / "slow").symlink_to("./" * 60 + "f")
    disk = folder / f"{name}.img"
    subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", "-b", "1024", "-d", str(content),
                    str(disk), "4M"], check=True)
    if name in BROKEN:
        image.debugfs(disk, *BROKEN[name], write=True)
    else:
        block = int(re.search(r"^(\d+) *$", image.debugfs(disk, "blocks /d"), re.M).group(1))
        with open(disk, "r+b") as file:
            file.seek(block * 1024)
            file.write(BROKEN_ENTRIES[name])
    return disk


@pytest.mark.parametrize("part", range(6))     # a machine takes six disks more
def test_broken_metadata(tmp_path, disk, part):
    """Each disk that lies is mounted, read and written: errors, but no panic and no hang."""
    names = [*BROKEN, *BROKEN_ENTRIES][part::6]
    extra = " ".join(f"-drive file={make_broken(tmp_path, name)},format=raw,if=none,id=x{number} "
                     f"-device virtio-blk-device,drive=x{number}"
                     for number, name in enumerate(names))
    script = tmp_path / "use.sh"
    script.write_text(USE)
    image.debugfs(disk, f"write {script} use.sh", write=True)
    with Machine(disk=disk, extra=extra, smp=2) as m:
        m.boot()
        m.run("sh /use.sh", timeout=2 * HANG)
        assert ("is metadata, but free" in m.ok("dmesg")) == ("metadata-is-free" in names)


@pytest.mark.parametrize("name", ["name-with-nul", "name-with-slash"])
def test_names_that_no_program_can_use(tmp_path, disk, name):
    """They are not shown: with such a one a directory would seem to lie in itself."""
    extra = image.second_disk(make_broken(tmp_path, name))
    with Machine(disk=disk, extra=extra) as m:
        m.boot()
        m.ok("mount -t ext2 /dev/vdb /mnt")
        assert m.run("ls /mnt/d").status != 0
        assert int(m.run("find /mnt 2>/dev/null | wc -l").output.split()[-1]) < 10
        m.ok("umount /mnt")


@pytest.mark.parametrize("seed", range(4))
def test_damaged_root(tmp_path, seed):
    """The root itself is damaged: the machine comes up, or says why not; it does not panic."""
    disk = image.make_disk(tmp_path)
    damage(disk, seed + 100)
    m = Machine(disk=disk, append="panic=exit")
    found = m.process.expect([PROMPT, r"panic: ", "there is nothing to boot from", "cannot run",
                              pexpect.EOF], timeout=HANG)
    assert found != 1, m.tail()
    if found == 0:
        m.type("find / >/dev/null 2>&1")
        m.type("cp -r /bin /tmp/c >/dev/null 2>&1; rm -r /tmp/c >/dev/null 2>&1")
    m.kill()


@pytest.mark.parametrize("end", ["poweroff", "exec true", "poweroff & poweroff"])
def test_disk_is_clean_whoever_writes_at_the_end(disk, end):
    """The processes that live are ended before the disk is declared clean, stopped ones too."""
    machine = Machine(disk=disk, smp=4)
    machine.boot()
    machine.ok("echo 'while true; do mkdir /d$1; cd /d$1; rmdir /d$1; cd /; done' >/loop")
    machine.type("sh /loop 1 & sh /loop 2 & sh /loop 3 & sleep 1000 & kill -STOP $!")
    machine.ok("sleep 0.3")
    machine.send(end + "\r")
    assert machine.wait_exit()[0] == 0
    judge(disk)
