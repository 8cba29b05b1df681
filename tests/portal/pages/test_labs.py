"""A lab's page: permissions, the initial state of its script, the draft by form; and the lab's place in the course."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from labs.models import LabDraft, Run, Session
from labs.rules.limits import SESSION_IDLE
from labs.workbench import MOST_CODE
from tests import factories as make
from tests.labs.making import PROBES, RIGHT, START, make_lab
from tests.portal.pages.test_home import make_numbered_course, text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_numbered_course(lessons=2)


@pytest.fixture
def lab(course):
    found = make_lab(course=course, solution="# %%\nsecret_solution = 1\n")
    found.cells[0]["html"] = "<p>Double it.</p>"
    found.module = course.modules.get(folder="01-part")
    found.save()
    return found


@pytest.fixture
def learner(client, course):
    found = make.enroll(course=course)
    client.force_login(found)
    return found


def address(lab):
    return f"/labs/{lab.pk}/"


def state_in(response):
    """Return the initial state of the page's script, None without a script."""
    return response.context["state"]


def save(client, lab, cells, revision=0):
    body = urlencode({"cells": json.dumps(cells), "revision": revision})
    return client.post(f"{address(lab)}draft/", body, content_type="application/x-www-form-urlencoded")


def make_run(learner, lab, **fields):
    now = timezone.now()
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "created_at": now}
    return Run.objects.create(learner=learner, lab=lab, **{**values, "cells": [RIGHT[0]], **fields})


def ended(at, verdict="succeeded"):
    return {"state": "finished", "verdict": verdict, "finished_at": at}


def test_anyone_reads_a_lab_and_sees_that_running_needs_enrollment(client, lab):
    page = text(client.get(address(lab)))
    assert "you need an account and an enrollment" in page
    assert '<span class="k">def</span>' in page
    client.force_login(make.make_user())
    response = client.get(address(lab))
    assert "enroll for free" in text(response)
    assert state_in(response) is None


def test_staff_look_without_running(client, lab):
    client.force_login(make.enroll(course=lab.course, role="observer"))
    assert "This is a preview for staff" in text(client.get(address(lab)))


def test_without_a_script_the_lab_and_the_learners_code_can_be_read(client, lab, learner):
    save(client, lab, [{"id": "3", "source": "def double(x):\n    return x + x  # mine"}])
    page = client.get(address(lab)).content.decode()
    assert "# mine" in page.partition("<main")[2].partition("</script>")[2]
    assert "<noscript>" in page
    assert "Double it." in page


def test_a_learners_page_begins_with_their_cells_and_never_with_key_or_solution(client, lab, learner):
    response = client.get(address(lab))
    state = state_in(response)
    assert [(cell["id"], cell["source"], cell["starter"]) for cell in state["cells"]] == [
        (cell["id"], cell["source"], cell["source"]) for cell in START
    ]
    assert (state["revision"], state["maySeeSolution"], state["goingOn"]) == (0, False, [])
    page = response.content.decode()
    assert "secret_solution" not in page
    assert PROBES.splitlines()[0] not in page


def test_the_page_says_how_tests_run_only_if_the_lab_has_tests(client, lab, learner):
    said = ("The tests run all cells from the start", "This lab has no tests.")
    page = text(client.get(address(lab)))
    assert [words in page for words in said] == [True, False]
    lab.tests = []
    lab.save()
    page = text(client.get(address(lab)))
    assert [words in page for words in said] == [False, True]


def test_a_draft_is_saved_and_the_page_shows_when(client, lab, learner):
    answer = save(client, lab, RIGHT)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    assert len(answer.json()["words"]) == len("12:04:31")
    assert LabDraft.objects.get().cells == RIGHT
    assert [cell["source"] for cell in state_in(client.get(address(lab)))["cells"]] == [
        cell["source"] for cell in RIGHT
    ]


def test_a_stale_draft_gets_the_stored_draft(client, lab, learner):
    save(client, lab, RIGHT)
    answer = save(client, lab, START)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_draft")
    assert answer.json()["draft"] == {"cells": RIGHT, "revision": 1}
    assert LabDraft.objects.get().cells == RIGHT


@pytest.mark.parametrize("cells", ["", "{", "[" * 100_000, "null", '[{"id": "2"}]', '[{"id": 2, "source": []}]', "[1]"])
def test_invalid_drafts_are_refused(client, lab, learner, cells):
    answer = client.post(f"{address(lab)}draft/", {"cells": cells, "revision": "0"})
    assert (answer.status_code, LabDraft.objects.count()) == (400, 0)


def test_cells_that_ran_in_the_live_session_are_known_with_what_they_ran(client, lab, learner):
    now = timezone.now()
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=now)
    make_run(learner, lab, session=session, cells=[START[0]], created_at=now - timedelta(seconds=9), **ended(now))
    newest = make_run(learner, lab, session=session, **ended(now))
    waiting = make_run(learner, lab, session=session, cells=[RIGHT[1]])
    state = state_in(client.get(address(lab)))
    assert state["ran"] == {"2": {"run": newest.pk, "source": RIGHT[0]["source"]}}
    assert state["goingOn"] == [{"run": waiting.pk, "mode": "cell", "cells": [RIGHT[1]]}]
    assert state["isSessionOver"] is False


def test_a_page_says_for_how_long_a_run_has_been_running(client, lab, learner):
    now = timezone.now()
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=now)
    begun = {"started_at": now - timedelta(seconds=40), "lease_until": now + timedelta(minutes=1), "claim": 1}
    make_run(learner, lab, session=session, cells=[RIGHT[0]], state="running", worker="test/1", **begun)
    (run,) = state_in(client.get(address(lab)))["goingOn"]
    assert 40 <= run["seconds"] < 60


def test_a_page_limits_the_code_of_runs_that_it_contains(client, lab, learner):
    """Thirty runs of a million characters each were decoded for every view of the page."""
    now = timezone.now()
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=now)
    large = "#" * (MOST_CODE // 3)
    for number in range(6):
        at = now - timedelta(seconds=9 - number)
        cells = [{"id": str(number), "source": large}]
        make_run(learner, lab, session=session, cells=cells, created_at=at, **ended(now))
        make_run(learner, lab, cells=cells, created_at=at)
    state = state_in(client.get(address(lab)))
    assert list(state["ran"]) == ["4", "5"]
    assert [run["cells"][0]["id"] for run in state["goingOn"]] == ["0", "1"]


def test_a_session_idle_for_ten_minutes_is_shown_as_over(client, lab, learner):
    long_ago = timezone.now() - timedelta(minutes=11)
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=long_ago)
    make_run(learner, lab, session=session, **ended(long_ago))
    assert state_in(client.get(address(lab)))["isSessionOver"] is True


def test_ten_minutes_is_what_the_runner_gives():
    assert timedelta(minutes=10) == SESSION_IDLE


def test_the_model_solution_may_be_seen_after_three_finished_test_runs(client, lab, learner):
    now, rows = timezone.now(), [{"name": "Doubles", "verdict": "failed", "message": "", "tolerance": ""}]
    for count in (1, 2, 3):
        make_run(learner, lab, mode="test", tests=rows, **ended(now))
        state = state_in(client.get(address(lab)))
        assert (state["testRuns"], state["maySeeSolution"]) == (count, count == 3)
    assert state["tests"] == rows


def states(client, course):
    entries = client.get(f"/courses/{course.slug}/").context["outline"].entries
    return {entry.title: entry.state for entry in entries if entry.kind == "lab"}


def test_the_outline_shows_the_state_of_a_lab(client, course, lab, learner):
    assert states(client, course) == {"Double": "todo"}
    run = make_run(learner, lab, mode="test")
    assert states(client, course) == {"Double": "now"}
    Run.objects.filter(pk=run.pk).update(has_passed=True)
    assert states(client, course) == {"Double": "done"}


def test_a_lab_worked_in_after_the_last_lesson_is_where_the_learner_was(client, course, lab, learner):
    first, second = course.modules.get(folder="01-part").lessons.order_by("position")
    client.get(f"/lessons/{first.pk}/")
    save(client, lab, RIGHT)
    assert f'<h1 id="r"><a href="{address(lab)}"><span>1 Part 1</span> Double</a></h1>' in text(client.get("/"))
    client.get(f"/lessons/{second.pk}/")
    assert f'<h1 id="r"><a href="/lessons/{second.pk}/">' in text(client.get("/"))


def test_a_lab_comes_between_the_lessons_and_the_questions_of_its_module(client, course, lab, learner):
    last = course.modules.get(folder="01-part").lessons.order_by("position").last()
    page = text(client.get(address(lab)))
    assert f'<a href="/lessons/{last.pk}/" rel="prev"' in page
    assert 'rel="next"' in page
    assert f'<a href="{address(lab)}" rel="next"' in text(client.get(f"/lessons/{last.pk}/"))


def test_the_lab_and_the_outline_say_how_long_it_takes(client, course, lab, learner):
    lab.minutes = 35
    lab.save()
    pages = [client.get(address(lab)), client.get(f"/courses/{course.slug}/")]
    assert ["35 min" in text(page) for page in pages] == [True, True]
    assert client.get(f"/api/v1/labs/{lab.pk}/").json()["minutes"] == 35


def test_no_lab_of_that_id(client):
    assert client.get("/labs/nowhere/").status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_statements_do_not_grow(client, size):
    course = make_numbered_course(modules=size, lessons=size)
    labs = [make_lab(course=course) for _ in range(size)]
    learner = make.enroll(course=course)
    client.force_login(learner)
    now = timezone.now()
    session = Session.objects.create(learner=learner, place=f"lab:{labs[0].pk}", opened_at=now)
    for _ in range(size):
        make_run(learner, labs[0], session=session, **ended(now))
    with counted_statements() as statements:
        client.get(address(labs[0]))
    assert len(statements) == 12
