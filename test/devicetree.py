"""Device trees for tests: QEMU's own, changed as text by dtc."""

import os
import re
import subprocess

from machine import qemu_command


def dump_source(folder, smp=2):
    """Return the source text of the device tree that QEMU would give the kernel."""
    blob = folder / "qemu.dtb"
    command = qemu_command(SMP=smp, DISK="")
    machine = command.index("-machine") + 1
    command[machine] += f",dumpdtb={blob}"
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return run_dtc("dtb", "dts", blob.read_bytes()).decode()


def run_dtc(form, to, content):
    result = subprocess.run([os.environ.get("DTC", "dtc"), "-q", "-I", form, "-O", to],
                            input=content, capture_output=True, check=True)
    return result.stdout


def compile_source(folder, source):
    """Compile device tree source; return the path of the blob."""
    blob = folder / "changed.dtb"
    blob.write_bytes(run_dtc("dts", "dtb", source.encode()))
    return blob


def remove_nodes(source, name):
    """Remove all nodes whose name (before the @) is this, with what is inside them."""
    start = re.compile(r"^([ \t]*)(\w+: )?" + re.escape(name) + r"(@[0-9a-f,]+)? \{\n", re.MULTILINE)
    while found := start.search(source):
        end = re.compile("^" + re.escape(found.group(1)) + r"\};\n", re.MULTILINE)
        source = source[:found.start()] + source[end.search(source, found.end()).end():]
    return source


def remove_property(source, name):
    """Remove all properties of this name."""
    return re.sub(r"^[ \t]*" + re.escape(name) + r"( = .*)?;\n", "", source, flags=re.MULTILINE)
