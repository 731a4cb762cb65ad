"""schedplot: the textbook's schedulers by the numbers of the book, the kernel's by its own trace."""

import re
import subprocess
import xml.etree.ElementTree

import pytest

from conftest import SharedMachine, lend
from machine import HANG, PROMPT, ROOT, fresh_environment, plain, qemu_command

ICOUNT = "-icount shift=0,sleep=off"
LONG = 5 * HANG
pytestmark = pytest.mark.xdist_group("schedplot")
JOBS = {"hog": 100, "typist": 12, "disk": 30, "late": 40}       # ms of CPU in the default workload


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A machine whose time is its instructions."""
    machine = SharedMachine({"smp": 1, "extra": ICOUNT}, tmp_path_factory.mktemp("disk"))
    yield machine
    machine.finish()


@pytest.fixture
def m(request, counted):
    yield from lend(request, counted)


def rows(output, kind):
    """Return {policy: [response, turnaround, waiting, fairness, switches]} of the summary."""
    found = re.findall(rf"^(\S+) +{kind} +(.*)$", output, re.MULTILINE)
    return {name: [float(word) for word in numbers.split()] for name, numbers in found}


def charts(output):
    """Return the rows of the Gantt charts."""
    return [line for line in output.splitlines() if re.match(r"\S+ +[#.-][#. -]*$", line)]


def job_rows(output):
    """Return {job: [response, turnaround, waiting, cpu, switches]} of the only chart's table."""
    found = re.findall(r"^(\w+) +(-?[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +\d+)$", output, re.MULTILINE)
    return {name: [float(word) for word in numbers.split()] for name, numbers in found}


def workload(m, text):
    m.ok("rm -f /jobs")
    for line in text.splitlines():
        m.ok(f"echo '{line}' >>/jobs")
    return "-f /jobs"


def test_textbook_charts(m, golden):
    golden("schedplot-textbook", m.ok("schedplot FIFO SJF STCF RR"))


@pytest.mark.parametrize("jobs, quantum, policy, response, turnaround", [
    # OSTEP, chapter 7: the examples of figures 7.1 to 7.7.
    ("A 0 10\nB 0 10\nC 0 10", 10, "FIFO", 10, 20),
    ("A 0 100\nB 0 10\nC 0 10", 10, "FIFO", 70, 110),
    ("A 0 100\nB 0 10\nC 0 10", 10, "SJF", 10, 50),
    ("A 0 100\nB 10 10\nC 10 10", 10, "SJF", 63.3, 103.3),
    ("A 0 100\nB 10 10\nC 10 10", 10, "STCF", 3.3, 50),
    ("A 0 5\nB 0 5\nC 0 5", 1, "SJF", 5, 10),
    ("A 0 5\nB 0 5\nC 0 5", 1, "RR", 1, 14),
])
def test_numbers_of_the_book(m, jobs, quantum, policy, response, turnaround):
    output = m.ok(f"schedplot -s -q {quantum} {workload(m, jobs)} {policy}")
    assert rows(output, "textbook")[policy][:2] == [response, turnaround]


def test_io_overlaps(m):
    """Figure 7.9: with STCF the CPU and the disk are both busy; 50 ms of A, 50 of B, 5 of waiting."""
    output = m.ok("schedplot -f /etc/workloads/overlap STCF")
    assert job_rows(output) == {"A": [0, 100, 10, 50, 5], "B": [10, 90, 40, 50, 4]}


@pytest.mark.parametrize("line, complaint", [
    ("A", "not a time of arrival"), ("A x 3", "not a time of arrival"), ("A 0", "no burst"),
    ("A 0 -3", "not a length"), ("A 0 1e30", "not a length"), ("A 0 nan", "not a length"),
    ("A 0 0", "a burst without length"), ("A 0 3 x0", "not a number of times"),
    ("A 0 3 3 x10001", "not a number of times"), ("A 0 3 nice=20", "not a nice value"),
    ("a-name-that-is-too-long 0 3", "the name is too long"), ("# nothing", "no job"),
])
def test_bad_workload(m, line, complaint):
    result = m.run(f"schedplot {workload(m, line)} FIFO")
    assert result.status == 1 and complaint in result.output


def test_bad_arguments(m):
    assert "no policy 'nosuch'" in m.run("schedplot nosuch").output
    assert m.run("schedplot -q 0 RR").status == 1
    assert m.run("schedplot -h 0 RR").status == 1
    assert m.run("schedplot -f /nosuch RR").status == 1


def kernel_policies(m):
    line = re.search(r"policy: (.*)", m.ok("cat /proc/sched")).group(1)
    return line.replace("[", "").replace("]", "").split()


def test_every_policy_is_measured(m):
    """All jobs get the CPU time that they want, and the policy in force stays the same."""
    before = m.ok("cat /proc/sched").splitlines()[:2]
    for policy in kernel_policies(m):
        found = job_rows(m.ok(f"schedplot {policy}", timeout=LONG))
        for job, cpu in JOBS.items():
            response, turnaround, waiting, ran, switches = found[job]
            assert cpu - 0.5 < ran < cpu + 2 and switches >= 1
            assert 0 <= response <= waiting + 0.1 and waiting + ran <= turnaround + 0.3
    assert m.ok("cat /proc/sched").splitlines()[:2] == before


def test_round_robin_beside_the_book(m):
    """Without I/O the kernel's round robin does what the book's does, but for the cost of switching."""
    jobs = workload(m, "A 0 60\nB 0 60\nC 20 30")
    output = m.ok(f"schedplot -s -q 10 {jobs} RR rr", timeout=LONG)
    book, kernel = rows(output, "textbook")["RR"], rows(output, "measured")["rr"]
    assert kernel[1] == pytest.approx(book[1], rel=0.08)        # turnaround
    assert kernel[2] == pytest.approx(book[2], rel=0.12)        # waiting


def test_stopped_by_the_user(m):
    before = m.ok("cat /proc/sched").splitlines()[:2]
    m.ok("echo 'A 0 100000' >/jobs")
    m.send("schedplot -f /jobs mlfq\r")
    m.see("# runs")
    m.send("\x03")
    m.expect(PROMPT)
    assert m.ok("cat /proc/sched").splitlines()[:2] == before


def alike(chart, wanted):
    """May two charts be of the same run? A switch that falls on the edge of a cell may flip it."""
    rows_of = lambda text: [line.ljust(80) for line in text.splitlines()]
    pairs = list(zip("".join(rows_of(chart)), "".join(rows_of(wanted))))
    flipped = sum(one != other for one, other in pairs)
    return chart.count("\n") == wanted.count("\n") and flipped <= len(pairs) // 50


@pytest.mark.parametrize("policy, arguments", [
    ("rr", ""), ("mlfq", ""), ("priority", ""), ("fair", ""), ("stride", "-f /etc/workloads/nice ")])
def test_charts_do_not_change(golden, policy, arguments):
    """From the first instruction on nothing but instructions passes time: the charts are the same.

    There is no disk: how long the only hart waits for one is the host's. Under stride jobs of one
    niceness are level again and again, and what a switch costs would decide who is ahead.
    """
    command = qemu_command(SMP=1, INITRD="1", DISK="", QEMU_EXTRA=ICOUNT,
                           APPEND=f"panic=exit loglevel=0 init=/bin/schedplot {arguments}{policy}")
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=LONG, check=True)
    golden(f"schedplot-{policy}", "\n".join(charts(plain(result.stdout))) + "\n", alike)


def test_drawn_on_the_host(tmp_path):
    """make sched-plot: a row for each job of each run, from a workload of the host's."""
    jobs, out = tmp_path / "jobs", tmp_path / "plot.svg"
    jobs.write_text("early 0 20\nlater 5 10\n")
    subprocess.run(["make", "-s", "sched-plot", f"WORKLOAD={jobs}", "POLICIES=rr RR", f"PLOT={out}"],
                   cwd=ROOT, env=fresh_environment(), check=True, capture_output=True, timeout=LONG)
    drawing = xml.etree.ElementTree.parse(out).getroot()
    texts = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("early") == texts.count("later") == 2
    assert any(text.startswith("RR by the textbook, quantum") for text in texts)
