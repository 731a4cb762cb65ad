"""A machine under test: QEMU runs the kernel, and pexpect has its hands on the console.

    with Machine(smp=2) as m:
        assert m.ok("echo hello") == "hello\n"

Every wait has a time limit, which only detects a hang, and ends at once when the kernel panics.
"""

import collections
import functools
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

import pexpect

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
DISK = BUILD / "test.img"
LOGS = BUILD / "test-logs"

HANG = 120          # seconds without what was waited for: it hangs (hosts can be slow and busy)
PROMPT = r"trapdoor:[^\r\n]*\$ "
ANY_DISK = "@disk@"
TAIL = 60           # lines of console shown on a failure
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

Result = collections.namedtuple("Result", "output status")


class MachineFailure(AssertionError):
    """The machine did not do what was waited for; the message has the console's tail."""


def plain(text):
    """Return console text without carriage returns and escape sequences."""
    return ESCAPE.sub("", text).replace("\r", "")


def fresh_environment():
    """Return the environment without what a make above hands down: a make below must not see it."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}


def qemu_command(**variables):
    """Return the QEMU command line that the Makefile makes of these variables, as a list.

    make is asked once for all machines that differ in the name of their disk alone.
    """
    disk = str(variables.get("DISK") or "")
    if disk:
        variables["DISK"] = ANY_DISK
    return [word.replace(ANY_DISK, disk) for word in make_command(**variables)]


@functools.cache
def make_command(**variables):
    settings = [f"{name}={value}" for name, value in variables.items()]
    line = subprocess.run(["make", "-s", "qemu-command", *settings], cwd=ROOT, env=fresh_environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return shlex.split(line.stdout)


class Machine:
    """One boot. Powered off and its disk judged by close(), or killed by kill()."""

    used = []       # the machines that the running test has touched
    shared = False  # it lives longer than one test
    prompt = PROMPT

    def __init__(self, smp=1, mem="128M", cpu="rv64", append="", disk=None, initrd=False,
                 legacy=False, dtb="", extra="", kernel=""):
        self.disk = None if initrd else disk
        settings = {"SMP": smp, "MEM": mem, "CPU": cpu, "APPEND": append, "QEMU_EXTRA": extra,
                    "DISK": self.disk or "", "INITRD": "1" if initrd else "", "DTB": dtb,
                    "LEGACY": "1" if legacy else ""}
        if kernel:      # else the Makefile's
            settings["KERNEL"] = kernel
        self.command = qemu_command(**settings)
        LOGS.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="boot-", suffix=".log", dir=LOGS)
        self.log_path = pathlib.Path(name)
        self.log = open(handle, "w", encoding="utf-8", errors="replace", buffering=1)
        self.process = pexpect.spawn(self.command[0], self.command[1:], cwd=ROOT, timeout=HANG,
                                     encoding="utf-8", codec_errors="replace", echo=False)
        self.process.delaybeforesend = None
        self.process.logfile_read = self.log
        self.touch()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.close()
        else:
            self.kill()

    # --- the console --------------------------------------------------------------------------

    def touch(self):
        if self not in Machine.used:
            Machine.used.append(self)

    def tail(self):
        """Return the last lines that the console showed."""
        self.log.flush()
        text = plain(self.log_path.read_text(encoding="utf-8", errors="replace"))
        return "\n".join(text.splitlines()[-TAIL:])

    def fail(self, reason):
        self.kill()
        raise MachineFailure(f"{reason}\n--- the console's last lines ---\n{self.tail()}\n---")

    def send(self, text):
        """Type characters as they are."""
        self.touch()
        self.process.send(text)

    def expect(self, pattern, timeout=HANG):
        """Wait for a pattern; return the match and the plain text before it."""
        self.touch()
        found = self.process.expect([pattern, r"panic: ", pexpect.EOF, pexpect.TIMEOUT],
                                    timeout=timeout)
        if found == 1:
            self.process.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3)
            self.fail("the kernel panicked")
        elif found == 2:
            self.process.wait()
            self.fail(f"QEMU ended (status {self.process.exitstatus}) before /{pattern}/ came")
        elif found == 3:
            self.fail(f"waited {timeout} s for /{pattern}/")
        return self.process.match, plain(self.process.before)

    def see(self, pattern, timeout=HANG):
        """Wait for a pattern that may be part of a panic."""
        self.touch()
        if self.process.expect([pattern, pexpect.EOF, pexpect.TIMEOUT], timeout=timeout):
            self.fail(f"waited for /{pattern}/")

    def boot(self):
        """Wait for the first prompt. Return what the console showed until then."""
        return self.expect(self.prompt)[1]

    def type(self, command, timeout=HANG):
        """Type a line at the prompt; return what came until the next prompt."""
        assert len(command) < 78, "too long for one line of the terminal: use a script"
        self.send(command + "\r")
        self.expect("\n")           # the end of the echo
        return self.expect(self.prompt, timeout)[1]

    def run(self, command, timeout=HANG):
        """Run a command line; return its output and its status."""
        output = self.type(command, timeout)
        self.send('echo "<$?>"\r')
        match, _ = self.expect(r"<(\d+)>\r*\n")
        self.expect(self.prompt)
        return Result(output, int(match.group(1)))

    def ok(self, command, timeout=HANG):
        """Run a command line that must succeed; return its output."""
        result = self.run(command, timeout)
        if result.status != 0:
            self.fail(f"`{command}` returned {result.status}")
        return result.output

    def memory(self):
        """Return the rows of /proc/meminfo that are sizes, in KiB."""
        rows = re.findall(r"^(\w+): +(\d+) kB$", self.ok("cat /proc/meminfo"), re.MULTILINE)
        return {name: int(size) for name, size in rows}

    # --- the end --------------------------------------------------------------------------------

    def wait_exit(self, timeout=HANG, panic_ends=False):
        """Wait until QEMU ends by itself; return its exit status and the text until then.

        A panic is a failure unless it may be the end (with panic=exit on the command line).
        """
        self.touch()
        patterns = [pexpect.EOF, pexpect.TIMEOUT] + ([] if panic_ends else [r"panic: "])
        found = self.process.expect(patterns, timeout=timeout)
        text = plain(self.process.before)
        if found == 2:
            self.process.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3)
            self.fail("the kernel panicked")
        elif found == 1:
            self.fail(f"QEMU did not end within {timeout} s")
        self.process.close()
        return self.process.exitstatus, text

    def close(self):
        """Power off from the prompt: QEMU must end with 0 and the disk must be clean."""
        self.send("poweroff\r")
        status, _ = self.wait_exit()
        if status != 0:
            self.fail(f"QEMU's exit status after poweroff is {status}")
        if self.disk:
            judge(self.disk)

    def alive(self):
        return not self.process.closed and self.process.isalive()

    def kill(self):
        """End QEMU at once."""
        if not self.process.closed:
            self.process.close(force=True)


def judge(image):
    """Fail unless e2fsck calls the image clean."""
    checked = subprocess.run([os.environ.get("E2FSCK", "e2fsck"), "-fn", str(image)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        raise MachineFailure(f"e2fsck -fn {image} returned {checked.returncode}:\n"
                             f"{checked.stdout[-4000:]}{checked.stderr[-500:]}")
