"""Sixteen learners reach the pass mark at the same time, half of them exactly and half 0.025 percentage points below it.

Meanwhile the learners, an instructor and a sweeper read the grades. Each grade must be what the answers so far add up
to, in exact fractions that this file computes on its own. 69.975 % is shown as 69.9 and has not passed.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client

from grading.models import Certificate
from grading.services import settled_grade
from operations.services import verify_grades
from quizzes import services
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.races.running import CROWD, in_threads

NOW = make.NOW
POINTS = {"first": ["3.99", "0.01", "4", "2"], "second": ["1", "1", "1"], "exam": ["1", "1", "1"]}
EXACT = {"first": [True, True, True, False], "second": [True, True, False], "exam": [True, True, False]}
UNDER = {**EXACT, "first": [True, False, True, False]}
LOOKS = 12  # of the sweeper and of the instructor


@pytest.fixture
def course() -> Iterator[Any]:
    caches["throttles"].clear()
    with time_machine.travel(NOW, tick=False):
        yield make.make_course()


@pytest.fixture
def assessments(course):
    found = {}
    for name in ("first", "second"):
        found[name] = make.make_assessment(course=course)
        for points in POINTS[name]:
            make.add_question(assessment=found[name], type="numeric", points=points)
    found["exam"] = make.make_exam(course=course, drawn=3, pool=3, kinds=["numeric"])
    return found


def percent_of(earned: dict[str, Fraction]) -> Fraction:
    """Return the grade: half of it is the mean of the two reviews, the other half the exam."""
    shares = {name: earned[name] / sum(map(Fraction, points)) for name, points in POINTS.items()}
    return 50 * (shares["first"] + shares["second"]) / 2 + 50 * shares["exam"]


class OverHttp:
    """A learner who uses the API."""

    def __init__(self, learner: Any, course: Any) -> None:
        self.learner, self.course, self.client = learner, course, Client()
        self.client.force_login(learner)

    def post(self, path: str, **body: object) -> Any:
        answer = self.client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def start(self, exam: Any) -> str:
        return self.post(f"assessments/{exam.pk}/sitting/")["id"]

    def check(self, question: Any, response: str) -> tuple[str, bool]:
        told = self.post(f"questions/{question.pk}/attempts/", response=response, number=1)
        return self.shown(told["progress"])

    def hand_in(self, sitting: str) -> None:
        self.post(f"sittings/{sitting}/submit/")

    def read(self) -> tuple[str, bool]:
        return self.shown(self.client.get(f"/api/v1/courses/{self.course.slug}/progress/").json())

    def shown(self, progress: Any) -> tuple[str, bool]:
        return progress["overall"]["percent"], progress["overall"]["passed"]


class ByServices:
    """A learner whose requests have arrived at the services."""

    def __init__(self, learner: Any, course: Any) -> None:
        self.learner, self.course = learner, course

    def start(self, exam: Any) -> str:
        return services.start_sitting(learner=self.learner, assessment=exam, now=NOW)[0].pk

    def check(self, question: Any, response: str) -> tuple[str, bool]:
        services.check_response(learner=self.learner, question_id=question.pk, response=response, number=1, now=NOW)
        return self.read()

    def hand_in(self, sitting: str) -> None:
        services.hand_in_sitting(learner=self.learner, sitting_id=sitting, now=NOW)

    def read(self) -> tuple[str, bool]:
        grade = settled_grade(learner_id=self.learner.pk, course_id=self.course.pk, now=NOW)
        return grade.percent, grade.has_passed


def take_the_course(person: Any, number: int, questions: dict[str, list[Any]], exam: Any) -> list[str]:
    """Answer everything in this learner's order, and return each grade that was shown and is not what it should be."""
    marks = UNDER if number % 2 else EXACT
    order = ["exam", "first", "second"] if number % 4 < 2 else ["second", "first", "exam"]
    earned, bent = dict.fromkeys(POINTS, Fraction(0)), []
    for name in order:
        sitting = person.start(exam) if name == "exam" else None
        turn = number // 4 % len(questions[name])
        places = [*range(turn, len(questions[name])), *range(turn)]
        for place in places:
            told = person.check(questions[name][place], "0.25" if marks[name][place] else "7")
            earned[name] += Fraction(POINTS[name][place]) * marks[name][place]
            expected = percent_of(earned)
            tenths = floor(expected * 10)
            wanted = f"{tenths // 10}.{tenths % 10}", expected >= 70
            bent += [f"{number}: {shown} is not {wanted}" for shown in (told, person.read()) if shown != wanted]
        if sitting is not None:
            person.hand_in(sitting)
    return bent


def read_everyone(client: Client, course: Any, exact: set[str]) -> list[str]:
    """Return each row of the gradebook that shows more than 70 %, or a pass of somebody who must not pass."""
    rows = client.get(f"/api/v1/courses/{course.slug}/gradebook/").json()["results"]
    found = [(row["learner"]["id"], row["overall"]) for row in rows]
    assert len(found) == CROWD
    return [
        f"{learner}: {shown}"
        for learner, shown in found
        if shown["passed"] != (shown["percent"] == "70.0")
        or float(shown["percent"]) > 70
        or (shown["passed"] and learner not in exact)
    ]


@pytest.mark.parametrize("way", [OverHttp, ByServices])
def test_no_grade_bends_at_the_pass_mark_while_everybody_works(course, assessments, way):
    exam = assessments["exam"]
    questions = {name: list(found.questions.order_by("position")) for name, found in assessments.items()}
    learners = [make.enroll(course=course) for _ in range(CROWD)]
    people = [way(learner, course) for learner in learners]
    instructor = Client()
    instructor.force_login(instructor_of(course))
    exact = {str(learner.pk) for learner in learners[::2]}

    def act(number: int) -> list[str]:
        if number < CROWD:
            return take_the_course(people[number], number, questions, exam)
        if number == CROWD:
            return [found for _ in range(LOOKS) for found in read_everyone(instructor, course, exact)]
        for _ in range(LOOKS):
            services.settle_due(now=NOW)
        return []

    assert in_threads(act, CROWD + 2) == [[]] * (CROWD + 2)
    assert [person.read() for person in people] == [("70.0", True), ("69.9", False)] * (CROWD // 2)
    certified = Certificate.objects.order_by("learner").values_list("learner", flat=True)
    assert list(certified) == [learner.pk for learner in learners[::2]]
    assert list(verify_grades(now=NOW)) == []
