"""A run that still executes while its learner is erased: it is stopped, and leaves nothing behind."""

from pathlib import Path

import pytest

from labs import sandbox, streams
from labs.models import LeftFile, Run
from labs.services import claim_next, pass_on_stops
from labs.services.executing import RunRecorder
from labs.services.finishing import RunOutcome, finish_run
from labs.services.work_folders import collect_files
from portal.rights.services import erase_account
from tests.factories import NOW
from tests.labs.making import make_learner, order

pytestmark = pytest.mark.django_db
SECRET = {"event": "frame", "seq": 1, "cell": "2", "data": {"text/plain": "secret"}}
HUGE = {"name": "left.bin", "size": 10**12, "changed": 1.0}  # noted without asking the runner for its content


@pytest.fixture(params=["file", "redis"])
def kind(request, settings):
    settings.REDIS_URL = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    streams._redis.cache_clear()
    return request.param


@pytest.fixture
def run() -> Run:
    ordered = order(make_learner())
    claimed = claim_next(queue=ordered.queue, worker="one", now=NOW)
    assert claimed is not None
    return claimed


@pytest.fixture
def erase(django_capture_on_commit_callbacks):
    def erase(run):
        with django_capture_on_commit_callbacks(execute=True):
            erase_account(user_id=run.learner_id, actor=None, reason="asked", now=NOW)

    return erase


def has_stream(run, kind, settings) -> bool:
    if kind == "redis":
        return bool(streams._redis(settings.REDIS_URL).exists(f"labs:stream:{run.pk}"))
    return (Path(settings.DATA) / "streams" / f"{run.pk}.jsonl").exists()


def test_what_a_worker_hears_after_the_erasure_is_written_nowhere(run, erase, kind, settings):
    recorder = RunRecorder(run)
    recorder.start_over()
    recorder.pass_on(SECRET)
    assert has_stream(run, kind, settings)
    erase(run)
    for tell in (lambda: recorder.pass_on(SECRET), recorder.report_start, lambda: recorder.pass_on(SECRET)):
        assert not has_stream(run, kind, settings)
        tell()
    assert not finish_run(run=run, outcome=RunOutcome("succeeded", "", [SECRET]), now=NOW)
    assert not has_stream(run, kind, settings)


def test_a_run_that_had_said_nothing_before_the_erasure_says_nothing_after_it(run, erase, kind, settings):
    erase(run)
    RunRecorder(run).report_start()
    assert not has_stream(run, kind, settings)


def test_the_files_that_it_leaves_are_not_stored(run, erase):
    collect_files(run=run, name="one", listed=[HUGE], now=NOW)
    assert LeftFile.objects.count() == 1
    erase(run)
    collect_files(run=run, name="one", listed=[HUGE], now=NOW)
    assert LeftFile.objects.count() == 0


def test_its_worker_stops_it(run, erase, monkeypatch):
    stopped = []
    monkeypatch.setattr(sandbox, "stop_attempts", lambda host, run_id: stopped.append((host, run_id)))
    erase(run)
    pass_on_stops(claims={run.pk})
    assert stopped == [(run.runner, run.pk)]
