"""The cell of a graded lab: the test runs behind its points, and the changes of the points."""

from decimal import Decimal

import pytest
from django.urls import reverse

from grading.models import Override
from labs.models import Lab
from operations.services import verify_grades
from records.models import AuditEntry
from tests import factories as make
from tests.labs.test_grading import LABS_ALONE, finish, load, rows_of
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(client):
    course = load()
    client.force_login(instructor_of(course))
    return Lab.objects.get(course=course)


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


def address_of(lab, learner):
    return reverse("gradebook_cell", args=[lab.course.slug, learner.pk, lab.pk])


def test_the_gradebook_and_the_learners_page_link_a_lab_to_its_cell(client, lab, learner):
    finish(lab, learner, rows_of("failed", "passed"))
    for page in (reverse("gradebook", args=[lab.course.slug]), reverse("learner", args=[lab.course.slug, learner.pk])):
        assert f'href="{address_of(lab, learner)}"' in client.get(page).content.decode()
    assert client.get(address_of(lab, learner)).status_code == 200


def test_a_labs_cell_shows_its_runs_the_one_that_counts_and_every_change(client, lab, learner):
    finish(lab, learner, rows_of("failed", "passed"))
    finish(lab, learner, rows_of("passed", "failed"))
    page = client.get(address_of(lab, learner))
    runs = page.context["runs"]
    assert sorted((run.reached.earned, run.reached.possible, run.counts) for run in runs) == [
        (1, 4, False),
        (3, 4, True),
    ]
    assert [(step.before, step.after, step.cause) for step in page.context["steps"]] == [(None, 3, "lab tests")]
    text = " ".join(page.content.decode().split())
    assert "3 / 4" in text
    assert "75.0<small> %</small>" in text
    assert text.count("<summary>") == 4  # two runs, and the forms that give points and that exempt


def test_a_lab_without_runs_has_a_cell(client, lab, learner):
    assert "The learner has not finished a test run." in client.get(address_of(lab, learner)).content.decode()


@pytest.mark.parametrize("size", [1, 4])
def test_a_labs_cell_costs_the_same_statements_however_many_runs(client, lab, learner, size):
    for _ in range(size):
        finish(lab, learner, rows_of("failed", "passed"))
    with counted_statements() as statements:
        client.get(address_of(lab, learner))
    assert len(statements) <= 18


def override(client, lab, learner, points, do="override"):
    """Preview an override, then confirm it. Return the previewed points."""
    form = {"do": do, "points": points, "reason": "shown in person"}
    previewed = client.post(address_of(lab, learner), form)
    assert previewed.status_code == 200, previewed.content.decode()
    assert client.post(address_of(lab, learner), {**form, "confirmed": "1"}).status_code == 302
    return previewed.context["foreseen"].earned


def points_of(client, lab, learner):
    return client.get(address_of(lab, learner)).context["item"].points_earned


def test_an_override_replaces_a_labs_points_whatever_is_run_later(client, lab, learner):
    finish(lab, learner, rows_of("failed", "passed"))
    assert (override(client, lab, learner, "3.5"), points_of(client, lab, learner)) == (Decimal("3.5"), "3.5")
    finish(lab, learner, rows_of("passed", "passed"))
    assert points_of(client, lab, learner) == "3.5"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason, entry.details["assessment"]) == ("override", "shown in person", lab.pk)
    assert lab.title in client.get(reverse("audit", args=[lab.course.slug])).content.decode()
    assert list(verify_grades(now=make.NOW)) == []
    assert (override(client, lab, learner, "", "undo_override"), points_of(client, lab, learner)) == (4, "4")
    causes = [step.cause for step in client.get(address_of(lab, learner)).context["steps"]]
    assert causes == ["override undone", "override", "lab tests"]
    assert list(verify_grades(now=make.NOW)) == []


def test_points_are_given_in_a_lab_that_was_not_started(client, lab, learner):
    override(client, lab, learner, "2")
    assert points_of(client, lab, learner) == "2"
    assert list(verify_grades(now=make.NOW)) == []
    load(LABS_ALONE.replace("weight: 80", "weight: 79").replace("weight: 10", "weight: 11", 1))
    assert points_of(client, lab, learner) == "2"
    assert list(verify_grades(now=make.NOW)) == []
    override(client, lab, learner, "", "undo_override")
    assert points_of(client, lab, learner) == "0"
    assert list(verify_grades(now=make.NOW)) == []


@pytest.mark.parametrize(
    ("do", "points"), [("override", "5"), ("override", "-1"), ("override", ""), ("undo_override", "")]
)
def test_an_override_of_a_lab_that_cannot_be_made_says_why(client, lab, learner, do, points):
    answer = client.post(address_of(lab, learner), {"do": do, "points": points, "reason": "r", "confirmed": "1"})
    assert answer.status_code in (400, 409)
    assert Override.objects.count() == 0


def test_a_lab_is_not_voided_and_belongs_to_its_course(client, lab, learner):
    assert client.post(address_of(lab, learner), {"do": "void", "reason": "r"}).status_code == 404
    elsewhere = make.make_course()
    other = make.enroll(course=elsewhere)
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("gradebook_cell", args=[elsewhere.slug, other.pk, lab.pk])).status_code == 404


def test_a_file_of_overrides_gives_points_in_a_lab(client, lab, learner):
    text = f"username,item,points,reason\n{learner.username},{lab.title},3,shown in person\n"
    address = reverse("overrides_file", args=[lab.course.slug])
    previewed = client.post(address, {"text": text})
    assert client.post(address, {"text": text, "expected": previewed.context["plan"].digest}).status_code == 302
    assert points_of(client, lab, learner) == "3"
