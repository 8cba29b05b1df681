"""Every page and every action of a course's workplace, for every role; a forged action changes nothing."""

import re
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.db import transaction
from django.test import Client
from django.urls import reverse

from announcements.services import post_announcement
from course.models import CourseFile
from labs.services import apply_lab_regrade
from lessons.help.services import ask_for_help
from lessons.help.subjects import HelpSubject
from portal.rights.services import build_next_export, request_export
from quizzes import services
from quizzes.models import Question, QuestionReport, Sitting
from tests import factories as make
from tests.addresses import workplace_pages
from tests.grading.columns import make_column
from tests.labs.making import make_lab, make_retest, make_test_run
from tests.portal.workplace.people import everyone

pytestmark = pytest.mark.django_db
MAY = {"instructor", "superuser"}
ACTS = ("course", "grading", "quizzes", "labs")  # apps whose records a forged action must not change
ACTIONS = {"compute_analysis", "make_good", "preview_text", "start_viewing", "stop_viewing", "text_draft"}  # POST only
PAGES = [pattern.name for pattern in workplace_pages()]
NUMBERS = {
    *("learner_id", "report_id", "regrade_id", "request_id", "announcement_id"),
    *("retest_id", "lab_regrade_id"),
}


def converters_of(name):
    return next(found for found in workplace_pages() if found.name == name).pattern.converters


NUMBERED = [name for name in PAGES if NUMBERS & converters_of(name).keys()]


@pytest.fixture
def world() -> dict[str, Any]:
    """A course in which every address of the workplace exists."""
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric"])
    exam = make.make_exam(course=course, source="id: final-exam\n")
    learner, question = make.enroll(course=course), review.questions.get()
    written = f"- id: {question.key}\n  type: numeric\n  prompt: How many?\n  answer: 1\n"
    Question.objects.filter(pk=question.pk).update(file="01-first/review.yaml", source=written)
    lesson = make.make_lesson(module=review.module, path="01-first/10-one.md")
    services.check_response(learner=learner, question_id=question.pk, response="7", number=1, now=make.NOW)
    services.report_question(learner=learner, question_id=question.pk, text="odd", now=make.NOW)
    subject = HelpSubject("lesson", lesson.pk, lesson.title)
    request = ask_for_help(learner=learner, course=course, subject=subject, text="Why?", now=make.NOW)
    services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    regrade = services.apply_regrade(
        course=course, question_id=question.pk, kind="credit", reason="unfair", author=learner, now=make.NOW
    )
    said = {"title": "Exam", "text": "Bring paper.", "audience": "everyone", "group": "", "is_mailed": True}
    posted = post_announcement(course=course, author=learner, key="k", now=make.NOW, **said)
    lab = make_lab(course=course)
    folder = "01-first/labs/10-double"
    CourseFile.objects.create(
        course=course, path=f"{folder}/lab.yaml", content=f"id: {lab.key}\n".encode(), digest="0" * 64
    )
    retest = make_retest(lab, learner, {make_test_run(lab, learner, "failed").pk: ("passed",)})
    evidence = {"now": make.NOW}
    applied = apply_lab_regrade(course=course, retest_id=retest.pk, reason="unfair", author=learner, **evidence)
    return {
        "slug": course.slug,
        "announcement_id": posted.pk,
        "course": course,
        "learner_id": learner.pk,
        "question_id": question.pk,
        "assessment_id": review.pk,
        "report_id": QuestionReport.objects.get().pk,
        "request_id": request.pk,
        "sitting_id": Sitting.objects.get(assessment=exam).pk,
        "regrade_id": regrade.pk,
        "path": lesson.path,
        "question_file": "01-first/review.yaml",
        "folder": folder,
        "section": "01-first",
        "lab_id": lab.pk,
        "column_id": make_column(course=course).pk,
        "retest_id": retest.pk,
        "lab_regrade_id": applied.pk,
    }


def finish_archive(reader, world):
    """Let this reader have ordered an archive of the learner's work, and a worker have built it."""
    learner = get_user_model().objects.get(pk=world["learner_id"])
    request_export(user=learner, asked_by=reader, course=world["course"], reason="asked for", now=make.NOW)
    assert build_next_export(clock=lambda: make.NOW)


def address(name, world):
    """Return the address with the query that it needs."""
    wanted = {key: world[key] for key in converters_of(name)}
    if name in ("question_forms", "arranged_questions"):
        wanted["path"] = world["question_file"]
    return reverse(name, kwargs={"slug": world["slug"], **wanted})


def records():
    models = [model for app in ACTS for model in apps.get_app_config(app).get_models()]
    texts = [serializers.serialize("json", model.objects.order_by("pk")) for model in models]
    return [re.sub(r'"last_login": ("[^"]*"|null)', "", text) for text in texts]  # a sign-in writes its own instant


def browsers(people):
    """Return a signed-in browser for each person, and one that nobody has signed in on for the stranger."""
    found = {role: Client() for role in people}
    for role, person in people.items():
        if person is not None:
            found[role].force_login(person)
    return found


@contextmanager
def undone():
    """Roll back everything that the block does."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_only_the_courses_instructors_and_superusers_come_in(world):
    people = everyone(world["course"])
    for role in MAY:
        finish_archive(people[role], world)
    visitors = browsers(people)
    for name in PAGES:
        found = {}
        for role, browser in visitors.items():
            with undone():
                found[role] = browser.get(address(name, world)).status_code
        refused = {role: status for role, status in found.items() if role not in MAY}
        assert refused.pop("stranger") in (302, 405), name
        assert set(refused.values()) <= {404, 405}, name
        assert {found[role] for role in MAY} == {405 if name in ACTIONS else 200}, name


FORGED = {
    "do": "override",
    "points": "1",
    "reason": "because I can",
    "confirmed": "1",
    "minutes": "60",
    "sitting": "",
    "multiplier": "2",
    "kind": "credit",
    "text": "another text",
    "answer": "an answer",
    "key": "forged",
    "action": "delete_selected",
    "file": "username,points",
}


def test_a_forged_action_of_anyone_else_changes_nothing(world):
    visitors = browsers(everyone(world["course"]))
    before, sent = records(), {**FORGED, "sittings": [world["sitting_id"]], "sitting": world["sitting_id"]}
    for name in PAGES:
        for role in visitors.keys() - MAY:
            answer = visitors[role].post(address(name, world), sent)
            assert answer.status_code in (302, 404, 405), (name, role)
        assert records() == before, name


def test_a_number_beyond_every_database_is_not_found(client, world):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    for name in NUMBERED:
        key = next(key for key in converters_of(name) if key in NUMBERS)
        url = address(name, world).replace(f"/{world[key]}/", f"/{'9' * 23}/")
        assert {client.get(url).status_code, client.post(url).status_code} == {404}, name


def test_no_page_ignores_a_parameter_that_it_does_not_know(client, world):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    for name in set(PAGES) - ACTIONS:
        answer = client.get(address(name, world), {"serach": "ada"})
        assert answer.status_code == 400, name
        assert "has the parameter “serach”, which the page does not support" in answer.content.decode(), name


@pytest.mark.parametrize("query", ["show=nonsense", "page=two"])
def test_no_list_ignores_a_value_that_it_does_not_know(client, world, query):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    answer = client.get(f"{reverse('reports', args=[world['slug']])}?{query}")
    assert answer.status_code == 400
    assert "is not a valid value" in answer.content.decode()
