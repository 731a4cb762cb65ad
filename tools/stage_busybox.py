#!/usr/bin/env python3
"""Stage the root folder of ROOTFS=busybox.

    stage_busybox.py ROOT BUSYBOX OUT

OUT becomes a copy of ROOT with the program BUSYBOX as /bin/busybox and a link to it for each of its
applets. The links replace our programs of the same name, except those that start and end the machine:
our init starts /bin/sh, which is now busybox's ash.
"""

import os
import pathlib
import shutil
import sys

OURS = {"init", "linuxrc", "halt", "poweroff", "reboot"}


def applets(program):
    """Return the names of the applets: one string after the other in the program's constants."""
    start = program.find(b"[\0[[\0")
    end = program.find(b"\0\0", start)
    names = program[start:end].decode("ascii", errors="replace").split("\0")
    if start < 0 or "ash" not in names:
        sys.exit("stage_busybox: no list of applets was found in the program")
    return names


def main():
    root, program, out = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(root, out, symlinks=True)
    (out / "bin/busybox").unlink(missing_ok=True)
    shutil.copy(program, out / "bin/busybox")
    for name in set(applets(program.read_bytes())) - OURS - {"busybox"}:
        link = out / "bin" / name
        link.unlink(missing_ok=True)
        os.symlink("busybox", link)


if __name__ == "__main__":
    main()
