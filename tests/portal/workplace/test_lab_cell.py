"""The cell of a graded lab: the test runs behind its points, and the changes of the points."""

import pytest
from django.urls import reverse

from labs.models import Lab
from tests import factories as make
from tests.labs.test_grading import finish, load, rows_of
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
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
    assert text.count("<summary>") == 2


def test_a_lab_without_runs_has_a_cell(client, lab, learner):
    assert "The learner has not finished a test run." in client.get(address_of(lab, learner)).content.decode()


@pytest.mark.parametrize("size", [1, 4])
def test_a_labs_cell_costs_the_same_statements_however_many_runs(client, lab, learner, size):
    for _ in range(size):
        finish(lab, learner, rows_of("failed", "passed"))
    with counted_statements() as statements:
        client.get(address_of(lab, learner))
    assert len(statements) <= 18


def test_a_lab_takes_no_action_and_belongs_to_its_course(client, lab, learner):
    form = {"do": "override", "points": "1", "reason": "r"}
    assert client.post(address_of(lab, learner), form).status_code == 404
    elsewhere = make.make_course()
    other = make.enroll(course=elsewhere)
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("gradebook_cell", args=[elsewhere.slug, other.pk, lab.pk])).status_code == 404
