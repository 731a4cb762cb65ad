#!/usr/bin/env python3
"""Draw what schedulers do as an SVG: what `make sched-plot` runs.

    sched_plot.py [--out FILE] [--workload FILE] [--harts N] [POLICY...]

Boots the kernel under -icount, where time passes by instructions alone, with schedplot as its first
program, and draws the intervals that it prints: for each policy a row for each job. Policies and
workloads are named as for schedplot; without any it draws every policy of the kernel.
"""

import argparse
import collections
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

import svgwrite

LIMIT = 600                 # seconds: a hang detector
WIDTH, LABEL, ROW, GAP = 900, 110, 22, 46
COLOURS = {"running": "#2a6f97", "ready": "#f2cc8f", "blocked": "#e5e5e5"}
HARTS = ["#2a6f97", "#bc4749", "#386641", "#7b2cbf", "#e07a5f", "#118ab2", "#6d6875", "#9c6644"]
WORDS = {"running": "runs", "ready": "ready", "blocked": "sleeps, or waits for I/O"}

Run = collections.namedtuple("Run", "name kind quantum harts jobs")
Interval = collections.namedtuple("Interval", "state start end hart")


def parse(lines):
    """Return the runs that `schedplot -d` has printed; other lines are passed over."""
    runs = []
    for words in (line.split() for line in lines):
        if len(words) == 5 and words[0] == "run":
            runs.append(Run(words[1], words[2], int(words[3]), int(words[4]), []))
        elif len(words) == 2 and words[0] == "job" and runs:
            runs[-1].jobs.append((words[1], []))
        elif len(words) == 4 and words[0] in COLOURS and runs and runs[-1].jobs:
            runs[-1].jobs[-1][1].append(Interval(words[0], *map(int, words[1:])))
    return runs


def boot(arguments, workload, harts):
    """Run schedplot on the kernel, with a disk of its own, and return the console's lines."""
    with tempfile.TemporaryDirectory() as folder:
        disk = pathlib.Path(folder) / "disk.img"
        shutil.copyfile("build/disk.img", disk)
        if workload:
            subprocess.run([os.environ.get("DEBUGFS", "debugfs"), "-w", "-R",
                            f"write {workload} workload", str(disk)], check=True, capture_output=True)
            arguments = ["-f", "/workload", *arguments]
        settings = {"APPEND": f"panic=exit loglevel=0 init=/bin/schedplot -d {' '.join(arguments)}",
                    "QEMU_EXTRA": "-icount shift=0,sleep=off", "DISK": disk, "SMP": harts}
        make = ["make", "-s", "qemu-command", *(f"{name}={value}" for name, value in settings.items())]
        line = subprocess.run(make, check=True, capture_output=True, text=True).stdout
        result = subprocess.run(shlex.split(line), stdin=subprocess.DEVNULL, capture_output=True,
                                text=True, errors="replace", timeout=LIMIT, check=False)
    if result.returncode != 0:
        sys.exit("\n".join(result.stdout.splitlines()[-5:]) + result.stderr)
    return result.stdout.splitlines()


def title(run):
    quantum = f", quantum {run.quantum / 1000:g} ms" if run.quantum else ""
    harts = f", {run.harts} harts" if run.harts > 1 else ""
    return f"{run.name}{' by the textbook' if run.kind == 'textbook' else ''}{quantum}{harts}"


def step(span):
    """Return a round length of which between five and twelve go into `span`."""
    length = 1
    while True:
        for factor in (1, 2, 5):
            if span <= 12 * length * factor:
                return length * factor
        length *= 10


def draw_axis(drawing, top, span, scale):
    tick = step(span)
    for at in range(0, span + 1, tick):
        x = LABEL + at * scale
        drawing.add(drawing.line((x, top), (x, top + 5), stroke="black"))
        drawing.add(drawing.text(f"{at / 1000:g}", (x, top + 17), text_anchor="middle", font_size=11))
    drawing.add(drawing.text("ms", (LABEL - 24, top + 17), font_size=11))


def draw_run(drawing, run, top, span):
    """Draw one run from `top` on and return where it ends."""
    scale = (WIDTH - LABEL - 20) / max(span, 1)
    drawing.add(drawing.text(title(run), (8, top + 14), font_size=14, font_weight="bold"))
    top += ROW
    for name, intervals in run.jobs:
        drawing.add(drawing.text(name, (8, top + 15), font_size=13))
        for state, start, end, hart in intervals:
            running = state == "running"
            colour = HARTS[hart % len(HARTS)] if running and run.harts > 1 else COLOURS[state]
            drawing.add(drawing.rect((round(LABEL + start * scale, 2), top + (2 if running else 8)),
                                     (round((end - start) * scale, 2), ROW - (4 if running else 16)),
                                     fill=colour))
        top += ROW
    draw_axis(drawing, top + 2, span, scale)
    return top + GAP


def draw(runs, out):
    """Draw all runs below each other on one scale of time."""
    span = max((interval.end for run in runs for _, intervals in run.jobs for interval in intervals),
               default=0)
    height = 30 + sum(ROW * (1 + len(run.jobs)) + GAP for run in runs)
    drawing = svgwrite.Drawing(out, size=(WIDTH, height), font_family="sans-serif")
    drawing.add(drawing.rect((0, 0), ("100%", "100%"), fill="white"))
    for i, (state, colour) in enumerate(COLOURS.items()):
        drawing.add(drawing.rect((LABEL + 160 * i, 8), (14, 14), fill=colour))
        drawing.add(drawing.text(WORDS[state], (LABEL + 160 * i + 20, 20), font_size=12))
    top = 34
    for run in runs:
        top = draw_run(drawing, run, top, span)
    drawing.save(pretty=True)


def main():
    parser = argparse.ArgumentParser(description="Draw what schedulers do as an SVG.")
    parser.add_argument("--out", default="build/sched-plot.svg")
    parser.add_argument("--workload", help="a text file; see schedplot")
    parser.add_argument("--harts", type=int, default=1)
    parser.add_argument("policies", nargs="*")
    options = parser.parse_args()
    arguments = ["-h", str(options.harts), *options.policies]
    runs = parse(boot(arguments, options.workload, options.harts))
    if not runs:
        sys.exit("schedplot printed no run")
    draw(runs, options.out)
    print(f"{options.out}: {', '.join(title(run) for run in runs)}")


if __name__ == "__main__":
    main()
