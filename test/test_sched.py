"""Policies under load: shares, delays, starvation, rescue, balance.

Where it is a matter of time, that is exact: test/counted.py. Where it is one of races (the change of policy
on several harts, the rescues) harts run beside each other, on the host's time.
"""

import pathlib
import re
import shutil
import time

import pytest

import counted
import image
import variant
from machine import Machine

QUANTUM = 2_000_000         # ns


def machine(tmp_path, policy, smp=1):
    return counted.machine(tmp_path, smp, append=f"sched={policy} quantum=2",
                           disk=image.fresh_disk(tmp_path))


def load(m, words):
    """Run a load of /test/sched; return the numbers that it prints."""
    return [int(word) for word in m.ok(f"/test/load {words}").split()]


def weight(nice):
    return 1024 * 1.25 ** -nice


def test_round_robin_is_equal_and_delays(tmp_path):
    with machine(tmp_path, "rr") as m:
        m.boot()
        ran = load(m, "hogs 120 0 5 -5")
        assert max(ran) - min(ran) <= 2 * QUANTUM
        # Each of four hogs goes first.
        average, longest = load(m, "response 200 4 0")
        assert average > QUANTUM and 2 * QUANTUM < longest <= 5 * QUANTUM


def test_mlfq_learns_and_cannot_be_gamed(tmp_path):
    with machine(tmp_path, "mlfq") as m:
        m.boot()
        # Only just after a boost, each second, the hogs stand where it stands.
        average, longest = load(m, "response 500 4 0")
        assert average < QUANTUM / 5 and longest <= 5 * QUANTUM
        gamer, hog = load(m, "game 600")
        assert gamer < 1.3 * hog
        ran = load(m, "hogs 600 0 0 0")
        assert max(ran) < 1.3 * min(ran)


def test_lottery_shares(tmp_path):
    """1000 quanta: a share of p has a deviation of sqrt(1000 p (1-p)) <= 16 of them."""
    with machine(tmp_path, "lottery") as m:
        m.boot()
        m.ok("sched quantum 300us")
        ran = load(m, "hogs 300 0 -3 3")
        total = sum(ran)
        for nice, mine in zip((0, -3, 3), ran):
            due = weight(nice) / sum(map(weight, (0, -3, 3)))
            assert abs(mine / total - due) < 4 * 0.016


def test_stride_shares_within_a_quantum(tmp_path):
    with machine(tmp_path, "stride") as m:
        m.boot()
        ran = load(m, "hogs 300 0 -3 3")
        total = sum(ran)
        for nice, mine in zip((0, -3, 3), ran):
            due = total * weight(nice) / sum(map(weight, (0, -3, 3)))
            assert abs(mine - due) < 1.2 * QUANTUM


def test_fair_shares_and_wakes(tmp_path):
    with machine(tmp_path, "fair") as m:
        m.boot()
        ran = load(m, "hogs 300 0 -3 3 0")
        total = sum(ran)
        for nice, mine in zip((0, -3, 3, 0), ran):
            due = total * weight(nice) / sum(map(weight, (0, -3, 3, 0)))
            assert abs(mine - due) < 3 * QUANTUM
        assert load(m, "response 200 4 0")[1] < QUANTUM / 10
        gamer, hog = load(m, "game 200")
        assert gamer < 1.2 * hog


def test_priority_starves_and_lends(tmp_path):
    with machine(tmp_path, "priority") as m:
        m.boot()
        first, second = load(m, "hogs 100 0 1")
        assert first > 95_000_000 and second < 5_000_000
        assert load(m, "response 100 3 -1")[1] < QUANTUM / 10
        # The holder lets go after 60 ms, the one in between would run for 200.
        assert load(m, "inversion 200")[0] < 60_000_000


@pytest.mark.parametrize("smp", [1, 2, 4])
def test_policy_switched_a_thousand_times(tmp_path, disk, smp):
    with Machine(smp, append="quantum=2", disk=disk) if smp > 1 else machine(tmp_path, "rr") as m:
        m.boot()
        assert m.ok("/test/load switch 1000") == "lost 0\n"


@pytest.mark.parametrize("smp", [2, 4, 8])
@pytest.mark.parametrize("policy", ["rr", "fair"])
def test_no_hart_idles_and_all_share(tmp_path, smp, policy):
    """More than there are harts, all on one of them at first: kernel/sched/README.md has the promise."""
    least = {"rr": 0.98, "fair": 0.7}[policy]
    with machine(tmp_path, policy, smp) as m:
        m.boot()
        for hogs, ms in ((smp + 1, 200), (2 * smp + 1, 400)):
            shares = load(m, f"spread {ms} {hogs}")
            # Each is measured until it runs again after the end, so in all a little more.
            assert 0.995 * smp < sum(shares) / 1e6 < 1.01 * smp
            assert min(shares) / 1e6 > (least if hogs > smp + 1 else 0.98) * smp / hogs


def test_who_may_go_leaves_the_hart_to_who_may_not(tmp_path):
    """It began to wait there when the other hart idled already."""
    with machine(tmp_path, "rr", 2) as m:
        m.boot()
        assert min(load(m, "bound 100")) > 995_000


def software_interrupts(m):
    counts = re.search(r"^ *IPI0: +(\d+) +(\d+)", m.ok("cat /proc/interrupts"), re.MULTILINE)
    return sum(map(int, counts.groups()))


def test_who_wakes_where_a_hart_idles_wakes_no_other(tmp_path):
    """The interrupt that wakes the thread has ended the idling of its own hart."""
    with machine(tmp_path, "rr", 2) as m:
        m.boot()
        before = software_interrupts(m)
        m.ok("/test/load naps 500")
        assert software_interrupts(m) - before < 100


def test_who_blocks_keeps_nobody_out(tmp_path):
    """Two that wake each other end no quantum, but their hart takes its share of the hogs."""
    with machine(tmp_path, "rr", 2) as m:
        m.boot()
        # As one of them can always run, half a hart is theirs if it comes to that (mostly they run for
        # moments). If they keep a hart for themselves, the hogs have 1.0 together.
        assert sum(load(m, "spread 200 3 ping")) > 1_500_000


def test_no_signal_is_lost_where_a_quantum_ends(disk):
    """Two harts mark the thread at the same time; about one of 25000 was lost when one wrote back."""
    with Machine(2, disk=disk) as m:
        m.boot()
        m.ok("sched quantum 100us")
        assert m.ok("/test/load signals 5000") == "5000 of 5000\n"


def add_fifo(folder):
    """One file, and one line."""
    sched = folder / "kernel" / "sched"
    shutil.copy(pathlib.Path(__file__).parent / "policy" / "policy_fifo.c", sched)
    listed = sched / "policies.h"
    listed.write_text(listed.read_text().replace("    POLICY(fair)", "    POLICY(fifo) POLICY(fair)"))


def test_a_policy_is_one_file_and_one_line(tmp_path):
    kernel = variant.build_kernel("fifo", change=add_fifo)
    with counted.machine(tmp_path, append="sched=fifo quantum=2", disk=image.fresh_disk(tmp_path),
                         kernel=kernel) as m:
        m.boot()
        assert re.search(r"^policy: .*\[fifo\]", m.ok("sched"), re.MULTILINE)
        first, second = load(m, "hogs 40 0 0")
        assert first > 38_000_000 and second < 2_000_000
        m.ok("sched rr; sched fifo")


def test_cooperative_kernel_is_rescued_by_a_key(disk):
    """Only sched_yield, waiting and exit give up the hart; the rest starves until the key comes."""
    with Machine(append="preempt=off", disk=disk) as m:
        m.boot()
        assert "preempt: off" in m.ok("sched")
        m.send("while :; do :; done &\r")
        hog = m.expect(r"\[1\] (\d+)")[0].group(1)
        m.expect(m.prompt)
        state = "ready"
        while state == "ready":                 # until the shell waits for what is typed next
            m.send("\x01bt")                    # QEMU's BREAK, and the key
            state = m.expect(rf"\n +{hog} sh +hart 0 [^\r\n]* (\w+)\r*\n")[0].group(1)
        assert state == "running"
        m.send("echo $((6 * 7))\r")
        time.sleep(2)                           # a BREAK overtakes what QEMU still holds
        m.send("\x01b?")
        assert "42" not in m.expect("list the threads")[1]
        m.send("\x01bp")
        m.expect("preemption is on")
        m.expect(r"\n42\r*\n")
        m.expect(m.prompt)
        m.ok("kill $!")


def test_cooperative_kernel_is_rescued_by_another_hart(disk):
    with Machine(smp=2, append="preempt=off", disk=disk) as m:
        m.boot()
        m.ok("echo 'while :; do :; done' >/tmp/hog")
        m.ok("taskset -p 2 $$")
        m.ok("taskset 1 sh /tmp/hog &")
        m.ok("sleep 1; taskset 1 sh -c 'echo >/tmp/ran' &")
        m.ok("sleep 3; test ! -e /tmp/ran")
        m.ok("sched preempt on; sleep 1; test -e /tmp/ran")
        m.ok("kill %1")


def test_trace_tells_who_ran(tmp_path):
    with machine(tmp_path, "rr") as m:
        m.boot()
        m.ok("sched trace 4000; /test/load hogs 40 0 0 >/dev/null; sched trace stop")
        head, *lines = m.ok("cat /proc/sched_trace").splitlines()
        assert re.fullmatch(r"# TIME_NS HART OUT IN REASON \(lost 0\)", head)
        records = [line.split() for line in lines]
        times = [int(record[0]) for record in records]
        assert times == sorted(times)
        switches = [record for record in records if record[4] not in ("wake", "new")]
        for before, after in zip(switches, switches[1:]):
            assert before[3] == after[2]        # who came is who goes
        forced = [record for record in switches if record[4] == "preempt"]
        assert 15 <= len(forced) <= 25          # 40 ms of 2 ms quanta
