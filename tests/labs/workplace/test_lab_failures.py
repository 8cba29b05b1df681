"""The page that says which tests of a lab learners fail now, and with which messages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from labs.models import Run
from tests import factories as make
from tests.labs.making import make_lab, make_test_run
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    return make_lab()


def failed(lab, message, *, minutes=0, learner=None):
    run = make_test_run(lab, learner or make.enroll(course=lab.course), "failed")
    run.tests[0]["message"] = message
    finished_at = make.NOW + timedelta(minutes=minutes)
    Run.objects.filter(pk=run.pk).update(tests=run.tests, finished_at=finished_at)
    return run.learner


def page_for(person, lab):
    browser = Client()
    browser.force_login(person)
    return browser.get(reverse("lab_failures", args=[lab.course.slug, lab.pk]))


def test_learners_are_grouped_by_the_message_of_their_newest_test_run(lab):
    often = [failed(lab, f"Twice x. {number} of 9 values are off.") for number in (1, 2)]
    changed = failed(lab, "Twice x. Half.")
    failed(lab, "Twice x. No.", minutes=1, learner=changed)
    passed = make.enroll(course=lab.course)
    make_test_run(lab, passed, "passed")
    failed(lab, "Elsewhere.", learner=make.enroll(course=make.make_course()))
    answer = page_for(instructor_of(lab.course), lab)
    ((test, groups),) = answer.context["tests"]
    assert (test.learners, test.failing) == (4, 3)
    assert [(each.group.message, [pk for pk, _ in each.learners]) for each in groups] == [
        ("Twice x. … of 9 values are off.", sorted(each.pk for each in often)),
        ("Twice x. No.", [changed.pk]),
    ]
    assert "3 of 4 fail" in " ".join(answer.text.split())


@pytest.mark.parametrize(("role", "route"), [("assistant", "lab_work"), ("observer", "gradebook_cell")])
def test_each_role_gets_links_to_what_it_may_read(lab, role, route):
    learner = failed(lab, "No.")
    person = make.enroll(course=lab.course, user=make.make_user(is_staff=True), role=role)
    page = page_for(person, lab).text
    assert f'href="{reverse(route, args=[lab.course.slug, learner.pk, lab.pk])}"' in page
    assert reverse("regrade_lab", args=[lab.course.slug, lab.pk]) not in page


def test_more_learners_run_no_more_queries(lab):
    teacher, counts = instructor_of(lab.course), []
    for _ in range(2):
        failed(lab, "No.")
        with counted_statements() as found:
            page_for(teacher, lab)
        counts.append(len(found))
    assert counts[0] == counts[1]
