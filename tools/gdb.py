#!/usr/bin/env python3
"""Run the kernel in QEMU and a debugger beside it, in one terminal.

    gdb.py GDB "QEMU COMMAND" [GDB-OPTION]...

QEMU stands still at reset until the debugger says continue. The kernel's console output appears
between the debugger's; input goes through a named pipe that the command `type` of tools/gdbinit
writes to. QEMU ends when the debugger does.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys

CONSOLE = "build/console.in"


def find_port():
    """Return a TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_qemu(command, port):
    """Start QEMU, halted, in a session of its own: Ctrl-C is for the debugger."""
    if os.path.exists(CONSOLE):
        os.remove(CONSOLE)
    os.mkfifo(CONSOLE)
    with open(CONSOLE, "r+b", buffering=0) as console:
        return subprocess.Popen(shlex.split(command) + ["-S", "-gdb", f"tcp:127.0.0.1:{port}"],
                                stdin=console, start_new_session=True)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    debugger, command, options = arguments[0], arguments[1], arguments[2:]
    port = find_port()
    qemu = start_qemu(command, port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, lambda *_: None)  # the debugger has its own use for Ctrl-C
    try:
        result = subprocess.run(
            [debugger, "-q", "-ex", "set confirm off", "-ex", "set architecture riscv:rv64",
             "-ex", "set tcp connect-timeout 120", "-ex", "set remotetimeout 60", "-ex", f"target remote 127.0.0.1:{port}",
             "-x", "tools/gdbinit", *options, "build/kernel.elf"], check=False)
    finally:
        qemu.terminate()
        qemu.wait()
        os.remove(CONSOLE)
    sys.exit(result.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
