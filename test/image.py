"""Disk images for tests, made and read on the host by e2fsprogs: the independent judge."""

import os
import shutil
import subprocess

from machine import BUILD, DISK, ROOT

CHUNK = 1 << 16
PAGE = 4096


def tool(name):
    return os.environ.get(name.upper()) or name


def copy_image(source, target):
    """Copy an image, leaving holes where it holds zeros."""
    zeros = bytes(CHUNK)
    with open(source, "rb") as old, open(target, "wb") as new:
        while chunk := old.read(CHUNK):
            if chunk == zeros[:len(chunk)]:
                new.seek(len(chunk), os.SEEK_CUR)
            else:
                new.write(chunk)
        new.truncate()
    return target


def fresh_disk(folder):
    """Return a fresh copy of build/test.img in the folder."""
    return copy_image(DISK, folder / "disk.img")


def make_disk(folder, name="made.img", extra=None, block=4096, size="32M", kind="ext2",
              base=BUILD / "root"):
    """Make a bootable image from a staged root plus the files of the folder `extra`."""
    root = folder / (name + ".root")
    shutil.copytree(base, root, symlinks=True)
    if extra:
        copy_tree(extra, root)
    image = folder / name
    subprocess.run([str(ROOT / "tools/mkdisk.py"), str(root), str(image), "--block", str(block),
                    "--size", size, "--type", kind], check=True)
    return image


def copy_tree(source, target):
    """Copy a folder's content with holes and links."""
    subprocess.run(["cp", "-a", "--sparse=always", f"{source}/.", str(target)], check=True)


def debugfs(image, *requests, write=False):
    """Run debugfs requests on an image; return what it printed."""
    script = "".join(request + "\n" for request in requests)
    result = subprocess.run([tool("debugfs")] + (["-w"] if write else []) + ["-f", "-", str(image)],
                            input=script, capture_output=True, text=True, check=True)
    return result.stdout + result.stderr


def read_file(image, path, folder):
    """Return a file's bytes as the image holds them."""
    out = folder / "dumped"
    if out.exists():
        out.unlink()
    said = debugfs(image, f'dump "{path}" {out}')
    assert out.exists(), said
    return out.read_bytes()


def write_file(image, path, content, folder, mode=0o100644):
    """Put a file into an image, owned by root."""
    source = folder / "to-write"
    source.write_bytes(content)
    debugfs(image, f'write {source} "{path}"', f'sif "{path}" mode 0{mode:o}',
            f'sif "{path}" uid 0', f'sif "{path}" gid 0', write=True)


def make_swap(path, pages):
    """Make a swap disk as util-linux's mkswap does: the signature and three numbers."""
    tool = shutil.which("mkswap", path=os.environ["PATH"] + ":/sbin:/usr/sbin")
    with open(path, "wb") as disk:
        disk.truncate(pages * PAGE)
    os.chmod(path, 0o600)
    if tool:
        subprocess.run([tool, str(path)], check=True, capture_output=True)
        return
    with open(path, "r+b") as disk:
        disk.seek(1024)
        for number in (1, pages - 1, 0):
            disk.write(number.to_bytes(4, "little"))
        disk.seek(PAGE - 10)
        disk.write(b"SWAPSPACE2")


def second_disk(path, options=""):
    """Return QEMU's options for a second disk, vdb."""
    return f"-drive file={path},format=raw,if=none,id=hd1{options} -device virtio-blk-device,drive=hd1"
