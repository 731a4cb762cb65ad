"""Kernels that are built otherwise: copies of the sources, each with a build/ of its own."""

import fcntl
import os
import shutil
import subprocess

from machine import BUILD, ROOT, fresh_environment

SOURCES = ("Makefile", "include", "kernel", "linker", "tools")
PROJECT = (*SOURCES, "user", "test", "README.md")
OBJECTS = ("obj*", "machine.mk")
BUILT = (*OBJECTS, "user", "root", "root.stamp", "user.list", "kernel*", "disk.img*", "test.img", "*.cpio")


def copy_sources(folder, names=SOURCES):
    """Bring the sources in the folder up to date, with their dates; what was built there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        source, copy = ROOT / name, folder / name
        if source.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy)
        else:
            shutil.copy2(source, copy)


def copy_project(folder, parts=BUILT):
    """Copy the whole project with what is built; with all of that there is nothing to do for make."""
    copy_sources(folder, PROJECT)
    built = [str(path) for pattern in parts for path in BUILD.glob(pattern)]
    (folder / "build").mkdir()
    if built:
        subprocess.run(["cp", "-a", *built, str(folder / "build")], check=True)
    return folder


def make(folder, goal, **variables):
    """Run make in the folder; return what it printed."""
    settings = [f"{name}={value}" for name, value in variables.items()]
    result = subprocess.run(["make", f"-j{os.cpu_count()}", goal, *settings], cwd=folder,
                            env=fresh_environment(), stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def copy_objects(folder):
    """Bring what the kernel proper was built from into the folder: there is little left to do."""
    for objects in BUILD.glob("obj*"):
        shutil.copytree(objects, folder / "build" / objects.name, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("user"))
    shutil.copy2(BUILD / "kernel.list", folder / "build")


def build_kernel(name, change=None, **variables):
    """Return the path of a kernel built with these variables; the second time there is little to do.

    One built with variables knows nothing for gdb, which takes a quarter of the time.
    change(folder), if given, edits the copy of the sources first.
    """
    folder = BUILD / "variants" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may run tests.
    with open(folder.with_suffix(".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copy_sources(folder)
        if variables:
            variables["DEBUG_INFO"] = ""
        else:
            copy_objects(folder)
        if change:
            change(folder)
        make(folder, "build/kernel.elf", **variables)
    return folder / "build" / "kernel.elf"
