#!/usr/bin/env python3
"""Make a disk image from a folder, as any user, with every file owned by root inside.

    mkdisk.py ROOT IMAGE [--size 64M] [--block 4096] [--type ext2] [--keep]

`mke2fs -d` fills the image but takes owner and times from the host's files; one debugfs script
afterwards gives every inode to root and sets every time to SOURCE_DATE_EPOCH. With fixed UUIDs
that makes the image a function of the folder. --keep is for the image that people work with: if
something wrote to it since it was made, it is kept as IMAGE.old before the new one takes its place.

The environment's MKE2FS and DEBUGFS say where those programs are.
"""

import argparse
import os
import subprocess
import sys

UUID = "7472617a-646f-6f72-8000-000000000001"
HASH_SEED = "7472617a-646f-6f72-8000-000000000002"
EPOCH = os.environ.get("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01


def run(arguments, **options):
    """Run a program; stop with what it said when it fails. Return its error output."""
    environment = dict(os.environ, E2FSPROGS_FAKE_TIME=EPOCH, SOURCE_DATE_EPOCH=EPOCH)
    result = subprocess.run(arguments, env=environment, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"mkdisk: {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
    return result.stderr


def image_paths(root):
    """Return the path inside the image of everything below the folder, sorted."""
    paths = ["/"]
    for folder, subfolders, files in os.walk(root):
        for name in subfolders + files:
            paths.append("/" + os.path.relpath(os.path.join(folder, name), root))
    return sorted(paths)


def owner_script(paths):
    """Return a debugfs script that gives each path to root and sets its times."""
    fields = ["uid 0", "gid 0"] + [f"{name} @{EPOCH}" for name in ("atime", "ctime", "mtime")]
    return "".join(f'sif "{path}" {field}\n' for path in paths for field in fields)


def make_image(root, image, options):
    """Write the image; it appears under its name only when it is whole."""
    unfinished, script = image + ".new", image + ".debugfs"
    if os.path.exists(unfinished):
        os.remove(unfinished)
    run([os.environ.get("MKE2FS", "mke2fs"), "-q", "-F", "-t", options.type,
         "-b", str(options.block), "-I", "256", "-i", "4096", "-m", "0", "-L", "trapdoor",
         "-U", UUID, "-E", f"hash_seed={HASH_SEED},root_owner=0:0",
         "-d", root, unfinished, options.size])
    with open(script, "w", encoding="utf-8") as output:
        output.write(owner_script(image_paths(root)))
    errors = run([os.environ.get("DEBUGFS", "debugfs"), "-w", "-f", script, unfinished])
    complaints = [line for line in errors.splitlines() if not line.startswith("debugfs ")]
    if complaints:
        sys.exit("mkdisk: debugfs: " + "; ".join(complaints[:3]))
    os.remove(script)
    os.replace(unfinished, image)


def identity(image):
    """What tells whether something wrote to the image since it was made."""
    status = os.stat(image)
    return f"{status.st_size} {status.st_mtime_ns}\n"


def keep_changed(image):
    """If the image was written to since it was made, keep it under another name and say so."""
    try:
        with open(image + ".made", encoding="ascii") as made:
            changed = made.read() != identity(image)
    except FileNotFoundError:
        changed = os.path.exists(image)
    if changed and os.path.exists(image):
        os.replace(image, image + ".old")
        print(f"The programs changed, so {image} is made anew; the one that you worked on is now "
              f"{image}.old.")


def main():
    parser = argparse.ArgumentParser(description="Make a disk image from a folder.")
    parser.add_argument("root")
    parser.add_argument("image")
    parser.add_argument("--size", default="64M")
    parser.add_argument("--block", type=int, default=4096)
    parser.add_argument("--type", default="ext2")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if options.keep:
        keep_changed(options.image)
    make_image(options.root, options.image, options)
    if options.keep:
        with open(options.image + ".made", "w", encoding="ascii") as made:
            made.write(identity(options.image))


if __name__ == "__main__":
    main()
