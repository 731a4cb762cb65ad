"""Debian's busybox as a test input: fetched by the Makefile's own rules, never committed."""

import random
import subprocess

import pytest

import image
from machine import BUILD, ROOT, Machine, fresh_environment

WORDS = "tree branch leaf root the door trap page frame inode apple banana zebra e a of and".split()


class Ash(Machine):
    """A machine whose shell is busybox's."""

    prompt = r"[~/][\w/]* # (?:\x1b\[6n)?"


def fetch(command):
    """Run a command that may need the network; skip the test where that fails."""
    result = subprocess.run(command, cwd=ROOT, env=fresh_environment(), stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, check=False)
    if result.returncode:
        reasons = [line for line in result.stderr.splitlines() if "cannot be fetched" in line]
        assert reasons, result.stdout + result.stderr
        pytest.skip(reasons[0])


def machines_busybox(tmp_path, extra):
    """Return an image with busybox and the folder `extra`."""
    fetch(["make", "-s", "build/busybox.root.stamp"])
    return image.make_disk(tmp_path, extra=extra, base=BUILD / "busybox.root")


def hosts_busybox(folder):
    """Return a folder with the same busybox for the host: links to all its applets."""
    found = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True,
                           check=False)
    architecture = found.stdout.strip()
    package = BUILD / "debian/busybox-static" / architecture
    program = package / "usr/bin/busybox"
    if not program.exists():
        fetch(["tools/debian-package", "busybox-static", architecture, str(BUILD / "debian/apt"),
               str(package)])
    folder.mkdir()
    subprocess.run([str(program), "--install", "-s", str(folder)], check=True)
    return folder


def make_tree(folder):
    """Fill a folder with files of many kinds, always the same ones."""
    luck = random.Random(4)
    lines = lambda count: "".join(
        " ".join(luck.choices(WORDS, k=luck.randint(1, 12))) + "\n" for _ in range(count))
    for name in ("text/deep/er", "empty", "odd names"):
        (folder / name).mkdir(parents=True)
    words = [luck.choice(WORDS) + luck.choice(WORDS) * luck.randint(0, 2) for _ in range(120)]
    files = {
        "text/short.txt": "a tree\nno bush\n", "text/long.txt": lines(200), "text/none.txt": "",
        "text/deep/a1": lines(3), "text/deep/er/a2": lines(40), "odd names/a b  c": "x\n",
        "odd names/a'q": "y\n", "words": "\n".join(words) + "\n",
        "words-a": "\n".join(sorted(set(words[:60]))) + "\n",
        "words-b": "\n".join(sorted(set(words[30:90]))) + "\n",
        "numbers": "\n".join(str(luck.randint(0, 99)) for _ in range(100)) + "\n",
        "table": "x:1:10\nstart:5:20\nx:3:31\ny:2:4\nend:5:5\nz:30:6\n",
        "tabs": "a\tb\n        c\t d\n", "dos": "one\r\ntwo\r\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o644)
    (folder / "binary").write_bytes(bytes(luck.randrange(256) for _ in range(3000)) + b"a string\0")
    (folder / "words").chmod(0o755)
    (folder / "link").symlink_to("text/short.txt")
    return folder
