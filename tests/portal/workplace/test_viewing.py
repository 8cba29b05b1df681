"""Viewing as a learner is written down, shows their pages, and changes nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from course.models import AuditEntry, LessonVisit
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


def view_as(client, course, learner):
    return client.post(reverse("start_viewing", args=[course.slug, learner.pk]), {"reason": "asked for help"})


def test_the_course_shows_as_the_learner_has_it_and_the_audit_says_so(client, course, learner, teacher):
    assert view_as(client, course, learner).url == reverse("progress", args=[course.slug])
    page = client.get(reverse("progress", args=[course.slug]))
    assert (page.context["user"], page.context["viewing"]["name"]) == (learner, learner.name)
    assert AuditEntry.objects.values_list("actor", "action", "target", "reason").get() == (
        teacher.pk,
        "view_as_learner",
        f"user:{learner.pk}",
        "asked for help",
    )
    client.post(reverse("stop_viewing", args=[course.slug]))
    assert client.get(reverse("progress", args=[course.slug])).context["user"] == teacher


def test_nothing_is_kept_and_nothing_is_accepted_while_viewing(client, course, learner, teacher):
    lesson = make.make_lesson(module=make.make_module(course=course))
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    exam = make.make_exam(course=course)
    view_as(client, course, learner)
    assert client.get(reverse("lesson", args=[lesson.pk])).status_code == 200
    posts = [
        (reverse("check", args=[question.pk]), {"number": "1", f"q-{question.pk}": "0.25"}),
        (reverse("start", args=[exam.pk]), {}),
        (reverse("lesson_done", args=[lesson.pk]), {}),
        (reverse("unenroll", args=[course.slug]), {}),
        ("/api/v1/courses/", {}),
    ]
    assert {client.post(url, body).status_code for url, body in posts} == {403}
    assert (LessonVisit.objects.count(), Attempt.objects.count(), Sitting.objects.count()) == (0, 0, 0)


def test_questions_show_as_the_learner_has_them_and_cannot_be_checked(client, course, learner, teacher):
    review = make.make_review(course=course, kinds=["numeric"])
    view_as(client, course, learner)
    page = client.get(reverse("assessment", args=[review.pk])).content.decode()
    assert f"You are viewing as {learner.name}: nothing you do here is kept" in page
    assert [sign for sign in (" data-check ", "data-draft=", "Report this question") if sign in page] == []


def test_another_course_of_the_learner_stays_closed(client, course, learner, teacher):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    view_as(client, course, learner)
    assert client.get(reverse("progress", args=[other.slug])).context["user"] == teacher


def test_only_instructors_of_the_course_may_and_only_its_learners_are_shown(client, course, learner, teacher):
    stranger = make.make_user()
    assert view_as(client, course, stranger).status_code == 404
    assert view_as(client, course, teacher).status_code == 404
    client.force_login(instructor_of(make.make_course()))
    assert view_as(client, course, learner).status_code == 404
    client.force_login(learner)
    assert view_as(client, course, learner).status_code == 404
    assert AuditEntry.objects.count() == 0


def test_who_no_longer_teaches_sees_nothing_more(client, course, learner, teacher):
    view_as(client, course, learner)
    teacher.enrollments.update(role="learner")
    assert client.get(reverse("progress", args=[course.slug])).status_code == 404


def test_a_running_exam_is_seen_and_stays_as_it_is(client, course, learner, teacher):
    exam = make.make_exam(course=course)
    now = timezone.now()
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=now)
    view_as(client, course, learner)
    before = list(SittingQuestion.objects.values())
    pages = [reverse("exam_question", args=[exam.pk, 1]), reverse("hand_in", args=[exam.pk])]
    shown = [client.get(page) for page in pages]
    assert [page.status_code for page in shown] == [200, 200]
    assert [page.content.decode().count("Stop viewing") for page in shown] == [1, 1]
    seen = client.post(reverse("seen", args=[exam.pk, 1]))
    assert (seen.status_code, list(SittingQuestion.objects.values())) == (403, before)
    sitting.refresh_from_db()
    assert sitting.submitted_at is None
