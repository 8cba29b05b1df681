"""A graded lab with a late policy: a test run counts by when it was ordered, and the best run then counts (D34)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from authoring.services import CourseEdit, publish, read_folder
from course.selectors import course_id_of
from grading.models import GradeItem, Score
from labs.models import Lab
from labs.retests import counting_runs
from labs.services import RunOutcome, finish_run, order_lab_run
from labs.services.scoring import late_terms_by_lab
from operations.services import verify_grades
from portal.allowances.services import extend_activity
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.publishing import load_text
from tests.labs.test_grading import LABS_ALONE, PROBES, WITHOUT, rows_of
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW  # 24 November 2026, 12:00
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAB_FILE = "01-first/labs/tiny/lab.yaml"
HEAD = "late: {percent_per_day: 30, grace_minutes: 60, lowest_percent: 25}\n"


def files_of(*, head=HEAD, lab="", due="2026-11-24 12:00"):
    files = dict(nasty_files())
    said = files["course.yaml"].decode().replace(WITHOUT, LABS_ALONE)
    files["course.yaml"] = f"{said.rstrip()}\n{head}".encode()
    files["01-first/module.yaml"] = files["01-first/module.yaml"].rstrip() + f"\ndue: {due}\n".encode()
    files["01-first/labs/tiny/probes.py"] = PROBES.encode()
    files[LAB_FILE] = files[LAB_FILE].rstrip() + f"\n{lab}".encode()
    return files


def load(**said):
    return load_text(read_folder(files_of(**said)), folder="nasty")


@pytest.fixture
def lab():
    load()
    return Lab.objects.get(course=course_id_of("nasty"))


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


def run_tests(lab, learner, rows, *, ordered, finished=None):
    cells = [{"id": cell["id"], "source": cell["source"]} for cell in lab.cells if cell["type"] == "code"]
    run = order_lab_run(learner=learner, lab=lab, cells=cells, mode="test", now=ordered)
    outcome = RunOutcome("succeeded", tests=rows)
    finish_run(run=run, outcome=outcome, now=finished or ordered)
    return run


def points(learner):
    score = Score.objects.get(learner=learner)
    return score.points_earned, score.points_late


def test_a_run_counts_by_when_it_was_ordered_and_the_one_that_counts_most_is_the_best(lab, learner):
    end = NOW + HOUR  # of the grace period
    counts = run_tests(lab, learner, rows_of("failed", "passed"), ordered=end, finished=end + DAY)
    assert points(learner) == (3, 0)
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=end + timedelta(microseconds=1))
    assert points(learner) == (3, 0)  # all of it, 70 %, is less than 3 points
    terms = late_terms_by_lab([lab.pk], [learner.pk])
    assert counting_runs([lab.pk], [learner.pk], terms) == {(lab.pk, learner.pk): counts.pk}
    other = make.enroll(course=lab.course)
    run_tests(lab, other, rows_of("passed", "passed"), ordered=end + timedelta(microseconds=1))
    assert points(other) == (Decimal("2.8"), Decimal("1.2"))
    assert list(verify_grades(now=NOW)) == []


def test_the_cell_in_the_gradebook_marks_the_run_that_counts_and_shows_what_it_counts(client, lab, learner):
    client.force_login(instructor_of(lab.course))
    in_time = run_tests(lab, learner, rows_of("failed", "passed"), ordered=NOW)
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=NOW + 2 * HOUR)
    page = client.get(reverse("gradebook_cell", args=[lab.course.slug, learner.pk, lab.pk]))
    shown = [(run.finished_at, run.reached.earned, run.reached.late, run.counts) for run in page.context["runs"]]
    assert shown == [(NOW + 2 * HOUR, Decimal("2.8"), Decimal("1.2"), False), (NOW, 3, 0, True)]
    assert in_time.pk in counting_runs([lab.pk], [learner.pk], late_terms_by_lab([lab.pk], [learner.pk])).values()
    text = " ".join(page.content.decode().split())
    assert ("2.8 / 4" in text, "late: −1.2" in text, "4 / 4" in text) == (True, True, False)


def test_the_score_follows_a_later_due_date_of_the_learner(lab, learner):
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=NOW + 2 * DAY)
    assert points(learner) == (Decimal("1.6"), Decimal("2.4"))
    said = {"course": lab.course, "learner_id": learner.pk, "activity": lab.pk, "closes_at": None}
    said |= {"reason": "ill", "author": make.make_user(is_staff=True), "now": NOW}
    extend_activity(due_at=NOW + 3 * DAY, **said)
    assert points(learner) == (4, 0)
    extend_activity(due_at=None, **said)
    assert points(learner) == (Decimal("1.6"), Decimal("2.4"))
    assert list(verify_grades(now=NOW)) == []


def test_a_load_that_changes_the_policy_shows_whose_grade_moves(lab, learner):
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=NOW + 2 * DAY)
    edit = CourseEdit(read_folder(files_of(lab="late: {percent_per_day: 0}\n")), folder="nasty")
    plan = publish(edit=edit, confirmed=None, now=NOW)
    assert [each.username for each in plan.effects.movements] == [learner.username]
    assert points(learner) == (Decimal("1.6"), Decimal("2.4"))
    load(lab="late: {percent_per_day: 0}\n")
    assert (points(learner), GradeItem.objects.get(activity=lab.pk).late) == ((4, 0), None)
    load(lab="late: {percent_per_day: 10}\n")
    assert points(learner) == (4, 0)  # the certificate that this brought keeps the policy of its day (D23)
    assert list(verify_grades(now=NOW)) == []


def test_a_policy_of_a_lab_that_is_never_due_is_a_mistake_with_its_line():
    files = files_of(head="", lab="late: {percent_per_day: 10}\n")
    files["01-first/module.yaml"] = nasty_files()["01-first/module.yaml"]
    (told,) = read(files).mistakes
    assert (told.path, "needs a due date" in told.text) == (LAB_FILE, True)


def test_the_page_and_the_api_say_how_much_a_run_counts_now(client, lab, learner):
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        client.force_login(learner)
        page = " ".join(client.get(reverse("lab", args=[lab.pk])).content.decode().split())
        told = client.get(f"/api/v1/labs/{lab.pk}/").json()["late"]
    assert "Tests that pass now count 70 % of their points." in page
    assert (told["percent_now"], told["is_fixed"]) == (70, False)
