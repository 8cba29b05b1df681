"""An author's version of a lab is tried by a real runner, one trial after another, and nothing of it leaves the sandbox."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import OperationalError

from authoring.folder import first_lab
from labs.models import PassedTryout, Tryout
from labs.refusals import Refusal
from labs.rules.cheats import ANSWERS
from labs.rules.heartbeats import LEASE
from labs.rules.trying import tried_digest
from labs.runner.protocol import Refused
from labs.services import Leases, begin_tryout, end_tryout, erase_lab_work, run_next_trial, tryouts, wake_for_tryouts
from labs.services.trials import TriedLab, at_runner, planned_trials, run_trial
from tests import factories as make
from tests.factories import NOW
from tests.labs.making import PROBES, SCRIPT

pytestmark = pytest.mark.django_db
FOLDER = "01-first/labs/double"
MODEL = SCRIPT.replace("return x", "return 2 * x")
VARIANTS = """
# %% right: a sum
def double(x):
    return x + x

# %% wrong: once
# fails: Doubles
def double(x):
    return x
"""
FILES = {"lab.py": SCRIPT, "solution.py": MODEL, "probes.py": PROBES, "variants.py": VARIANTS}
NEAR_MISS = PROBES.replace(
    'message="double(x) returns 2 · x."',
    'message="double(x) returns 2 · x.", near_misses=[NearMiss("The same.", lambda x: 2 * x)]',
).replace("import Call", "import Call, NearMiss")


@pytest.fixture
def author():
    return make.make_user(is_staff=True)


@pytest.fixture
def course():
    return make.make_course()


def begin(course, author, folder=FOLDER, **files):
    told = {"files": FILES | files, "runtime": "tf2", "limits": {"wall": 60}}
    return begin_tryout(course=course, folder=folder, author=author, now=NOW, **told)


def results_of(tryout):
    while run_next_trial(tryout_id=tryout.pk, clock=lambda: NOW):
        pass
    tryout.refresh_from_db()
    return {row["name"]: row["problems"] for row in tryout.results}


def test_each_trial_of_a_good_lab_ends_as_it_should(runner, course, author):
    tryout = begin(course, author)
    found = results_of(tryout)
    names = [
        "0 near misses",
        "an empty program fails every test",
        "the starter fails every test",
        "the model solution passes",
        "right: a sum",
        "wrong: once",
    ]
    assert list(found) == [*names, *(f"cheat: {does}" for does in ANSWERS)]
    assert ([problem for problems in found.values() for problem in problems], tryout.total) == ([], len(found))
    assert tryout.finished_at == NOW
    assert PassedTryout.objects.get().digest == tried_digest(FILES, "tf2", {"wall": 60})


def test_a_lab_that_the_editor_begins_passes_every_trial(runner, course, author):
    files = {path.rpartition("/")[2]: text for path, text in first_lab("01-first", "10-line").items()}
    found = results_of(begin(course, author, **files))
    assert (found.pop("1 near misses"), {name: problems for name, problems in found.items() if problems}) == ([], {})


def test_each_problem_of_a_bad_lab_is_named(runner, course, author):
    variants = VARIANTS.replace("x + x", "3 * x").replace("    return x\n", "    return x * 2\n")
    found = results_of(
        begin(
            course, author, **{"probes.py": NEAR_MISS, "lab.py": MODEL, "variants.py": variants, "solution.py": SCRIPT}
        )
    )
    assert found["1 near misses"] == ["Doubles: “The same.” was not recognized with 20 of 20 seeds."]
    assert found["the starter fails every test"] == ["“Doubles” passes."]
    assert found["wrong: once"] == ["“Doubles” passes."]
    assert not PassedTryout.objects.exists()
    assert [len(found[name]) for name in ("the model solution passes", "right: a sum")] == [1, 1]


def test_tests_that_cannot_be_used_end_the_tryout_with_the_reason(runner, course, author):
    found = results_of(begin(course, author, **{"probes.py": "import nothing_like_this\nPROBES = []\n"}))
    assert found == {
        "near misses": [
            "probes.py cannot be used: lab/probes.py: ModuleNotFoundError: No module named 'nothing_like_this'"
        ]
    }


def test_variants_that_are_written_wrong_end_the_tryout_with_the_reason(runner, course, author):
    found = results_of(begin(course, author, **{"variants.py": "# %% wrong: nothing\ndef double(x):\n    return x\n"}))
    assert found == {"variants.py": ["“nothing” is wrong, so it needs a line “# fails: TEST”."]}


def test_a_variant_that_is_not_python_ends_the_tryout_with_the_reason(runner, course, author):
    found = results_of(begin(course, author, **{"variants.py": "# %% right: x\ndef up(:\n"}))
    assert found == {"variants.py": ["“x” is not Python: invalid syntax."]}


@pytest.mark.parametrize(("code", "verdict"), [("at_capacity", "broken"), ("bad_request", "failed")])
def test_a_trial_that_the_runner_refuses_is_a_problem_and_no_error(monkeypatch, tmp_path, code, verdict):
    def refuse(*_, **__):
        raise Refused(code, "Nothing was run.")
        yield

    monkeypatch.setattr("labs.sandbox.try_cells", refuse)
    lab = TriedLab(FILES, "tf2", {})
    model = next(each for each in planned_trials(lab, ()) if each.name == "the model solution passes")
    problems = run_trial(lab, model, at_runner(tmp_path, "tf2")).problems
    assert problems == (f"The run ended as {verdict}: Nothing was run.",)


def test_every_trial_that_broke_is_a_problem_also_if_its_code_should_pass_no_test():
    lab, end = TriedLab(FILES, "tf2", {}), {"event": "finished", "verdict": "broken", "message": "No.", "tests": None}
    found = [run_trial(lab, planned, lambda *_: [end]) for planned in planned_trials(lab, ["double"])]
    assert [each.problems for each in found] == [("The run ended as broken: No.",)] * (5 + len(ANSWERS))


def test_a_trial_that_fails_for_a_reason_of_the_site_ends_the_tryout_and_says_so(course, author, monkeypatch):
    def rehearse(lab, run_cells):
        raise KeyError(lab)

    monkeypatch.setattr(tryouts, "rehearse_near_misses", rehearse)
    monkeypatch.setattr(tryouts, "_on_a_host", lambda tryout: None)
    tryout = begin(course, author)
    assert results_of(tryout) == {"trial 1": [tryouts.FAILED]}
    assert (tryout.finished_at, tryout.total, wake_for_tryouts(now=NOW + LEASE)) == (NOW, 1, 0)


def test_a_trial_during_which_the_database_is_away_is_carried_out_later(course, author, monkeypatch):
    def rehearse(lab, run_cells):
        raise OperationalError("no connection")

    monkeypatch.setattr(tryouts, "rehearse_near_misses", rehearse)
    monkeypatch.setattr(tryouts, "_on_a_host", lambda tryout: None)
    tryout = begin(course, author)
    with pytest.raises(OperationalError):
        results_of(tryout)
    tryout.refresh_from_db()
    assert (tryout.results, tryout.finished_at, wake_for_tryouts(now=NOW)) == ([], None, 1)


def test_the_authors_tests_are_tried_in_the_sandbox_alone(runner, course, author, tmp_path):
    """The near misses run the author's code outside of any test, so they must not reach the host either."""
    secret, marker = tmp_path / "secret.txt", tmp_path / "written"
    secret.write_text("the host's own")
    probes = f"""import os
found = []
for path in ({str(secret)!r}, "/etc/passwd", "/proc/1/environ"):
    try:
        found.append(open(path).read())
    except OSError:
        pass
try:
    open({str(marker)!r}, "w").close()
except OSError:
    pass
raise ValueError(found)
"""
    found = results_of(begin(course, author, **{"probes.py": probes}))
    assert found == {"near misses": ["probes.py cannot be used: lab/probes.py: ValueError: []"]}
    assert not marker.exists()


@pytest.mark.parametrize("more", ["PROBES[:] = []\n", "PROBES = [dataclasses.replace(PROBES[0], points=1)]\n"])
def test_tests_that_run_otherwise_than_they_are_listed_are_a_problem(more):
    """What a lab is worth is read from the text, so the text must say what runs."""
    lab = TriedLab(FILES | {"probes.py": f"import dataclasses\n{PROBES}{more}"}, "tf2", {})
    rows = [{"name": "Doubles", "points": 1, "verdict": "passed", "message": ""}] if "points" in more else []
    model = next(each for each in planned_trials(lab, ()) if each.name == "the model solution passes")
    end = {"event": "finished", "verdict": "succeeded", "message": "", "tests": rows}
    ran = "“Doubles” (1)" if rows else "none"
    assert run_trial(lab, model, lambda *_: [end]).problems == (
        f"PROBES lists the tests “Doubles” (2), but those that ran are {ran}.",
    )


def test_a_lab_without_code_is_said_and_does_not_wait_for_a_runner(runner, course, author):
    found = results_of(begin(course, author, **{"solution.py": "# %% [markdown]\n# Nothing.\n", "variants.py": ""}))
    assert found["the model solution passes"] == ["The run ended as failed: There are 1 to 1000 cells."]


def test_one_worker_carries_out_a_trial_and_a_dead_workers_trial_is_taken_again(course, author):
    tryout = begin(course, author)
    Tryout.objects.update(lease_until=NOW + timedelta(minutes=1))
    assert not run_next_trial(tryout_id=tryout.pk, clock=lambda: NOW)
    assert (wake_for_tryouts(now=NOW), wake_for_tryouts(now=NOW + timedelta(minutes=2))) == (0, 1)


def test_a_worker_that_was_overtaken_in_a_trial_stores_nothing(runner, course, author):
    tryout = begin(course, author, **{"probes.py": "import nothing_like_this\nPROBES = []\n"})
    looks = count()

    def clock():
        if next(looks):  # after the trial, when another worker has waited for the end of the lease
            Leases().take(Tryout, tryout.pk, NOW + LEASE)
        return NOW

    assert not run_next_trial(tryout_id=tryout.pk, clock=clock)
    tryout.refresh_from_db()
    assert (tryout.results, tryout.finished_at, tryout.lease_until) == ([], None, NOW + 2 * LEASE)


def test_a_runner_that_is_away_costs_time_and_no_trial(course, author, settings, tmp_path):
    settings.RUNNER_SOCKET = tmp_path / "nobody"
    tryout = begin(course, author)
    assert not run_next_trial(tryout_id=tryout.pk, clock=lambda: NOW)
    tryout.refresh_from_db()
    assert (tryout.results, tryout.finished_at, tryout.lease_until > NOW) == ([], None, True)


def test_a_stopped_tryout_keeps_its_results_and_gets_no_more(course, author):
    tryout = begin(course, author)
    end_tryout(author=author, course=course, folder=FOLDER, now=NOW)
    assert not run_next_trial(tryout_id=tryout.pk, clock=lambda: NOW)
    assert begin(course, author, folder="01-first/labs/other").finished_at is None


def test_an_author_tries_one_lab_at_a_time(course, author):
    begin(course, author)
    with pytest.raises(Refusal, match="You are trying another lab"):
        begin(course, author, folder="01-first/labs/other")
    begin(course, author)
    assert Tryout.objects.count() == 1


def test_an_erased_authors_tryouts_are_deleted(course, author):
    begin(course, author)
    erase_lab_work(learner_id=author.pk, now=NOW)
    assert not Tryout.objects.exists()
