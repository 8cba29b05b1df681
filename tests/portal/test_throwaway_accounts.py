"""A new course, begun as the docs say, gives the keys of its exam to no throwaway account before their time (D33, I12)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from authoring.folder.exposing import EXPOSED
from course.models import Course
from people.models import Enrollment
from people.services import create_invitation
from quizzes.models import Assessment, QuestionVersion, Sitting
from quizzes.services import release_assessment
from tests import factories as make
from tests.authoring.test_sample_course import STATISTICS
from tests.forms import answer_form

pytestmark = pytest.mark.django_db
EXPLAINED = "The canary sings."
CLOSES = "2027-04-30 20:00"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(make.NOW, tick=False) as travelled:
        yield travelled


def begun(root: Path, *edits: tuple[str, str, str]) -> Course:
    """Copy the sample course as docs/for-instructors.md says, edit it, check it, and load it.

    Each key in its pool is a number that occurs nowhere else, and each explanation a canary.
    """
    copytree(STATISTICS, root / STATISTICS.name)
    folder, number = root / STATISTICS.name, iter(range(731_001, 732_000))
    for pool in folder.glob("exam/pool-*.yaml"):
        text = re.sub(r'^  answer: ".*"', lambda _: f'  answer: "{next(number)}"', pool.read_text(), flags=re.MULTILINE)
        pool.write_text(re.sub(r"^  explanation: .*", f"  explanation: {EXPLAINED}", text, flags=re.MULTILINE))
    for name, old, new in edits:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    errors = StringIO()
    call_command("course", "check", str(folder), stdout=StringIO(), stderr=errors)
    assert (EXPOSED in errors.getvalue()) is (edits == OPENED)
    call_command("course", "load", str(folder), stdout=StringIO())
    return Course.objects.get()


OPENED = (
    ("course.yaml", "enrollment: invitation", "enrollment: open"),
    ("course.yaml", "exam: {verdict: attempt, key: release}", "exam: {verdict: attempt, key: end}"),
)
CLOSING = (("exam/exam.yaml", "due: 2027-04-11 23:59\n", f"closes: {CLOSES}\nshow: {{key: closed}}\n"),)


def throwaway(name: str) -> Client:
    """Return the browser of somebody who has just signed up."""
    browser = Client()
    said = {"username": name, "email": f"{name}@example.org", "password1": "a-long-word-for-a-door"}
    assert browser.post(reverse("account_signup"), said).status_code == 302
    return browser


def joined(course: Course, name: str) -> Client:
    """Return the browser of a new account that an invitation link let into the course."""
    author = make.make_user(is_staff=True)
    facts = {"course": course, "author": author, "now": make.NOW, "note": "Class", "most_uses": 1}
    link = create_invitation(expires_at=make.NOW + timedelta(days=7), **facts)
    browser = throwaway(name)
    assert browser.post(reverse("join", args=[link.token]), {"name": name}).status_code == 302
    assert Enrollment.objects.filter(course=course, user__username=name).exists()
    return browser


def sit(browser: Client, name: str) -> None:
    """Sit the exam: spend all attempts at half of the questions, save one response, and hand in."""
    exam = Assessment.objects.get(kind="exam")
    assert browser.post(f"/assessments/{exam.pk}/start/").status_code == 302
    sitting = Sitting.objects.get(learner__username=name)
    asked = [row.question for row in sitting.questions.select_related("question__current").order_by("position")]
    for question in asked[:3]:
        for number in range(1, question.current.attempts_limit + 1):
            browser.post(f"/questions/{question.pk}/check/", answer_form(question, str(number), number=number))
    browser.post(f"/questions/{asked[4].pk}/draft/", answer_form(asked[4], "5"))
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    sitting.refresh_from_db()
    assert sitting.submitted_at is not None


def seen(browser: Client, name: str) -> str:
    """Return everything that the pages and the API show to this learner of the exam."""
    exam, sitting = Assessment.objects.get(kind="exam"), Sitting.objects.get(learner__username=name)
    slug = Course.objects.get().slug
    places = [
        f"/assessments/{exam.pk}/",
        *(f"/assessments/{exam.pk}/{position}/" for position in range(1, 7)),
        f"/assessments/{exam.pk}/attempts/",
        f"/courses/{slug}/",
        f"/courses/{slug}/progress/",
        f"/api/v1/assessments/{exam.pk}/",
        f"/api/v1/sittings/{sitting.pk}/",
        f"/api/v1/courses/{slug}/progress/",
    ]
    answers = [browser.get(place, follow=True) for place in places]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.content.decode() for answer in answers)


def given_away(text: str) -> set[str]:
    """Return the keys and explanations of the pool in a text."""
    pool = QuestionVersion.objects.filter(question__assessment__kind="exam")
    keys = {version.secret["answer"] for version in pool} | {EXPLAINED}
    assert len(keys) == 11
    return {key for key in keys if key in text or (key.isdecimal() and f"{int(key):,}" in text)}


def test_somebody_who_only_signs_up_sees_nothing_of_the_exam(tmp_path):
    course = begun(tmp_path)
    browser = throwaway("mallory")
    assert browser.post(reverse("enroll", args=[course.slug]), {"name": "Mallory"}).status_code == 403
    exam = Assessment.objects.get(kind="exam")
    browser.post(f"/assessments/{exam.pk}/start/")
    assert (Sitting.objects.count(), Enrollment.objects.filter(role="learner").count()) == (0, 0)


def test_two_invited_accounts_that_sit_the_exam_see_no_key_before_a_release(tmp_path):
    course = begun(tmp_path)
    for name in ("mallory", "trudy"):
        browser = joined(course, name)
        sit(browser, name)
        assert given_away(seen(browser, name)) == set()
    facts = {"course": course, "author": make.make_user(is_staff=True), "reason": "All have sat it.", "now": make.NOW}
    release_assessment(assessment_id=Assessment.objects.get(kind="exam").pk, **facts)
    assert len(given_away(seen(browser, "trudy"))) == 7


def test_two_invited_accounts_that_sit_the_exam_see_no_key_before_it_closes(tmp_path, clock):
    course = begun(tmp_path, *CLOSING)
    for name in ("mallory", "trudy"):
        browser = joined(course, name)
        sit(browser, name)
        assert given_away(seen(browser, name)) == set()
    closes_at = Assessment.objects.get(kind="exam").closes_at
    for later, number in ((timedelta(seconds=-1), 0), (timedelta(seconds=31), 7)):
        clock.move_to(closes_at + later)
        browser.force_login(Enrollment.objects.get(user__username="trudy").user)  # the session has ended by then
        assert len(given_away(seen(browser, "trudy"))) == number


def test_a_course_that_is_opened_and_shows_keys_at_the_end_gives_them_to_anyone_which_its_check_says(tmp_path):
    course = begun(tmp_path, *OPENED)
    browser = throwaway("mallory")
    assert browser.post(reverse("enroll", args=[course.slug]), {"name": "Mallory"}).status_code == 302
    sit(browser, "mallory")
    assert len(given_away(seen(browser, "mallory"))) == 7
