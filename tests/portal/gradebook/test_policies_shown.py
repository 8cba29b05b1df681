"""The gradebook of a course that drops the lowest results."""

import pytest
from django.urls import reverse

from grading.models import GradeCategory
from quizzes import services
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_gradebook_is_sorted_by_what_counts_once_the_lowest_are_dropped(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    course = make.make_course(slug="deep")
    teacher = make.enroll(course=course, user=make.make_user(username="ines", is_staff=True), role="instructor")
    client.force_login(teacher)
    GradeCategory.objects.filter(course=course, key="review").update(drop_lowest=1)
    reviews = [make.make_review(course=course, questions=4) for _ in range(2)]
    results = {"even": (2, 2), "best": (3, 0), "none": (0, 0), "least": (0, 1)}
    for username, points in results.items():
        learner = make.enroll(course=course, user=make.make_user(username=username))
        for review, right in zip(reviews, points, strict=True):
            for position, question in enumerate(review.questions.order_by("position")):
                response = make.right(question) if position < right else make.wrong(question)
                services.submit_attempt(
                    learner=learner, question_id=question.pk, response=response, number=1, now=make.NOW
                )
    page = client.get(reverse("gradebook", args=["deep"]) + "?sort=overall&down=1")
    assert [(line.username, line.outcome.percent) for line in page.context["lines"]] == [
        ("best", "37.5"),
        ("even", "25.0"),
        ("least", "12.5"),
        ("none", "0.0"),
    ]
    dropped = {line.username: [cell.is_dropped for cell in line.cells] for line in page.context["lines"]}
    assert dropped["least"] == [True, False]
    assert page.content.decode().count("dropped") == 4
