"""Fixtures: the matrix of machines, one boot shared by many tests, and the failure report."""

import re
import shutil

import pytest

import image
import variant
from machine import BUILD, ROOT, Machine

# The machines that everything must work on.
MATRIX = {
    "smp1": {"smp": 1},
    "smp4": {"smp": 4},
    "little": {"smp": 2, "cpu": "rv64,sstc=off", "mem": "32M"},
}
LONG = ("test_swap", "test_frames", "test_busybox", "test_debug_heap", "test_schedplot", "test_fuzz",
        "test_sched")                   # whose tests take long each, or have one machine
CHECKS = {"ok": 0, "FAIL": 0}   # what the test programs on the disk reported


def pytest_addoption(parser):
    parser.addoption("--smp", help="run the matrix with this number of harts alone")
    parser.addoption("--cpu", help="run the matrix with this CPU alone")
    parser.addoption("--repeat", type=int, default=1, help="run each test so many times")
    parser.addoption("--golden", action="store_true",
                     help="write the files of test/golden anew instead of comparing with them")


def pytest_make_parametrize_id(val):
    """A test's name must be one that T= takes."""
    return re.sub(r"[^\w.+/-]+", "_", val) if isinstance(val, str) else None


def pytest_generate_tests(metafunc):
    """Each test that asks for `config` runs on the machines that its marks name; --repeat."""
    if metafunc.config.getoption("repeat") > 1:
        metafunc.fixturenames.append("repetition")
        times = range(1, metafunc.config.getoption("repeat") + 1)
        metafunc.parametrize("repetition", times, indirect=True)
    if "config" not in metafunc.fixturenames:
        return
    smp, cpu = metafunc.config.getoption("smp"), metafunc.config.getoption("cpu")
    if smp or cpu:
        settings = {"smp": smp or 1, "cpu": cpu or "rv64"}
        matrix = {f"smp{settings['smp']}": settings}
    elif metafunc.definition.get_closest_marker("every_config"):
        matrix = MATRIX
    elif metafunc.definition.get_closest_marker("one_config"):
        matrix = {"smp4": MATRIX["smp4"]}
    else:
        matrix = {name: MATRIX[name] for name in ("smp1", "smp4")}
    # Those that share a machine stay in one process when several run the tests.
    machines = [pytest.param(settings, id=name, marks=pytest.mark.xdist_group(name))
                for name, settings in matrix.items()]
    metafunc.parametrize("config", machines, indirect=True, scope="session")


def pytest_collection_modifyitems(items):
    """The long ones first, so that several processes end at about the same time."""
    items.sort(key=lambda item: ("config" not in item.fixturenames,
                                 item.module.__name__ not in LONG))


def pytest_sessionfinish(session):
    """One of several processes tells the one that reports what it has counted."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["checks"] = CHECKS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Add up what the processes have counted."""
    for name, count in getattr(node, "workeroutput", {}).get("checks", {}).items():
        CHECKS[name] += count


class SharedMachine:
    """One boot for many tests; a new one after a test that left it in an unknown state."""

    def __init__(self, settings, folder):
        self.settings, self.folder = settings, folder
        self.machine = None
        self.failed_boots = 0

    def get(self):
        if self.machine is None:
            # A kernel that does not come to its prompt must not cost a time limit for each test.
            assert self.failed_boots < 2, "this machine did not boot, see the tests before"
            try:
                self.machine = self.boot()
            except Exception:           # which a test that is skipped is not
                self.failed_boots += 1
                raise
            self.failed_boots = 0
        return self.machine

    def boot(self):
        machine = Machine(disk=image.fresh_disk(self.folder), **self.settings)
        machine.boot()
        machine.shared = True
        return machine

    def drop(self):
        """The test failed: nobody knows what the machine is doing."""
        if self.machine:
            self.machine.kill()
        self.machine = None

    def finish(self):
        machine, self.machine = self.machine, None
        if machine:
            machine.close()


@pytest.fixture
def repetition(request):
    """Which time this is, with --repeat."""
    return request.param


@pytest.fixture(scope="session")
def config(request):
    """The settings of one machine of the matrix."""
    return request.param


@pytest.fixture(scope="session")
def shared(config, tmp_path_factory):
    """The shared machine of one configuration; powered off and judged at the end."""
    shared_machine = SharedMachine(config, tmp_path_factory.mktemp("disk"))
    yield shared_machine
    shared_machine.finish()


def lend(request, shared):
    """A fixture's body: the shared machine at its prompt, in folder /; dropped if the test fails."""
    machine = shared.get()
    machine.touch()
    try:
        machine.type("cd /")
        yield machine
    finally:
        report = getattr(request.node, "report", None)
        if report is None or report.failed or not machine.alive():
            shared.drop()


@pytest.fixture
def m(request, shared):
    """The shared machine of one configuration, at its prompt in folder /."""
    yield from lend(request, shared)


@pytest.fixture
def golden(request):
    """A function that compares a text with a file of test/golden, where `alike` says they agree."""
    def compare(name, text, alike=str.__eq__):
        path = ROOT / "test/golden" / name
        if request.config.getoption("--golden"):
            path.write_text(text, encoding="utf-8")
        wanted = path.read_text(encoding="utf-8")
        assert alike(text, wanted), f"{name}:\n{text}\nis not\n{wanted}"
    return compare


@pytest.fixture
def disk(tmp_path):
    """A fresh copy of the disk image, for a test that boots its own machines."""
    return image.fresh_disk(tmp_path)


@pytest.fixture
def project(tmp_path):
    """A copy of the project, built: the test may change what it likes."""
    folder = tmp_path / "project"
    yield variant.copy_project(folder)
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def own_machines():
    """Forget the machines of the test before; end those that this one leaves running."""
    Machine.used = []
    yield
    for machine in Machine.used:
        if not machine.shared:
            machine.kill()


def repeat_command(item):
    """Return the command that repeats one test."""
    return f"make test T='{item.name}'"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.report = report
    if not report.failed:
        return
    for machine in Machine.used:
        if "the console's last lines" not in str(report.longrepr):
            report.sections.append((f"console ({machine.log_path.relative_to(BUILD.parent)})",
                                    machine.tail()))
        report.sections.append(("QEMU", " ".join(machine.command)))
    report.sections.append(("to repeat this test", repeat_command(item)))


def pytest_terminal_summary(terminalreporter):
    if CHECKS["ok"] or CHECKS["FAIL"]:
        terminalreporter.write_line(f"Test programs on the machines: {CHECKS['ok']} checks ok, "
                                    f"{CHECKS['FAIL']} failed.")


@pytest.fixture
def checks():
    """The counts of what test programs reported."""
    return CHECKS
