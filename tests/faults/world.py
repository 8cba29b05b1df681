"""A small course, and the people who will work on it while parts of the product die."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.services import create_token
from quizzes.models import Question
from tests import factories as make
from tests.labs.making import make_lab

SHORT = timedelta(seconds=15)  # of the exam that ends by its deadline
KINDS = ["numeric", "text", "single_choice", "multiple_choice"]


@dataclass(frozen=True)
class Person:
    pk: int
    token: str


@dataclass(frozen=True)
class World:
    """The addresses of the course. `right` has a right response to each question.

    Learners hand in `exam`, and work on `short_exam` until its time is up. Instructors regrade `regraded`, a review of
    one question.
    """

    slug: str
    review: str
    regraded: str
    exam: str
    short_exam: str
    lab: str
    right: dict[str, Any]
    learners: list[Person]
    programmer: Person
    instructor: Person


@transaction.atomic
def make_world(learners: int) -> World:
    """Make the course and its people. Call it with cheap password hashes."""
    course = make.make_course()
    review = make.make_review(course=course, kinds=[*KINDS, "true_false", "text"])
    regraded = make.make_review(course=course, kinds=["true_false"])
    exam = make.make_exam(course=course, drawn=4, pool=6, kinds=KINDS)
    short_exam = make.make_exam(course=course, drawn=3, pool=4, kinds=KINDS, time_limit=SHORT)
    lab = make_lab(course=course)
    questions = Question.objects.filter(assessment__course=course).select_related("current")
    teacher = make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")
    return World(
        slug=course.slug,
        review=review.pk,
        regraded=regraded.pk,
        exam=exam.pk,
        short_exam=short_exam.pk,
        lab=lab.pk,
        right={question.pk: make.right(question) for question in questions},
        learners=[with_token(make.enroll(course=course)) for _ in range(learners)],
        programmer=with_token(make.enroll(course=course)),
        instructor=with_token(teacher, "staff"),
    )


def with_token(user: Any, *scopes: str) -> Person:
    scopes = scopes or ("read", "write")
    return Person(user.pk, create_token(user=user, now=timezone.now(), scopes=scopes, has_used_factor=True)[1])


def hash_cheaply() -> None:
    """Spare the time of a real password hash for each of many accounts that sign in with tokens only."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
