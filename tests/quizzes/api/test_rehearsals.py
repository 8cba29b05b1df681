"""A rehearsal and a test run through the API: the calls of an exam, with the kind shown (D46)."""

import pytest

from quizzes import services
from quizzes.models import Sitting
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, drawn=1, pool=2, kinds=["numeric"])


def call(client, method, path, body=None):
    answer = client.generic(method, f"/api/v1{path}", "" if body is None else body, content_type="application/json")
    return answer.status_code, answer.json()


def begun(client, exam):
    status, sitting = call(client, "POST", f"/assessments/{exam.pk}/rehearsal/")
    assert status == 201
    return sitting


def test_a_learner_rehearses_with_the_calls_of_an_exam(client, course, exam):
    learner = make.enroll(course=course)
    question = make.make_review(course=course, module=exam.module, kinds=["numeric"]).questions.get()
    client.force_login(learner)
    assert call(client, "POST", f"/assessments/{exam.pk}/rehearsal/")[1]["code"] == "rehearsal_empty"
    services.check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=make.NOW
    )
    sitting = begun(client, exam)
    assert (sitting["kind"], sitting["assessment"]) == ("rehearsal", f"rehearsal-{sitting['id']}")
    assert call(client, "POST", f"/assessments/{exam.pk}/rehearsal/")[0] == 200
    _, paper = call(client, "GET", f"/assessments/{sitting['assessment']}/")
    (asked,) = paper["questions"]
    assert (asked["id"], asked["feedback"], paper["progress"]) == (f"{sitting['id']}-{question.pk}", None, None)
    assert call(client, "GET", f"/sittings/{sitting['id']}/")[1]["kind"] == "rehearsal"
    body = f'{{"response": "{make.right(question)}", "number": 1}}'
    status, outcome = call(client, "POST", f"/questions/{asked['id']}/attempts/", body)
    assert (status, outcome["is_correct"], outcome["feedback"]) == (201, True, None)
    assert call(client, "POST", f"/sittings/{sitting['id']}/submit/")[1]["kind"] == "rehearsal"
    _, paper = call(client, "GET", f"/assessments/{sitting['assessment']}/")
    assert paper["questions"][0]["feedback"]["explanation_html"]


def test_a_teacher_takes_a_test_run_and_a_stranger_does_not(client, course, exam):
    client.force_login(make.enroll(course=course, user=make.make_user(), role="instructor"))
    assert begun(client, exam)["kind"] == "test_run"
    client.force_login(make.make_user())
    assert call(client, "POST", f"/assessments/{exam.pk}/rehearsal/")[1]["code"] == "not_enrolled"
    assert Sitting.every.count() == 1


def test_a_graded_sitting_says_nothing_of_a_kind(client, course, exam):
    client.force_login(make.enroll(course=course))
    _, sitting = call(client, "POST", f"/assessments/{exam.pk}/sitting/")
    assert not {"kind", "assessment"} & sitting.keys()
