"""`make fuzz-disk`: ext2 disks with random damage, used one after the other until the kernel fails.

One machine runs all of them: the image lies in the file of its second disk, which nothing reads while no
file system is mounted from it. A disk may give errors; it may not give a panic, a hang, a file system that
cannot be unmounted, or memory that does not come back.
"""

import argparse
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import time

import image
from machine import HANG, Machine, MachineFailure

SIZE = 8 << 20          # of the disk; an image may be smaller
POINTERS = 12           # of an inode that lead to data; then three that lead to pointers
FORMATS = (("-b", "1024", "-g", "2048", "-I", "128", "-N", "200"), ("-b", "4096", "-N", "300"),
           ("-b", "2048", "-I", "256", "-O", "^sparse_super,^resize_inode"))
# What is damaged, how often: most disks should come through the checks of a mount.
WEIGHTS = {"super": 1, "groups": 1, "bitmaps": 4, "inodes": 8, "names": 8, "pointers": 4}

# Readers and writers at once, as they would use any disk. What they say does not matter.
USE = """mount -t ext2 /dev/vdb /mnt || exit 1
cd /mnt
look() { ls -lR .; find . | wc -l; for f in f one sparse slow fast hard d/*; do cat $f; done; df .; du .; }
change() { for i in 1 2 3 4 5 6; do echo $i >d/new$i; mkdir dir$i; ln f d/hard$i; done; echo more >>f
truncate -s 20000 double; dd if=/bin/sh of=sparse bs=1024 seek=300 count=40 conv=notrunc; cp one d/deep/
mv f d/g; mv d/deep dir1; ln -s nowhere dir2/link; rm -r d many; rm one hard sparse; rmdir dir*; }
{ look & change & wait; look; sync; } >/dev/null 2>&1 </dev/null
cd /
umount /mnt || exit 2
"""


def make_content(folder):
    """Fill a folder with one of each: what has blocks of pointers, names and links."""
    luck = random.Random(1)
    (folder / "d/deep/er").mkdir(parents=True)
    (folder / "many").mkdir()
    for number in range(150):
        (folder / f"many/file-{number}").write_text(f"{number}\n")
    for name, size in (("f", 60_000), ("one", 1), ("double", 700_000), ("d/inner", 5000)):
        (folder / name).write_bytes(luck.randbytes(size))
    with open(folder / "sparse", "wb") as sparse:
        for at in (0, 400_000, 90_000_000):
            sparse.seek(at)
            sparse.write(b"here")
    (folder / "fast").symlink_to("f")
    (folder / "slow").symlink_to("./" * 60 + "f")
    os.link(folder / "f", folder / "hard")


def make_images(folder):
    """Return images without damage, one for each of FORMATS."""
    content, path = folder / "content", folder / "good.img"
    make_content(content)
    images = []
    for options in FORMATS:
        path.unlink(missing_ok=True)
        subprocess.run([image.tool("mke2fs"), "-q", "-t", "ext2", *options, "-d", str(content),
                        str(path), "6M"], check=True, capture_output=True)
        subprocess.run([image.tool("e2fsck"), "-fyD", str(path)], capture_output=True, check=False)
        images.append(path.read_bytes())
    return images


class Map:
    """Where an image keeps what: lists of (start, length) in bytes by kind."""

    def __init__(self, data):
        self.data = data
        number = lambda at, form="<I": struct.unpack_from(form, data, 1024 + at)[0]
        self.block = 1024 << number(24)
        self.blocks, self.inodes, self.first = number(4), number(0), number(20)
        per_group, inodes_per_group = number(32), number(40)
        self.inode_size = number(88, "<H")
        self.places = {"super": [(1024, 264)], "groups": [], "bitmaps": [], "inodes": [],
                       "names": [], "pointers": []}
        for group in range(-(-(self.blocks - self.first) // per_group)):
            start = (self.first + 1) * self.block + 32 * group
            self.add("groups", start, 18)
            *bitmaps, table = struct.unpack_from("<III", data, start)
            for bitmap in bitmaps:
                self.add("bitmaps", bitmap * self.block, self.block)
            for index in range(inodes_per_group):
                self.add_inode(table * self.block + index * self.inode_size)

    def add(self, kind, start, length):
        self.places[kind].append((start, length))

    def add_inode(self, start):
        """An inode that is in use: itself, and its blocks that are not data of files."""
        mode, size, links, sectors = struct.unpack_from("<H2xI18xH I", self.data, start)
        if not links:
            return
        self.add("inodes", start, 128)
        pointers = struct.unpack_from("<15I", self.data, start + 40)
        kind = mode >> 12
        if kind == 4 or (kind == 10 and sectors and size >= 60):
            for block in filter(None, pointers[:POINTERS]):
                self.add("names", block * self.block, self.block)
        if kind in (4, 8):
            for depth, block in enumerate(pointers[POINTERS:]):
                self.add_pointers(block, depth)

    def add_pointers(self, block, depth):
        if not block:
            return
        self.add("pointers", block * self.block, self.block)
        if depth:
            for inner in struct.unpack_from(f"<{self.block // 4}I", self.data, block * self.block):
                self.add_pointers(inner, depth - 1)


def number_near_the_truth(luck, where):
    """Return a number that a driver might believe, or should not."""
    start, _ = luck.choice(where.places[luck.choice(("bitmaps", "inodes", "names", "pointers"))])
    return luck.choice((0, 1, 2, 8, 11, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, where.blocks,
                        where.blocks - 1, where.inodes, where.inodes + 1, where.first,
                        start // where.block, luck.randrange(where.blocks), luck.getrandbits(32)))


def damage(luck, good, where):
    """Return a copy of an image with some of its metadata changed."""
    data = bytearray(good)
    for _ in range(luck.choice((1, 1, 2, 3, 5, 10, 40))):
        kind = luck.choices(tuple(WEIGHTS), WEIGHTS.values())[0]
        start, length = luck.choice(where.places[kind])
        how = luck.randrange(4)
        at = start + luck.randrange(length if luck.random() < 0.5 else min(length, 64))
        if how == 0:
            data[at] ^= 1 << luck.randrange(8)
        elif how == 1:
            data[at] = luck.randrange(256)
        else:
            size, form = ((2, "<H"), (4, "<I"))[how - 2]
            value = number_near_the_truth(luck, where) % (1 << 8 * size)
            struct.pack_into(form, data, at // size * size, value)
    return data


def heap_used(m):
    """Return what the kernel's heap holds, in KiB."""
    return int(re.search(r"in all (\d+) KiB", m.ok("sync; cat /proc/heapinfo")).group(1))


def use(m, disk, data):
    """Let the machine use the image: was it mounted? Fails if it was and cannot be unmounted."""
    with open(disk, "r+b") as file:
        file.write(data)
    status = m.run("sh /use.sh", timeout=2 * HANG).status
    if status not in (0, 1):
        m.fail(f"the disk was used, but the script's status is {status}")
    return status == 0


def run(folder, seed, count=None, seconds=None, smp=2):
    """Use so many disks, or for so long; return how many, and how many of them could be mounted.

    The same seed gives the same disks. A failure names the disk, which is kept.
    """
    goods = [(good, Map(good)) for good in make_images(folder)]
    root, disk, script = image.fresh_disk(folder), folder / "damaged.img", folder / "use.sh"
    disk.write_bytes(bytes(SIZE))
    script.write_text(USE)
    image.debugfs(root, f"write {script} use.sh", write=True)
    used = mounted = 0
    end = time.monotonic() + (seconds or 0)
    with Machine(disk=root, smp=smp, append="panic=exit", extra=image.second_disk(disk)) as m:
        m.boot()
        for good, _ in goods:
            assert use(m, disk, good)
        before = heap_used(m)
        while used < count if count else time.monotonic() < end:
            luck = random.Random(f"{seed} {used}")
            mounted += use(m, disk, damage(luck, *luck.choice(goods)))
            used += 1
        after = heap_used(m)
        if after > before + 64:
            m.fail(f"the kernel's heap had {before} KiB before {used} disks, and has {after} now")
    return used, mounted


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    parser.add_argument("--smp", type=int, default=4)
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fuzz-disk-"))
    try:
        print("{} disks, {} mounted".format(*run(folder, given.seed, seconds=given.seconds, smp=given.smp)))
    except MachineFailure as failure:
        sys.exit(f"{failure}\nFAILED with SEED={given.seed}; the disk is {folder}/damaged.img")


if __name__ == "__main__":
    main()
