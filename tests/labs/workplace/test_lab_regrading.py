"""A lab whose test was corrected is regraded from the pages: run again, dry run, apply, undo (D17)."""

import pytest
import time_machine
from django.urls import reverse

from labs.models import Lab, LabRegrade, Retest, RetestedRun
from operations.services import verify_grades
from tests import factories as make
from tests.labs.making import make_test_run, results_in
from tests.labs.test_grading import load, shown
from tests.labs.test_regrading import score
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
WHY = {"reason": "The test was wrong."}


@pytest.fixture(autouse=True)
def at_the_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lab():
    return Lab.objects.get(course=load())


@pytest.fixture(autouse=True)
def teacher(client, lab):
    client.force_login(instructor_of(lab.course))


@pytest.fixture
def run(lab):
    found = make_test_run(lab, make.enroll(course=lab.course), "failed", "passed")
    score(lab)
    return found


def words(answer):
    return " ".join(answer.text.split())


def begun(client, lab):
    """Begin to run the test runs again by the page's button. Return the address of the page that shows the progress."""
    address = reverse("regrade_lab", args=[lab.course.slug, lab.pk])
    assert "Run 1 test run again" in words(client.get(address))
    answer = client.post(address)
    assert answer.url == reverse("retest", args=[lab.course.slug, Retest.objects.get().pk])
    return answer.url


def finish(lab, run, *verdicts):
    RetestedRun.objects.create(retest=Retest.objects.get(), run=run, tests=results_in(lab, *verdicts))
    Retest.objects.update(finished_at=NOW)


def test_a_lab_is_regraded_and_the_regrade_undone_from_the_pages(client, lab, run):
    progress = begun(client, lab)
    waiting = client.get(progress)
    assert (waiting["Refresh"], "0 of 1 test runs were run again." in words(waiting)) == ("2", True)
    finish(lab, run, "passed", "passed")
    page = client.get(progress)
    assert ("Refresh" in page, page.context["tally"]["rise"], shown(run.learner, lab)[0]) == (False, 1, "3")
    done = client.post(progress, {**WHY, "expected": page.context["plan"].digest})
    regrade = LabRegrade.objects.get()
    assert done.url == reverse("lab_regrade_page", args=[lab.course.slug, regrade.pk])
    assert (shown(run.learner, lab)[0], "in force" in words(client.get(done.url))) == ("4", True)
    planned = client.post(done.url, WHY)
    assert [effect.earned for effect in planned.context["plan"].effects] == [(4, 3)]
    undone = client.post(done.url, {**WHY, "expected": planned.context["plan"].digest})
    assert undone.url == reverse("lab_regrade_page", args=[lab.course.slug, regrade.undone_by.pk])
    assert (shown(run.learner, lab)[0], list(verify_grades(now=NOW))) == ("3", [])
    listed = words(client.get(reverse("regrade_lab", args=[lab.course.slug, lab.pk])))
    assert (listed.count("The test was wrong."), "an undo" in listed, "> undone" in listed or "undone<" in listed) == (
        *(2, True, True),
    )


def test_worse_results_are_shown_once_the_instructor_lets_them_count(client, lab, run):
    progress = begun(client, lab)
    finish(lab, run, "failed", "failed")
    assert "No grade changes." in words(client.get(progress))
    page = client.post(progress, {**WHY, "lowers": "on", "expected": ""})
    assert (page.status_code, page.context["tally"]["fall"], LabRegrade.objects.exists()) == (200, 1, False)
    client.post(progress, {**WHY, "lowers": "on", "expected": page.context["plan"].digest})
    assert shown(run.learner, lab)[0] == "0"


def test_a_canceled_run_changes_nothing_and_a_second_one_may_begin(client, lab, run):
    progress = begun(client, lab)
    again = client.post(reverse("regrade_lab", args=[lab.course.slug, lab.pk]))
    assert (again.status_code, "are being run again already" in words(again)) == (409, True)
    assert "This was canceled after 0 of 1 test runs" in words(client.post(progress, {"cancel": "1"}, follow=True))
    assert client.post(progress, {**WHY, "expected": "x"}).status_code == 409
    client.post(reverse("regrade_lab", args=[lab.course.slug, lab.pk]))
    assert Retest.objects.count() == 2


def test_the_cell_of_the_gradebook_says_which_results_were_regraded(client, lab, run):
    progress = begun(client, lab)
    finish(lab, run, "passed", "passed")
    client.post(progress, {**WHY, "expected": client.get(progress).context["plan"].digest})
    cell = words(client.get(reverse("gradebook_cell", args=[lab.course.slug, run.learner_id, lab.pk])))
    assert (">regraded<" in cell, "regrade" in cell, "The test was wrong." in cell) == (True, True, True)


def test_the_page_of_regrades_lists_the_labs_with_tests(client, lab, run):
    page = words(client.get(reverse("regrade", args=[lab.course.slug])))
    assert reverse("regrade_lab", args=[lab.course.slug, lab.pk]) in page
