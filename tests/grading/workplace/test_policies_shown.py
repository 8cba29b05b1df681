"""The gradebook of a course that drops the lowest results, and of learners who are exempt from something."""

import io

import pytest
from django.urls import reverse

from grading.models import GradeCategory, Override
from quizzes import services
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_gradebook_is_sorted_by_what_counts_once_the_lowest_are_dropped(client):
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
                services.check_response(
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


def test_an_exemption_sorts_by_what_is_left_and_goes_through_files(client):
    course = make.make_course(slug="deep")
    teacher = make.enroll(course=course, user=make.make_user(username="ines", is_staff=True), role="instructor")
    client.force_login(teacher)
    review = make.make_review(course=course, questions=4, title="Review")
    exam = make.make_exam(course=course)
    learners = {name: make.enroll(course=course, user=make.make_user(username=name)) for name in ("ada", "bea")}
    for name, number in (("ada", 3), ("bea", 4)):
        for question in review.questions.all()[:number]:
            services.check_response(
                learner=learners[name], question_id=question.pk, response=make.right(question), number=1, now=make.NOW
            )
    said = {"course": course, "assessment_id": exam.pk, "author": teacher, "now": make.NOW}
    services.exempt_learner(learner_id=learners["ada"].pk, reason="ill", **said)

    def lines(query):
        page = client.get(reverse("gradebook", args=["deep"]) + query)
        return [(line.username, line.outcome.percent) for line in page.context["lines"]]

    assert lines("?sort=overall&down=1") == [("ada", "75.0"), ("bea", "50.0")]
    assert lines("?show=overridden") == [("ada", "75.0")]
    sent = b"".join(client.get(reverse("overrides_csv", args=["deep"])).streaming_content).decode()
    assert sent.splitlines()[1] == f"ada,{exam.title},exempt,ill"
    grades = b"".join(client.get(reverse("gradebook_csv", args=["deep"])).streaming_content).decode()
    assert grades.splitlines()[1].split(",")[3:] == ["75.0", "n/a", "", "exempt", "75.0", "true"]
    file = io.BytesIO(sent.replace("ada", "bea").encode())
    file.name = "overrides.csv"
    shown = client.post(reverse("overrides_file", args=["deep"]), {"file": file})
    (effect,) = shown.context["plan"].effects
    assert (effect.after, [shift.after.percent for shift in shown.context["plan"].shifts]) == ("exempt", ["100.0"])
    assert Override.objects.count() == 1
