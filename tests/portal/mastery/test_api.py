"""The calls about objectives: a learner's own, and the class."""

import pytest

from tests import factories as make
from tests.labs.api.test_labs import client_of
from tests.portal.mastery.making import (
    TENSORS,
    check,
    hand_in,
    make_asking,
    make_objectives_course,
    questions_of,
    start,
)
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
HELD = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")


@pytest.fixture
def course():
    return make_objectives_course()


@pytest.fixture
def learner(course):
    """A learner who had one review question about tensors right and another wrong."""
    learner = make.enroll(course=course)
    first, second = questions_of(make_asking("review", course, TENSORS, TENSORS))
    check(learner, first, True)
    check(learner, second, False, False)
    return learner


def address(course):
    return f"/api/v1/courses/{course.slug}/objectives/"


def first_objective(response):
    assert response.status_code == 200
    return response.json()["modules"][0]["objectives"][0]


def test_courses_objectives_are_counted_with_the_lessons_to_read_again(course, learner):
    lesson = course.modules.get(title="Introduction").lessons.get()
    assert first_objective(client_of(learner).get(address(course))) == {
        "id": TENSORS,
        "text": "Explain tensors.",
        "answers": [{"kind": "review", "right": 1, "answered": 2}],
        "is_too_few": True,
        "read_again": [{"id": lesson.pk, "title": "All about tensors"}],
    }


def test_courses_objectives_say_nothing_of_an_exam_before_its_verdicts_are_released(course, learner):
    exam = make_asking("exam", course, TENSORS, show=HELD)
    hand_in(learner, start(learner, exam))
    own, of_class = (
        first_objective(client_of(person).get(path))["answers"]
        for person, path in ((learner, address(course)), (instructor_of(course), f"{address(course)}class/"))
    )
    assert [row["kind"] for row in own] == ["review"]
    assert [(row["kind"], row["right"], row["answered"]) for row in of_class] == [("review", 1, 2), ("exam", 0, 1)]


def test_courses_objectives_are_without_answers_in_a_preview_and_refused_to_strangers(course, learner):
    previewed = first_objective(client_of(staff_in(course, "observer")).get(address(course)))
    assert (previewed["answers"], previewed["read_again"]) == ([], [])
    refused = client_of(make.make_user()).get(address(course))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_enrolled")


def test_courses_objectives_class_counts_answers_learners_and_what_measures(course, learner):
    client = client_of(staff_in(course, "observer"))
    body = client.get(f"{address(course)}class/").json()
    tensors, lines, _graphs = body["modules"][0]["objectives"]
    assert (tensors["answers"], tensors["measures"], tensors["is_measured"]) == (
        [{"kind": "review", "right": 1, "answered": 2, "learners": 1}],
        {"review": 2, "exam": 0, "lab": 0},
        True,
    )
    assert (body["fewest"], lines["answers"], lines["is_measured"]) == (4, [], False)


def test_courses_objectives_class_refuses_learners_authors_and_unknown_groups(course, learner):
    path = f"{address(course)}class/"
    codes = [client_of(person).get(path).json()["code"] for person in (learner, staff_in(course, "author"))]
    assert codes == ["not_found", "role_insufficient"]
    assert client_of(instructor_of(course)).get(path, {"group": "nobody"}).status_code == 400
