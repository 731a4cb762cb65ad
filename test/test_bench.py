"""`make bench`: what --check lets pass and what not, and rows in nanoseconds."""

import argparse
import re
import sys

import pytest

import bench
from machine import ROOT
from test_build import run_make

CALM = "null_call"              # a row that waits for no device
WAITS = "create_unlink"         # one that does
CROWD = ["bench pipe/2 100 instructions", "bench pipe/2000 105 instructions",
         "bench switch_fair/2 100 instructions", "bench switch_fair/2000 190 instructions"]


def judged(monkeypatch, capsys, change=None, crowd=CROWD, lost=()):
    """Run --check on a benchmark that measures the baseline, but for rows that are some times that.

    Return what is wrong, or None, and the table.
    """
    rows = [f"bench {row} {int(value * (change or {}).get(row, 1))} instructions"
            for row, value in bench.read_baseline().items() if row not in lost]
    monkeypatch.setattr(bench, "bench_lines", lambda options: iter(rows + crowd))
    monkeypatch.setattr(sys, "argv", ["bench.py", "--check"])
    try:
        bench.main()
        return None, capsys.readouterr().out
    except SystemExit as end:
        return end.code, capsys.readouterr().out


def test_check_passes_what_has_not_grown(monkeypatch, capsys):
    """Up to a tenth, rows that wait for a device, and fewer instructions are no failure."""
    wrong, table = judged(monkeypatch, capsys, {CALM: 1.09, WAITS: 7, "pipe_read": 0.5})
    assert wrong is None and "No row grew" in table
    target = bench.read_targets()[CALM]
    assert re.search(rf"{target.words} +\d+ +{target.target} +\d\.\d\d +{target.linux} +\d+\n", table)


@pytest.mark.parametrize("what,words", [
    ({"change": {CALM: 1.12}}, CALM + " grew from"), ({"lost": [CALM]}, CALM + " is missing"),
    ({"change": {row: 1.12 for row in bench.read_baseline()}}, "pipe_round_trip grew"),
    ({"crowd": [*CROWD[:1], "bench pipe/2000 112 instructions"]}, "pipe is 100 with 2 processes, 112"),
    ({"crowd": ["bench switch_fair/2 100 ns", "bench switch_fair/2000 203 ns"]}, "switch_fair is 100"),
    ({"crowd": []}, "no row was measured with sleepers")], ids=range(6))
def test_check_fails_on_growth(monkeypatch, capsys, what, words):
    wrong, _ = judged(monkeypatch, capsys, **what)
    assert words in wrong and WAITS not in wrong


def test_every_row_without_a_device_is_judged():
    """Whoever grows is found, row by row; each row that has a target has a baseline."""
    targets, baseline = bench.read_targets(), bench.read_baseline()
    assert {row for row, target in targets.items() if target.target} <= set(baseline)
    for row, old in baseline.items():
        grown = {name: (value * 2 if name == row else value, "") for name, value in baseline.items()}
        found = bench.check(grown, targets, baseline)
        assert found == ([] if row in targets and targets[row].device else [f"{row} grew from {old} to {2 * old}"])


def test_variables_choose_what_is_measured():
    for variable, option in (("WALL=1", "--wall"), ("CHECK=1", "--check"), ("SAVE=1", "--save"),
                             ("SMP=4", "--smp 4")):
        status, text = run_make("-n", "bench", variable)
        assert status == 0 and option in text.rpartition("test/bench.py")[2]
    assert re.search(r"make test\b.*\n.*make bench CHECK=1", (ROOT / ".ci/run").read_text(encoding="utf-8"))


@pytest.mark.parametrize("wall,unit", [(True, "ns"), (False, "instructions")])
def test_rows_in_both_units(wall, unit):
    """Real rows of a real boot, left after the first few."""
    options, rows = argparse.Namespace(smp=1), {}
    lines = bench.boot_lines(options, wall, INITRD=1)
    for line in lines:
        if found := re.search(r"bench (\w+) (\d+) (\w+)", line):
            rows[found[1]] = int(found[2]), found[3]
        if "write_null" in rows:
            break
    lines.close()
    assert rows[CALM][0] > 0 and rows[CALM][1] == unit == rows["write_null"][1]
    assert wall or rows[CALM][0] < 2 * bench.read_baseline()[CALM]      # or nobody counted
