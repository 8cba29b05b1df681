"""The model solution of a lab that counts, at every door: its page, its script, the API, previews, the archive (D37)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from authoring.services import read_folder
from course.models import Course
from course.selectors import course_id_of
from labs.models import Lab
from labs.workbench import silent_labs, terms_of_solution
from people.models import Enrollment
from portal.allowances.services import extend_activity
from tests import factories as make
from tests.authoring.folder.nasty import edited
from tests.authoring.publishing import load_text
from tests.labs.api.test_labs import client_of
from tests.labs.test_grading import LABS_ALONE, PROBES, WITHOUT, rows_of
from tests.labs.test_late_runs import run_tests
from tests.portal.workplace.people import instructor_of, staff_in
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
CLOSES_AT = NOW + DAY
SECRET = "the_whole_solution"
LAB_FILE = "01-first/labs/tiny/lab.yaml"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


def load(*, categories=LABS_ALONE, lab="", closes=True):
    """Load the nasty course, which counts its lab. With `closes`, its module closes in a day."""
    files = edited("course.yaml", WITHOUT, categories)
    files["01-first/labs/tiny/probes.py"] = PROBES.encode()
    files["01-first/labs/tiny/solution.py"] = f"# %%\n{SECRET} = 2\n".encode()
    files[LAB_FILE] = files[LAB_FILE].rstrip() + f"\n{lab}".encode()
    if closes:
        files["01-first/module.yaml"] = files["01-first/module.yaml"].rstrip() + b"\ncloses: 2026-11-25 12:00\n"
    load_text(read_folder(files), folder="nasty")
    return Lab.objects.get(course=course_id_of("nasty"))


@pytest.fixture
def lab():
    return load()


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


def solve(lab, learner):
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=NOW)


def fail(lab, learner, *, times):
    for _ in range(times):
        run_tests(lab, learner, rows_of("failed", "failed"), ordered=NOW)


def view_of(lab, person):
    """Return what the API says: whether the solution is there, when it opens, and whether it may be used."""
    body = client_of(person).get(f"/api/v1/labs/{lab.pk}/").json()
    assert (SECRET in str(body)) is (body["solution"] is not None)
    return body["solution"] is not None, body["solution_opens"], body["may_use_solution"]


def page_of(lab, person):
    browser = Client()
    browser.force_login(person)
    return browser.get(f"/labs/{lab.pk}/")


def words_of(page):
    return " ".join(page.content.decode().split())


def test_three_runs_and_a_pass_do_not_open_the_solution_of_a_lab_that_counts(lab, learner):
    fail(lab, learner, times=3)
    assert view_of(lab, learner) == (False, "after_close", False)
    solve(lab, learner)
    assert view_of(lab, learner) == (False, "after_close", False)
    page = page_of(lab, learner)
    assert (page.context["state"]["maySeeSolution"], page.context["state"]["solutionOpens"]) == (False, "after_close")
    assert SECRET not in page.content.decode()
    assert "once this lab has closed for you: " in words_of(page)


def test_it_opens_and_may_be_used_from_the_closing_on(lab, learner, clock):
    clock.move_to(CLOSES_AT - timedelta(microseconds=1))
    assert view_of(lab, learner) == (False, "after_close", False)
    clock.move_to(CLOSES_AT)
    assert view_of(lab, learner) == (True, "after_close", True)
    assert page_of(lab, learner).context["state"]["maySeeSolution"] is True


def test_a_learner_with_a_later_closing_waits_for_that_one_and_classmates_do_not(lab, learner, clock):
    later = CLOSES_AT + DAY
    teacher = instructor_of(lab.course)
    extension = {"course": lab.course, "learner_id": learner.pk, "activity": lab.pk, "due_at": None, "author": teacher}
    extend_activity(closes_at=later, reason="ill", now=NOW, **extension)
    clock.move_to(CLOSES_AT)
    assert view_of(lab, make.enroll(course=lab.course)) == (True, "after_close", True)
    assert view_of(lab, learner) == (False, "after_close", False)
    clock.move_to(later)
    assert view_of(lab, learner) == (True, "after_close", True)


def test_a_lab_that_never_closes_keeps_its_solution_and_the_page_says_so(clock):
    lab = load(closes=False)
    learner = make.enroll(course=lab.course)
    solve(lab, learner)
    clock.move_to(NOW + 999 * DAY)
    assert view_of(lab, learner) == (False, "after_close", False)
    assert "It has no closing time yet." in words_of(page_of(lab, learner))


def test_an_archived_course_has_closed_and_one_that_is_opened_again_has_not(lab, learner):
    for archived_at, view in ((NOW, (True, "after_close", True)), (None, (False, "after_close", False))):
        Course.objects.filter(pk=lab.course_id).update(archived_at=archived_at)
        assert view_of(lab, learner) == view
        assert page_of(lab, learner).context["state"]["maySeeSolution"] is view[0]


def test_a_solution_that_opens_early_is_shown_and_may_not_be_used_while_the_lab_is_open(clock):
    lab = load(lab="solution: after_runs\nsolution_runs: 2\n")
    learner = make.enroll(course=lab.course)
    fail(lab, learner, times=1)
    assert view_of(lab, learner) == (False, "after_runs", False)
    page = page_of(lab, learner)
    assert "after 2 finished test runs, or once all tests pass. Finished so far: 1." in words_of(page)
    assert "while it is open for you, the solution cannot be put into your cells" in words_of(page)
    assert (page.context["state"]["solutionOpens"], page.context["state"]["solutionRuns"]) == ("after_runs", 2)
    fail(lab, learner, times=1)
    assert view_of(lab, learner) == (True, "after_runs", False)
    clock.move_to(CLOSES_AT)
    assert view_of(lab, learner) == (True, "after_runs", True)


def test_after_passing_only_a_pass_opens_it():
    lab = load(lab="solution: after_passing\n")
    learner = make.enroll(course=lab.course)
    fail(lab, learner, times=5)
    assert view_of(lab, learner) == (False, "after_passing", False)
    assert "You can open the model solution once all tests pass." in words_of(page_of(lab, learner))
    solve(lab, learner)
    assert view_of(lab, learner) == (True, "after_passing", False)


def test_never_is_never(clock):
    lab = load(lab="solution: never\n")
    learner = make.enroll(course=lab.course)
    solve(lab, learner)
    clock.move_to(CLOSES_AT + DAY)
    assert view_of(lab, learner) == (False, "never", False)
    assert "This lab does not show a model solution." in words_of(page_of(lab, learner))


def test_a_lab_that_does_not_count_shows_its_solution_as_before():
    lab = load(categories=WITHOUT)
    learner = make.enroll(course=lab.course)
    fail(lab, learner, times=2)
    assert view_of(lab, learner) == (False, "after_runs", False)
    page = page_of(lab, learner)
    assert "after three finished test runs, or once all tests pass. Finished so far: 2." in words_of(page)
    assert "Your code changes only if you use a cell of the solution" in words_of(page)
    assert page.context["state"].keys() & {"solutionOpens", "solutionRuns"} == set()
    fail(lab, learner, times=1)
    assert view_of(lab, learner) == (True, "after_runs", True)


@pytest.mark.parametrize("role", sorted({*Enrollment.Role.values} - {"learner"}))
def test_everyone_with_a_role_in_the_course_sees_the_solution_in_a_preview(lab, role):
    person = staff_in(lab.course, role)
    assert view_of(lab, person) == (True, "after_close", False)
    page = page_of(lab, person)
    assert (page.context["state"], SECRET in page.content.decode()) == (None, True)
    assert "Staff see it here at any time." in words_of(page)


def test_staff_of_another_course_and_visitors_do_not_see_it(lab):
    for person in (make.make_user(is_staff=True), instructor_of(make.make_course()), make.make_user()):
        assert SECRET not in page_of(lab, person).content.decode()
    refused = client_of(make.make_user(is_staff=True)).get(f"/api/v1/labs/{lab.pk}/")
    assert (refused.status_code, SECRET in refused.content.decode()) == (403, False)
    assert SECRET not in Client().get(f"/labs/{lab.pk}/").content.decode()


def test_a_policy_that_begins_to_count_a_lab_closes_its_solution_and_one_that_stops_opens_it():
    lab = load(categories=WITHOUT)
    learner = make.enroll(course=lab.course)
    fail(lab, learner, times=3)
    versions = lab.history.count()
    for categories, shown in ((WITHOUT, True), (LABS_ALONE, False), (WITHOUT, True)):
        assert view_of(load(categories=categories), learner)[0] is shown
    assert lab.history.count() == versions  # its own text is the same


def test_a_lab_that_was_published_before_the_rule_is_judged_by_the_gradebook(lab, learner):
    fail(lab, learner, times=3)
    Lab.objects.update(solution_opens=None)
    lab.refresh_from_db()
    assert (view_of(lab, learner), terms_of_solution(lab).is_own) == ((False, "after_close", False), False)
    assert silent_labs(lab.course_id) == [lab]
    lab = load(categories=WITHOUT)
    Lab.objects.update(solution_opens=None)
    assert view_of(lab, learner) == (True, "after_runs", True)
    assert silent_labs(lab.course_id) == []


def test_a_lab_whose_text_stays_as_it_was_edited_here_follows_the_policy_too():
    lab = load(categories=WITHOUT)
    Lab.objects.update(edited_at=NOW, digest="of another text")
    load(categories=LABS_ALONE)
    lab.refresh_from_db()
    assert (lab.digest, lab.solution_opens["is_counted"]) == ("of another text", True)


def test_a_silent_lab_is_named_until_its_author_has_chosen(lab):
    assert silent_labs(lab.course_id) == [lab]
    load(lab="solution: after_close\n")
    assert silent_labs(lab.course_id) == []


def test_neither_search_nor_notebook_nor_the_lists_of_runs_and_versions_hold_a_withheld_solution(lab, learner):
    fail(lab, learner, times=3)
    api = client_of(learner)
    assert api.get("/api/v1/search/", {"q": SECRET}).json()["results"] == []
    answers = [api.get(f"/api/v1/labs/{lab.pk}/{end}/") for end in ("notebook", "runs", "versions", "files")]
    assert [(answer.status_code, SECRET in answer.content.decode()) for answer in answers] == [(200, False)] * 4


def cost_of(lab, learner):
    page_of(lab, learner)  # the first page after a load also reads what is kept in memory
    with counted_statements() as statements:
        page_of(lab, learner)
    return len(statements)


def test_only_a_lab_whose_solution_depends_on_a_closing_asks_for_the_dates_of_its_learner(lab, learner):
    counted = cost_of(lab, learner)
    free = cost_of(load(categories=WITHOUT), learner)
    assert counted == free + 1
