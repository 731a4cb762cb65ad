#!/usr/bin/env python3
"""Measure the kernel against its budgets: what `make bench` runs.

    bench.py [--smp N] [--wall] [--check] [--save]

Boots with init=/bin/bench under -icount, where a guest instruction takes one nanosecond and rows
that wait for no device repeat, and prints each line `bench ROW VALUE UNIT` beside the target of
bench-targets.txt and the number of bench-baseline.txt. --check fails when a row that waits for no
device has grown by more than a tenth over the baseline; --save makes these numbers the baseline.
--wall measures real nanoseconds without -icount; there is nothing to check them against.

With --smp above 1 the rows are those that several harts make interesting, and in nanoseconds of the
guest's clock without -icount: there QEMU 7.2 lets harts take turns, a turn lasts until the next timer, and
one for which another hart spins may get no turn at all. They depend on the host (four harts on two
processors gain little over two) and are checked against nothing.

Rows that were measured while 2, 20 and 2000 processes sleep, or switch_POLICY: are ready
(`bench ROW/PROCESSES VALUE UNIT`), come in a table of their own; --check fails when one with the most is
more than a tenth above that with the fewest. Of the switches those of policies with a heap or a tree may
grow with the logarithm of how many are ready.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import image
from machine import qemu_command

HERE = pathlib.Path(__file__).resolve().parent
TARGETS = HERE / "bench-targets.txt"
BASELINE = HERE / "bench-baseline.txt"
GROWTH = 1.10       # over the baseline, or with the number of sleepers: a failure
LIMIT = 1200        # seconds: a hang detector
LOGARITHM = 2.0     # what a switch among 2000 may cost beside one among 2, where the policy has a heap or a tree
HEAPS = ("switch_lottery", "switch_stride", "switch_priority", "switch_fair")
WIDTH = 40

Target = collections.namedtuple("Target", "unit target linux device words")


def read_rows(path, columns):
    """Return {row: the other columns} of a text table; the last column may have spaces."""
    rows = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                row, *rest = line.split(None, columns - 1)
                rows[row] = rest
    return rows


def number_or_none(text):
    return None if text == "-" else int(text)


def read_targets():
    """Return {row: Target}."""
    return {row: Target(unit, number_or_none(target), number_or_none(linux), device == "yes", words)
            for row, (unit, target, linux, device, words) in read_rows(TARGETS, 6).items()}


def read_baseline():
    """Return {row: number}."""
    return {row: int(rest[0]) for row, rest in read_rows(BASELINE, 3).items()}


def boot_lines(options, wall, arguments="", append="", extra="", **source):
    """Boot the benchmark and yield the console's lines; may be left before the end."""
    arguments += " -w" if wall else ""
    counted = "" if wall else "-icount shift=0,sleep=off "
    settings = {"APPEND": f"panic=exit loglevel=0 {append} init=/bin/bench{arguments}",
                "SMP": options.smp, "QEMU_EXTRA": counted + extra}
    with subprocess.Popen(qemu_command(**settings, **source), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, errors="replace") as qemu:
        watchdog = threading.Timer(LIMIT, qemu.kill)
        watchdog.start()
        try:
            yield from qemu.stdout
        finally:
            watchdog.cancel()
            if qemu.poll() is None and sys.exc_info()[0] is GeneratorExit:
                qemu.kill()
    if qemu.returncode != 0:
        sys.exit(f"bench: QEMU ended with status {qemu.returncode}")


def bench_lines(options):
    """Yield the lines of a benchmark on a fresh disk, of one boot without a disk, of one with little
    memory and a swap disk, and of one with much memory for a crowd of processes.

    While the only hart waits for a disk, its clock jumps to the next deadline and the instruction
    counter with it, so the way to the first user instruction is measured with an initrd, and
    swapping in nanoseconds.
    """
    if options.smp > 1:
        with tempfile.TemporaryDirectory() as folder:
            yield from boot_lines(options, True, " -h", DISK=image.fresh_disk(pathlib.Path(folder)))
        return
    if not options.wall:
        for line in boot_lines(options, False, INITRD=1):
            if "bench boot" in line:
                yield line
                break
    with tempfile.TemporaryDirectory() as folder:
        disk = image.fresh_disk(pathlib.Path(folder))
        for line in boot_lines(options, options.wall, DISK=disk):
            if "bench boot" not in line:
                yield line
        swap = pathlib.Path(folder) / "swap.img"
        image.make_swap(swap, 32 * 1024)
        yield from boot_lines(options, True, " -s", "swap=vdb", image.second_disk(swap),
                              DISK=disk, MEM="32M")
        yield from boot_lines(options, options.wall, " -c", DISK=disk, MEM="512M")


def show_head(unit):
    print(f"{'':{WIDTH}} {unit:>12} {'target':>10} {'ratio':>6} {'Linux':>10} {'baseline':>10}")


def show_row(target, row, value, unit, old):
    """Print one row of the table."""
    words = target.words if target else row
    goal = f"{target.target:>10} {value / target.target:>6.2f} {target.linux:>10}" \
        if target and target.target and target.unit == unit else f"{'':>10} {'':>6} {'':>10}"
    number = str(value) if unit == "instructions" else f"{value} {unit}"
    print(f"{words:{WIDTH}} {number:>12} {goal} {old if old is not None else '':>10}", flush=True)


def show_crowd(targets, crowd):
    """Print the table of rows with sleepers: {row: {sleepers: value}}."""
    if crowd:
        sizes = sorted(next(iter(crowd.values())))
        print(f"{'while so many sleep (switch: yield):':{WIDTH}}", *(f"{size:>10}" for size in sizes))
    for row, values in crowd.items():
        words = targets[row].words if row in targets else row
        print(f"{words:{WIDTH}}", *(f"{values[size]:>10}" for size in sorted(values)))


def measure(options, targets, baseline):
    """Run the benchmark; print the table as it grows.

    Return {row: (value, unit)} and {row: {sleepers: value}}.
    """
    measured, crowd, other = {}, collections.defaultdict(dict), []
    show_head("nanoseconds" if options.wall else "instructions")
    for line in bench_lines(options):
        found = re.search(r"\bbench ([a-z0-9_]+)(?:/(\d+))? (\d+) (\S+)", line)
        if not found:
            other.append(line)
            continue
        row, sleepers, value, unit = found[1], found[2], int(found[3]), found[4]
        if sleepers:
            crowd[row][int(sleepers)] = value
            continue
        measured[row] = (value, unit)
        show_row(targets.get(row), row, value, unit, None if options.wall else baseline.get(row))
    if not measured:
        sys.exit("bench: no row came; the console's last lines:\n" + "".join(other[-30:]))
    show_crowd(targets, crowd)
    return measured, crowd


def check_crowd(crowd):
    """Return what is wrong with rows of many processes: those that grow with their number."""
    wrong = [] if crowd else ["no row was measured with sleepers"]
    for row, values in crowd.items():
        fewest, most = min(values), max(values)
        if values[most] > values[fewest] * (LOGARITHM if row in HEAPS else GROWTH):
            wrong.append(f"{row} is {values[fewest]} with {fewest} processes, "
                         f"{values[most]} with {most}")
    return wrong


def check(measured, targets, baseline):
    """Return what is wrong: rows that grew, or did not come at all."""
    wrong = []
    for row, old in baseline.items():
        if row not in measured:
            wrong.append(f"{row} is missing")
        elif not (row in targets and targets[row].device) and measured[row][0] > old * GROWTH:
            wrong.append(f"{row} grew from {old} to {measured[row][0]}")
    return wrong


def save(measured):
    with open(BASELINE, "w", encoding="utf-8") as output:
        output.write("# What make bench SAVE=1 measured; make bench CHECK=1 compares with it.\n")
        for row, (value, unit) in measured.items():
            output.write(f"{row:<19} {value:<11} {unit}\n")


def main():
    parser = argparse.ArgumentParser(description="Measure the kernel against its budgets.")
    parser.add_argument("--smp", type=int, default=1)
    for flag in ("--wall", "--check", "--save"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    options.wall |= options.smp > 1
    targets, baseline = read_targets(), read_baseline()
    measured, crowd = measure(options, targets, baseline)
    if options.wall:
        return
    if options.save:
        save(measured)
        print(f"Saved to {BASELINE.name}.")
    if options.check:
        wrong = check(measured, targets, baseline) + check_crowd(crowd)
        if not baseline:
            sys.exit("bench: there is no baseline: make bench SAVE=1")
        if wrong:
            sys.exit("bench: " + "; ".join(wrong))
        print("No row grew by more than a tenth, nor with the number of sleepers.")


if __name__ == "__main__":
    main()
