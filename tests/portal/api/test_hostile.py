"""Requests that only attackers send get an answer that says what is wrong, never a 500."""

from base64 import b64encode

import pytest

from quizzes.models import Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db


def cursor(position):
    return b64encode(f"p={position}".encode()).decode()


@pytest.mark.parametrize("position", ["abc", "-1", "9" * 30, "9" * 5000, "\u00b2"])
def test_a_cursor_that_no_answer_held_is_refused(client, position):
    answer = client.get(f"/api/v1/courses/?cursor={cursor(position)}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["errors"] == [
        {"field": "cursor", "code": "invalid", "detail": "Take it from `next` or `previous` of an answer."}
    ]


@pytest.mark.parametrize("text", ["x", "cD0", "\u00b2"])
def test_a_cursor_that_is_no_cursor_is_refused(client, text):
    answer = client.get("/api/v1/courses/", {"cursor": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("position", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-24", "abc"])
def test_a_cursor_with_a_time_that_no_row_has_is_refused(as_learner, position):
    course = make.make_course()
    answer = as_learner(course).get(f"/api/v1/courses/{course.slug}/announcements/", {"cursor": cursor(position)})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["errors"] == [
        {"field": "cursor", "code": "invalid", "detail": "Take it from `next` or `previous` of an answer."}
    ]


@pytest.mark.parametrize("megabytes", [2, 10])
def test_a_body_that_is_too_large_gets_an_error(as_learner, megabytes):
    question = make.make_review(course=(course := make.make_course()), kinds=["text"]).questions.get()
    body = '{"number": 1, "response": "' + "a" * (megabytes << 20) + '"}'
    answer = as_learner(course).post(
        f"/api/v1/questions/{question.pk}/attempts/", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("path", ["lessons/%00/", "sittings/%00/", "assessments/%00/", "certificates/%00/"])
def test_a_nul_in_an_address_finds_nothing_on_any_database(as_learner, path):
    answer = as_learner().get(f"/api/v1/{path}")
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_wrong_credentials_are_401(client):
    answer = client.post("/api/v1/tokens/", {"username": "a", "password": "b"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
