"""Runners on other machines: labs work as with a runner here, and outlive the loss of one of them."""

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from labs import sandbox
from labs.models import LeftFile, Run, RunnerHost, Session
from labs.rules.hosts import SILENCE
from labs.runner import protocol, tls
from labs.selectors import lab_workload, queue_positions
from labs.services import keep_file, look_at_host, report_worker, requeue_lost
from labs.services.hosts import LOST
from labs.tasks import run_waiting
from operations.services.readiness import runners_part
from tests.factories import NOW
from tests.labs import patient
from tests.labs.hosts import Hosts
from tests.labs.lives import Live, wait_until
from tests.labs.making import RIGHT, make_lab, make_learner, order, text_of
from tests.labs.test_runs import fresh, later, order_in
from tests.rounds import second_round
from tests.runner.conftest import open_folder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("runner hosts"), second_round]
SPLIT = """from pathlib import Path
from labs.runner.judge.authoring import Call

FACTOR = int((Path(__file__).parent / "expected.py").read_text().split()[-1])
PROBES = [
    Call(name="Doubles", points=2, function="double", draw=lambda rng: (float(rng.uniform(1, 9)),),
         reference=lambda x: FACTOR * x, message="double(x) returns 2 · x."),
]
"""
SLOW = "import time\nprint('begun', flush=True)\ntime.sleep(100)"


@pytest.fixture(scope="module")
def fleet() -> Iterator[Hosts]:
    """Two hosts. A test that kills one starts it again."""
    with ExitStack() as stack:
        hosts = Hosts(stack, stack.enter_context(open_folder()))
        hosts.start("a")
        hosts.start("b", "--runtimes", "tf2")
        yield hosts


@pytest.fixture
def patience(monkeypatch) -> None:
    """Wait for hosts like the workers that the tests start."""
    monkeypatch.setattr(tls, "CONNECT_SECONDS", patient.CONNECT_SECONDS)
    monkeypatch.setattr(protocol, "BEAT_SECONDS", patient.BEAT_SECONDS)
    monkeypatch.setattr(sandbox, "QUICK_ANSWER", patient.QUICK_ANSWER)


@pytest.fixture
def hosts(fleet: Hosts, settings, tmp_path, patience) -> Hosts:
    """The hosts, as a worker saw them a moment ago."""
    (tmp_path / "runners").symlink_to(fleet.keys)
    settings.RUNNERS = fleet.places
    sandbox.away.clear()
    look(NOW)
    return fleet


def look(now) -> None:
    for name in sandbox.runner_names():
        look_at_host(host=name, now=now)


def code(source: str) -> list[dict[str, str]]:
    return [{"id": "2", "source": source}]


def cell_of(lab, learner, source: str, seconds: int = 0) -> Run:
    """Order a cell in the lab's session, and execute what waits."""
    run = order_in(lab, learner, code(source), mode="cell", cell="2", now=later(seconds))
    run_waiting("quick")
    return fresh(run)


def use_only(name: str) -> None:
    RunnerHost.objects.exclude(name=name).update(is_draining=True)


def events_of(run: Run) -> list[str]:
    """Return the events of a run so far; a worker may be writing the next one."""
    path = settings.DATA / "streams" / f"{run.pk}.jsonl"
    whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
    return [json.loads(line)["event"] for line in whole.splitlines()]


def test_cells_tests_and_files_work_on_another_machine(hosts):
    lab = make_lab(probes=SPLIT, files={"expected.py": "FACTOR = 2"})
    learner = make_learner(lab)
    keep_file(learner=learner, lab=lab, name="data.txt", content=b"7", now=NOW)
    cell = cell_of(lab, learner, "print(open('data.txt').read()); _ = open('left.txt', 'w').write('8')")
    assert (cell.verdict, text_of(cell)) == ("succeeded", "7\n")
    tests = order_in(lab, learner, RIGHT, mode="test", now=later(1))
    run_waiting("quick")
    assert (fresh(tests).verdict, fresh(tests).has_passed) == ("succeeded", True)
    assert Session.objects.get().runner in ("a", "b")
    assert bytes(LeftFile.objects.get(name="left.txt").content) == b"8"


def test_a_runtime_that_one_host_offers_runs_there(hosts):
    lab = make_lab(runtime="tf1")
    use_only("b")
    run = cell_of(lab, make_learner(lab), "print(1)")
    assert run.state == "queued"
    RunnerHost.objects.update(is_draining=False)
    run_waiting("quick")
    assert (fresh(run).verdict, fresh(run).runner) == ("succeeded", "a")


def test_a_session_stays_on_its_host_and_a_draining_host_keeps_it_until_it_ends(hosts):
    lab = make_lab()
    learner = make_learner(lab)
    use_only("a")
    cell_of(lab, learner, "x = 5")
    use_only("b")
    RunnerHost.objects.filter(name="b").update(is_draining=False)
    second = cell_of(lab, learner, "print(x)", 1)
    other = order(make_learner(), "print('new')", now=later(2))
    run_waiting("quick")
    assert (text_of(second), second.runner, fresh(other).runner) == ("5\n", "a", "b")
    sandbox.close_session("a", Session.objects.get().pk)  # as after ten minutes without a run
    third = cell_of(lab, learner, "print('x' in globals())", 3)
    assert (text_of(third), third.runner, Session.objects.get().runner) == ("False\n", "b", "b")
    assert "session" in events_of(third)
    said("resume", "a")
    assert said("drain", "b", "--within", "0").endswith("Sessions that left it for another host: 1.\n")
    fourth = cell_of(lab, learner, "print('x' in globals())", 4)
    assert (text_of(fourth), fourth.runner, events_of(fourth).count("session")) == ("False\n", "a", 1)


def test_an_idle_session_moves_once_its_host_is_lost_and_not_before(hosts):
    """The host is not really gone, so its process of the session is there when the session comes back."""
    lab = make_lab()
    learner = make_learner(lab)
    use_only("a")
    cell_of(lab, learner, "x = 5")
    RunnerHost.objects.update(is_draining=False)
    host, port = hosts.places["a"]
    hosts.places["a"] = (host, 1)  # where nobody listens
    try:
        look_at_host(host="a", now=NOW + SILENCE)
        waiting = cell_of(lab, learner, "print('x' in globals())", 1)
        assert (waiting.state, waiting.losses, Session.objects.get().runner) == ("queued", 0, "a")
        look_at_host(host="b", now=NOW + SILENCE)
        look_at_host(host="a", now=NOW + SILENCE + SILENCE)
        run_waiting("quick")
        assert (text_of(fresh(waiting)), fresh(waiting).runner) == ("False\n", "b")
        assert events_of(waiting).count("session") == 1
    finally:
        hosts.places["a"] = (host, port)
    look(NOW + 3 * SILENCE)
    assert not RunnerHost.objects.filter(lost_at__isnull=False).exists()
    use_only("a")
    Session.objects.update(runner="")
    back = cell_of(lab, learner, "print('x' in globals())", 2)
    assert (text_of(back), back.runner) == ("False\n", "a")


def test_runs_wait_for_a_place_and_know_their_position(hosts):
    lab = make_lab()
    bound = make_learner(lab)
    use_only("a")
    cell_of(lab, bound, "x = 5")
    RunnerHost.objects.update(is_draining=False)
    places = sum(row.status["capacity"]["runs"] for row in RunnerHost.objects.all())
    people = [make_learner() for _ in range(places)]
    for number, learner in enumerate(people):  # as if other workers had them
        run = order(learner, now=later(number))
        Run.objects.filter(pk=run.pk).update(state="running", runner="ab"[number % 2], worker="other/1")
    first = order_in(lab, bound, code("print(x)"), mode="cell", cell="2", now=later(50))
    newcomers = [order(make_learner(), now=later(51 + number)) for number in range(2)]
    assert run_waiting("quick") == 0
    assert queue_positions() == {first.pk: 3, newcomers[0].pk: 1, newcomers[1].pk: 2}
    Run.objects.filter(pk=Run.objects.filter(runner="b", state="running").first().pk).update(state="queued", runner="")
    assert run_waiting("quick") >= 3  # on b, one after the other; the session waits for a
    assert fresh(first).state == "queued"
    Run.objects.filter(state="running").update(state="queued", runner="")
    run_waiting("quick")
    assert text_of(fresh(first)) == "5\n"


def test_a_run_that_loses_its_host_ends_and_says_so_and_the_next_one_starts_elsewhere(hosts, live: Live):
    lab = make_lab()
    learner, other = make_learner(lab), make_learner()
    RunnerHost.objects.filter(name="a").update(is_draining=True)
    kept = cell_of(lab, learner, "x = 5")
    assert kept.runner == "b"
    slow = order_in(lab, learner, code(SLOW), mode="cell", cell="2", now=timezone.now())
    again = order(other, "import time\ntime.sleep(20)\nprint('end')", now=timezone.now())
    look(timezone.now())  # like workers, which use the real clock
    live.worker()
    for run in (slow, again):
        wait_until(lambda run=run: Run.objects.filter(pk=run.pk, state="running").exists())
    wait_until(lambda: "frame" in events_of(slow))
    RunnerHost.objects.update(is_draining=False)
    hosts.kill("b")
    try:
        assert wait_until(lambda: fresh(slow).verdict) == "broken"
        assert (fresh(slow).message, "session" in events_of(slow)) == (LOST, True)
        assert wait_until(lambda: fresh(again).verdict) == "succeeded"
        assert (text_of(fresh(again)), fresh(again).runner) == ("end\n", "a")
        moved = order_in(lab, learner, code("print('x' in globals())"), mode="cell", cell="2", now=timezone.now())
        assert wait_until(lambda: fresh(moved).verdict) == "succeeded"
        assert (text_of(fresh(moved)), fresh(moved).runner, fresh(moved).claim) == ("False\n", "a", 1)
        assert events_of(moved).count("session") == 1
    finally:
        hosts.start("b", "--runtimes", "tf2")
    wait_until(lambda: RunnerHost.objects.get(name="b").lost_at is None)
    RunnerHost.objects.filter(name="a").update(is_draining=True)
    back = order(other, "print('back')", now=timezone.now())
    assert wait_until(lambda: fresh(back).verdict) == "succeeded"
    assert fresh(back).runner == "b"


def test_a_worker_that_dies_in_a_session_is_followed_by_one_that_finds_the_run_again(hosts, live: Live):
    lab = make_lab()
    learner = make_learner(lab)
    source = "import time\nprint('begun', flush=True)\ntime.sleep(20)\nprint('end')"
    run = order_in(lab, learner, code(source), mode="cell", cell="2", now=timezone.now())
    look(timezone.now())
    first = live.worker()
    wait_until(lambda: "frame" in events_of(run))
    first.kill()
    first.wait()
    host = fresh(run).runner
    assert requeue_lost(now=fresh(run).lease_until + (timezone.now() - NOW).resolution) == 1
    live.worker()
    assert wait_until(lambda: fresh(run).verdict) == "succeeded"
    assert (text_of(fresh(run)), fresh(run).runner, fresh(run).claim) == ("begun\nend\n", host, 2)


# Operators


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("runner", *arguments, stdout=out)
    return out.getvalue()


def test_operators_see_drain_and_resume_hosts(hosts, client):
    use_only("a")
    assert said("drain", "a").startswith("Nothing new starts on a. ")
    assert said("resume", "b") == "Runs and sessions start on b again.\n"

    def status_without_runs():
        look(NOW)  # a run of an earlier test may be about to end
        found = said("status").splitlines()
        return found if found[0].startswith("a: draining, runs 0 of 8, sessions ") else []

    lines = wait_until(status_without_runs)
    assert (lines[1].startswith("b: ready, "), "runtimes tf2," in lines[1]) == (True, True)
    shown = client.get("/readyz", headers={"Host": "localhost:8000"}).json()["labs"]["runners"]
    facts = {name: (row["ready"], row["is_draining"], row["is_lost"]) for name, row in shown.items()}
    assert facts == {"a": (True, True, False), "b": (True, False, False)}


def test_operators_see_why_a_host_is_lost(hosts):
    place = hosts.places["a"]
    hosts.places["a"] = ("127.0.0.1", 1)
    try:
        look_at_host(host="a", now=NOW + 2 * SILENCE)
    finally:
        hosts.places["a"] = place
    part = runners_part(lab_workload(NOW + 2 * SILENCE))
    assert (part.state, "a: " in part.says) == ("unknown", False)  # no worker reports in this test
    report_worker(worker="here/1", claims=(), now=NOW + 2 * SILENCE)
    part = runners_part(lab_workload(NOW + 2 * SILENCE))
    assert (part.state, "a: " in part.says, "Connection refused" in part.says) == ("fault", True, True)
    lines = said("status").splitlines()
    assert lines[0].startswith("a: lost, ")
    assert "Connection refused" in lines[1]


@pytest.mark.parametrize("action", ["drain", "resume"])
def test_a_host_that_the_setting_does_not_name_is_refused(hosts, action):
    with pytest.raises(CommandError, match="names no host 'c'; it names a, b"):
        said(action, "c")


def test_without_other_machines_the_status_says_how_to_add_one():
    assert "manage.py runner enroll" in said("status")
