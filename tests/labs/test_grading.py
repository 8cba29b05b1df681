"""A course whose policy has a category of labs: tests earn points that count in the grade. The shipped course has none."""

import pytest
from django.test import Client

from authoring.services import read_folder
from course.models import Course
from course.selectors import course_id_of
from grading.models import GradeChange, GradeItem
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from labs.models import Lab, Run
from labs.services import RunOutcome, claim_next, finish_run, order_lab_run
from operations.services import verify_grades
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text
from tests.factories import NOW
from tests.labs.api.test_labs import client_of

pytestmark = pytest.mark.django_db

WITHOUT = """  - {id: review, title: Review questions, weight: 33.3, pass_percent: 60, of: review}
  - {id: exam, title: Final exam, weight: 66.7, pass_percent: 60, of: exam}
"""
LABS_ALONE = """  - {id: review, title: Review questions, weight: 10, pass_percent: 60, of: review}
  - {id: exam, title: Final exam, weight: 10, pass_percent: 60, of: exam}
  - {id: lab, title: Labs, weight: 80, pass_percent: 50, of: lab}
"""
PROBES = """from labs.runner.judge.authoring import Read

PROBES = [
    Read(name="One", points=1, variable="one", reference=lambda: 1, message="one is 1."),
    Read(name="Two", points=3, variable="two", reference=lambda: 2, message="two is 2."),
]
"""


def load(categories=LABS_ALONE):
    files = dict(nasty_files())
    head = files["course.yaml"].decode()
    assert WITHOUT in head
    files["course.yaml"] = head.replace(WITHOUT, categories).encode()
    files["01-first/labs/tiny/probes.py"] = PROBES.encode()
    load_text(read_folder(files), folder="nasty")
    return Course.objects.get(pk=course_id_of("nasty"))


@pytest.fixture
def course():
    return load()


@pytest.fixture
def lab(course):
    return Lab.objects.get(course=course)


def rows_of(one, two):
    rows = zip(("One", "Two"), (1, 3), (one, two), strict=True)
    return [
        {"name": name, "points": worth, "verdict": verdict, "message": "", "tolerance": ""}
        for name, worth, verdict in rows
    ]


def finish(lab, learner, rows, verdict="succeeded"):
    cells = [{"id": cell["id"], "source": ""} for cell in lab.cells if cell["type"] == "code"]
    order_lab_run(learner=learner, lab=lab, cells=cells, mode="test", now=NOW)
    run = claim_next(queue="quick", worker="here/1", now=NOW)
    return finish_run(run=run, outcome=RunOutcome(verdict, tests=rows), now=NOW)


def shown(learner, lab):
    item = course_grade(learner.pk, lab.course_id).item(lab.pk)
    return item.points_earned, item.points_possible, item.percent, item.state


def test_labs_have_columns_only_with_a_category_of_labs():
    load(WITHOUT)
    lab = Lab.objects.get()
    assert not GradeItem.objects.filter(activity=lab.pk).exists()
    load()
    item = GradeItem.objects.get(activity=lab.pk)
    assert (item.kind, item.url_name, item.title, item.points_possible, item.winnable) == (
        *("lab", "lab", "Tiny", 4, ["1", "3"]),
    )


def test_tests_that_were_run_move_the_grade_at_once_and_never_down(lab):
    learner = make.enroll(course=lab.course)
    assert shown(learner, lab) == ("0", "4", "0.0", "not_started")
    finish(lab, learner, rows_of("failed", "passed"))
    assert shown(learner, lab) == ("3", "4", "75.0", "in_progress")
    finish(lab, learner, rows_of("passed", "failed"))
    finish(lab, learner, None, verdict="failed")
    assert shown(learner, lab) == ("3", "4", "75.0", "in_progress")
    finish(lab, learner, rows_of("passed", "passed"))
    assert shown(learner, lab) == ("4", "4", "100.0", "done")
    steps = GradeChange.objects.filter(learner=learner).order_by("pk")
    assert list(steps.values_list("points_earned", "cause")) == [(3, "lab tests"), (4, "lab tests")]
    assert list(verify_grades(now=NOW)) == []


def test_tests_that_reach_the_line_bring_the_certificate(lab):
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "passed"))
    assert certificate_of(learner.pk, lab.course_id) is None
    finish(lab, learner, rows_of("passed", "passed"))
    assert certificate_of(learner.pk, lab.course_id) is not None
    finish(lab, learner, rows_of("failed", "failed"))
    assert (course_grade(learner.pk, lab.course_id).percent, list(verify_grades(now=NOW))) == ("80.0", [])


def test_runs_of_before_count_once_the_policy_counts_labs():
    lab = Lab.objects.get(course=load(WITHOUT))
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "passed"))
    assert course_grade(learner.pk, lab.course_id).item(lab.pk) is None
    load()
    assert shown(learner, lab) == ("3", "4", "75.0", "in_progress")
    assert list(verify_grades(now=NOW)) == []


def test_a_lost_claim_moves_no_grade(lab):
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "failed"))
    run = Run.objects.get()
    outcome = RunOutcome("succeeded", tests=rows_of("passed", "passed"))
    assert not finish_run(run=run, outcome=outcome, now=NOW)
    assert shown(learner, lab) == ("0", "4", "0.0", "in_progress")


def test_a_score_that_no_run_makes_is_a_difference(lab):
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("passed", "failed"))
    Run.objects.update(tests=rows_of("failed", "failed"))
    assert len(list(verify_grades(now=NOW))) == 1
    Run.objects.update(tests=None)
    assert list(verify_grades(now=NOW)) == [
        f"learner {learner.pk}, activity {lab.pk}: a score without a sitting or a test run that counts"
    ]


def test_progress_and_outline_show_a_graded_lab_on_pages_and_in_the_api(lab):
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "passed"))
    api = client_of(learner)
    progress = api.get("/api/v1/courses/nasty/progress/").json()
    assert [row for row in progress["items"] if row["kind"] == "lab"] == [
        {
            "id": lab.pk,
            "kind": "lab",
            "title": "Tiny",
            "category": "lab",
            "percent": "75.0",
            "points_earned": "3",
            "points_possible": "4",
            "pass_percent": "50.0",
            "state": "in_progress",
            "extra_credit": False,
            "dropped": False,
            "exempt": False,
            "points_late": "0",
        }
    ]
    assert progress["categories"][-1]["id"] == "lab"
    outline = api.get("/api/v1/courses/nasty/").json()
    assert [part["labs"] for part in outline["modules"] if part["labs"]] == [
        [{"id": lab.pk, "title": "Tiny", "minutes": 0, "state": "in_progress"}]
    ]
    browser = Client()
    browser.force_login(learner)
    for page in ("/courses/nasty/progress/", "/courses/nasty/"):
        assert f'href="/labs/{lab.pk}/"' in browser.get(page).content.decode()
    assert "3 / 4" in " ".join(browser.get("/courses/nasty/progress/").text.split())
