"""What learners read about late answers: before they answer, on the question, on Progress and in the gradebook (D34)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.urls import reverse

from grading.selectors.table import gradebook_table
from grading.services import settle_grades
from quizzes.models import Assessment
from quizzes.services import check_response, start_sitting
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def review(course):
    found = make.make_review(course=course, kinds=["true_false", "numeric"])
    make.make_late(found, due_at=NOW, percent_per_day=20, lowest_percent=30)
    return found


@pytest.fixture
def learner(client, course):
    found = make.enroll(course=course)
    client.force_login(found)
    return found


def words(client, address, at):
    """Return the text of a page at an instant, without tags and breaks."""
    with time_machine.travel(at, tick=False):
        page = client.get(address).content.decode()
    return " ".join(part.partition(">")[2].strip() for part in page.replace("\n", " ").split("<"))


def check(learner, question, at, *, number=1, is_right=True):
    response = make.right(question) if is_right else make.wrong(question)
    check_response(learner=learner, question_id=question.pk, response=response, number=number, now=at)


def one_line(text):
    return " ".join(text.split())


def test_review_questions_say_what_an_answer_counts_before_the_answer(client, review, learner):
    address = reverse("assessment", args=[review.pk])
    before = one_line(words(client, address, NOW))
    assert "counts 20 % less for each day that has begun. It never counts less than 30 % of its points." in before
    assert "Late:" not in before
    late = one_line(words(client, address, NOW + DAY + timedelta(hours=1)))
    assert "Late: 40 % less today. A correct answer now counts 60 % of its points. It counts less after" in late
    lowest = one_line(words(client, address, NOW + 9 * DAY))
    assert "Late: 70 % less today. A correct answer now counts 30 % of its points." in lowest
    assert "It counts less after" not in lowest


def test_a_late_answer_is_marked_on_its_question_on_progress_and_in_every_attempt(client, review, learner):
    in_time, late = review.questions.all()
    check(learner, in_time, NOW)
    check(learner, late, NOW + timedelta(seconds=1))
    page = one_line(words(client, reverse("assessment", args=[review.pk]), NOW + DAY))
    assert (page.count("Late: 20 % less"), "1.8 / 2" in page) == (1, True)  # nothing is left to answer
    progress = one_line(words(client, reverse("progress", args=["deep"]), NOW + DAY))
    assert "late: −0.2" in progress
    assert f"Correct answers after the due date lost points: {review.title} (0.2). “Attempts” shows" in progress
    history = one_line(words(client, reverse("history", args=[review.pk]), NOW + DAY))
    assert history.count("Your correct answer was late. It lost 0.2 points.") == 1


def test_an_exam_says_before_its_start_what_it_counts_and_keeps_to_it(client, course, learner):
    exam = make.make_exam(course=course)
    make.make_late(exam, due_at=NOW, percent_per_day=20)
    address = reverse("assessment", args=[exam.pk])
    assert "If you start the exam after" in one_line(words(client, address, NOW))
    told = "Late: 20 % less today. If you start the exam now, correct answers count 80 % of their points."
    assert told in one_line(words(client, address, NOW + DAY))
    start_sitting(learner=learner, assessment=exam, now=NOW + DAY)
    assert "Late: 20 % less. You started this exam after" in one_line(words(client, address, NOW + 9 * DAY))


def test_an_exam_that_closes_when_it_is_due_says_nothing_of_a_later_start(client, course, learner):
    exam = make.make_exam(course=course)
    make.make_late(exam, due_at=NOW + DAY, percent_per_day=20)
    address = reverse("assessment", args=[exam.pk])
    for closes_at, is_told in ((NOW + DAY, False), (NOW + DAY + timedelta(minutes=1), True), (None, True)):
        Assessment.objects.filter(pk=exam.pk).update(closes_at=closes_at)
        assert ("If you start the exam after" in one_line(words(client, address, NOW))) is is_told


def test_the_api_says_what_an_answer_counts_and_what_it_earned(client, review, learner):
    with time_machine.travel(NOW + DAY, tick=False):
        late = client.get(f"/api/v1/assessments/{review.pk}/").json()["late"]
        question = review.questions.get(current__type="numeric")
        body = {"response": make.right(question), "number": 1}
        answer = client.post(f"/api/v1/questions/{question.pk}/attempts/", body, content_type="application/json").json()
    assert late == {
        "percent_per_day": 20,
        "grace_minutes": 0,
        "lowest_percent": 30,
        "late_from": "2026-11-24T12:00:00Z",
        "percent_now": 80,
        "falls_at": "2026-11-25T12:00:00Z",
        "is_fixed": False,
    }
    item = next(each for each in answer["progress"]["items"] if each["id"] == review.pk)
    assert (answer["points_earned"], item["points_earned"], item["points_late"]) == ("0.8", "0.8", "0.2")


def test_the_gradebook_has_a_column_for_what_late_answers_lost_only_with_a_late_policy(course, review, learner):
    plain = make.make_review(course=course)
    check(learner, review.questions.first(), NOW + DAY)
    grades = settle_grades(now=NOW + DAY, course_id=course.pk)
    head, line = list(csv.reader(StringIO("\n".join(map(",".join, gradebook_table(grades, course.pk))))))
    assert head[3:6] == [review.title, plain.title, f"{review.title}: points lost by late answers"]
    assert line[3:6] == ["40.0", "", "0.2"]
