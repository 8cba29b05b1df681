"""A file of overrides that is loaded again: rows that say what is in force change nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse

from grading.models import Override
from people.models import Enrollment
from quizzes import services
from tests import factories as make
from tests.grading.workplace.test_gradebook import HEADER, NOW, course, learners_of, teacher, upload

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def review(course, teacher):
    """An assessment in which an instructor gave two learners points."""
    review = make.make_review(course=course, questions=4)
    for learner, points in zip(learners_of(course, review, 2), ("3", "2.5"), strict=True):
        services.override_score(
            course=course,
            assessment_id=review.pk,
            learner_id=learner.pk,
            points=Decimal(points),
            reason="an oral exam",
            author=teacher,
            now=NOW,
        )
    return review


def words(page):
    return " ".join(page.content.decode().split())


def test_the_unchanged_file_changes_nothing_and_says_so(client, review):
    file = b"".join(client.get(reverse("overrides_csv", args=["deep"])).streaming_content)
    shown = upload(client, file)
    assert (shown.status_code, shown.context["plan"], shown.context["unchanged"]) == (200, None, 2)
    assert "The file changes nothing." in words(shown)
    assert Override.objects.count() == 2


def test_only_the_rows_that_differ_are_saved(client, review):
    file = b"".join(client.get(reverse("overrides_csv", args=["deep"])).streaming_content).decode()
    text = file.replace("2.5", "1")
    shown = upload(client, text)
    plan = shown.context["plan"]
    assert [(effect.line.username, effect.before, effect.after) for effect in plan.effects] == [
        ("l01", "2.5 of 4", "1 of 4")
    ]
    assert "1 row says what is in force already" in words(shown)
    done = client.post(reverse("overrides_file", args=["deep"]), {"text": text, "expected": plan.digest})
    assert (done.status_code, Override.objects.count()) == (302, 3)


def test_another_reason_and_an_exemption_are_changes(client, review):
    for line in (f"l00,{review.title},3,another reason", f"l00,{review.pk},exempt,an oral exam"):
        shown = upload(client, f"{HEADER}{line}\n")
        assert (len(shown.context["plan"].effects), shown.context["unchanged"]) == (1, 0)
    for item in (review.title, review.pk):
        assert upload(client, f"{HEADER}l00,{item},3.00,an oral exam\n").context["unchanged"] == 1


def test_nobody_can_guess_the_reason_of_another_person(client, course, review):
    assistant = make.enroll(course=course, user=make.make_user(username="ann", is_staff=True), role="assistant")
    client.force_login(assistant)
    shown = upload(client, f"{HEADER}l00,{review.title},3,an oral exam\n")
    assert (len(shown.context["plan"].effects), shown.context["unchanged"]) == (1, 0)


def test_a_preview_is_stale_once_somebody_else_has_saved_the_same(client, course, teacher, review):
    text = f"{HEADER}l00,{review.title},1,an oral exam\n"
    plan = upload(client, text).context["plan"]
    services.override_score(
        course=course,
        assessment_id=review.pk,
        learner_id=Enrollment.objects.get(user__username="l00").user_id,
        points=Decimal(1),
        reason="an oral exam",
        author=teacher,
        now=NOW,
    )
    answer = client.post(reverse("overrides_file", args=["deep"]), {"text": text, "expected": plan.digest})
    assert (answer.status_code, Override.objects.count()) == (409, 3)
