"""`make gdb`: one command, kernel symbols, breakpoints from reset on, backtraces through a trap."""

import os
import shutil
import subprocess

import pytest

from machine import HANG, ROOT, fresh_environment

# One after the other: all of them use build/console.in.
pytestmark = [pytest.mark.xdist_group("gdb"), pytest.mark.skipif(
    not (os.environ.get("GDB") or shutil.which("gdb-multiarch")), reason="no gdb for RISC-V")]


def run_gdb(disk, *commands, append=""):
    """Run `make gdb` with these commands; return what was printed."""
    options = " ".join(f"-ex '{command}'" for command in commands)
    result = subprocess.run(["make", "-s", "gdb", f"DISK={disk}", "SMP=2", f"APPEND={append}",
                             f"GDBFLAGS=-batch {options}"],
                            cwd=ROOT, env=fresh_environment(), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            timeout=2 * HANG, check=False)
    return result.stdout


def test_breakpoint_before_paging_is_on(disk):
    """Set at reset, on a function at a high address that runs later."""
    text = run_gdb(disk, "break proc_clone", "continue", "backtrace")
    assert "proc_clone" in text.split("#0", 1)[1]


def test_backtrace_through_a_trap(disk):
    """From deep in the kernel, through the vector, to the user program that made the call."""
    text = run_gdb(disk, "user-symbols init", "break sys_wait4", "continue", "backtrace")
    stack = text.split("#0", 1)[1]
    for function in ("sys_wait4", "trap_from_user", "in wait4 ()"):
        assert function in stack, text[-3000:]
    # Newer QEMUs show the debugger no user memory while the hart is in the kernel. Clang does not hand on
    # that the trap's frame is one (.cfi_signal_frame): gdb takes the user's stack for a broken one then.
    if not os.environ.get("LLVM"):
        assert "waitpid" in stack, text[-3000:]
        assert "main" in stack or "Cannot access memory" in stack, text[-3000:]


def test_the_way_of_one_system_call(disk):
    """What the README says shows it: from the door down to the disk's blocks, in one list."""
    text = run_gdb(disk, "break sys_read", "continue", "break ext2_map", "continue", "backtrace",
                   append="init=/bin/cat /etc/passwd")
    stack = text.rsplit("#0", 1)[1]
    for function in ("ext2_map", "regular_read", "syscall_dispatch", "trap_from_user"):
        assert function in stack, text[-3000:]


def test_help_sentence(disk):
    text = run_gdb(disk, "info registers pc")
    assert "The machine stands at reset" in text
