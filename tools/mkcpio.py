#!/usr/bin/env python3
"""Pack a folder into an initrd: a cpio archive in the "newc" format, everything owned by root.

    mkcpio.py ROOT OUTPUT [WITHOUT...]

A record is a header of 110 ASCII bytes, the name, and the content; the name and the content
are each padded to 4 bytes. The last record is called TRAILER!!!. Hard links share an inode number,
and only the last of them carries the content. What is called WITHOUT at the top of ROOT is left out.
"""

import collections
import os
import stat
import sys

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))  # 2026-01-01


def padding(length):
    return b"\0" * (-length % 4)


def record(name, inode, mode, links, content):
    """Return one record of the archive."""
    encoded = os.fsencode(name) + b"\0"
    fields = [inode, mode, 0, 0, links, EPOCH, len(content), 0, 0, 0, 0, len(encoded), 0]
    header = b"070701" + "".join(f"{field:08X}" for field in fields).encode("ascii")
    head = header + encoded
    return head + padding(len(head)) + content + padding(len(content))


def list_tree(root, without):
    """Return the names of everything below the folder, parents before children."""
    names = []
    for folder, subfolders, files in os.walk(root):
        if folder == root:
            subfolders[:] = [name for name in subfolders if name not in without]
        for name in subfolders + files:
            names.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(names)


def read_content(path, mode):
    if stat.S_ISLNK(mode):
        return os.fsencode(os.readlink(path))
    if stat.S_ISREG(mode):
        with open(path, "rb") as file:
            return file.read()
    return b""


def pack(root, without):
    """Yield the archive's records."""
    yield record(".", 1, 0o040755, 2, b"")
    names = list_tree(root, without)
    statuses = {name: os.lstat(os.path.join(root, name)) for name in names}
    keys = {name: (status.st_dev, status.st_ino) for name, status in statuses.items()}
    links = collections.Counter(keys.values())
    last = {key: name for name, key in keys.items()}
    numbers = {}
    for name in names:
        status, key = statuses[name], keys[name]
        number = numbers.setdefault(key, len(numbers) + 2)
        content = b""
        if last[key] == name:
            content = read_content(os.path.join(root, name), status.st_mode)
        yield record(name, number, status.st_mode, links[key], content)
    yield record("TRAILER!!!", 0, 0, 1, b"")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[2] + ".new", "wb") as output:
        for piece in pack(sys.argv[1], sys.argv[3:]):
            output.write(piece)
    os.replace(sys.argv[2] + ".new", sys.argv[2])


if __name__ == "__main__":
    main()
