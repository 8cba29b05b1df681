"""A program that knows only api.md takes the course."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.api import docs
from portal.api.contract import common_parts
from quizzes.models import Question
from tests import factories as make

pytestmark = pytest.mark.django_db


def respond(question_id, *, is_right):
    return make.response_to(Question.objects.get(pk=question_id), is_right=is_right)


def test_a_program_enrols_answers_sits_the_exam_and_reads_one_grade_everywhere(as_learner):
    course = make.make_course(slug="deep-learning")
    make.make_review(course=course, kinds=["true_false", "single_choice"])
    make.make_exam(course=course, drawn=2, pool=4)
    api = as_learner()

    assert api.post("/api/v1/courses/deep-learning/enrollment/", {"name": "Ada L."}).status_code == 201
    assert api.post("/api/v1/courses/deep-learning/enrollment/").status_code == 200
    outline = api.get("/api/v1/courses/deep-learning/").json()
    review, exam = (module["assessments"][0] for module in outline["modules"])
    assert (review["kind"], exam["kind"], exam["state"]) == ("review", "exam", "not_started")

    questions = api.get(f"/api/v1/assessments/{review['id']}/").json()["questions"]
    for question in questions:
        body = {"response": respond(question["id"], is_right=True), "number": 1}
        answer = api.post(f"/api/v1/questions/{question['id']}/attempts/", body)
        assert (answer.status_code, answer.json()["is_final"]) == (201, True)
        assert answer.json()["feedback"]["explanation_html"] == "<p>Because of the secret reason.</p>"
    assert answer.json()["progress"]["overall"]["percent"] == "50.0"
    assert answer.json()["progress"]["overall"]["needed_on_exam"] == {
        "state": "exam",
        "percent": "40.0",
        "points": "1",
        "of": "2",
    }

    assert api.get(f"/api/v1/assessments/{exam['id']}/").json()["questions"] == []
    started = api.post(f"/api/v1/assessments/{exam['id']}/sitting/")
    assert (started.status_code, api.post(f"/api/v1/assessments/{exam['id']}/sitting/").status_code) == (201, 200)
    paper = api.get(f"/api/v1/assessments/{exam['id']}/").json()["questions"]
    assert (len(paper), [question["feedback"] for question in paper]) == (2, [None, None])
    first, second = (question["id"] for question in paper)
    wrong = api.post(
        f"/api/v1/questions/{first}/attempts/", {"response": respond(first, is_right=False), "number": 1}
    ).json()
    assert (wrong["is_correct"], wrong["attempts_left"], wrong["feedback"]) == (False, 1, None)
    saved = api.put(f"/api/v1/questions/{second}/draft/", {"response": respond(second, is_right=True), "revision": 0})
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    assert api.put(f"/api/v1/questions/{second}/flag/", {"is_flagged": True}).json() == {"is_flagged": True}
    sitting = started.json()["id"]
    assert api.post(f"/api/v1/sittings/{sitting}/submit/").json()["submitted_at"] is not None
    assert api.post(f"/api/v1/sittings/{sitting}/submit/").status_code == 200

    progress = api.get("/api/v1/courses/deep-learning/progress/").json()
    assert (progress["overall"]["percent"], progress["overall"]["passed"]) == ("75.0", True)
    code = progress["certificate"]["code"]
    certificate = api.get(f"/api/v1/certificates/{code}/").json()
    assert (certificate["name"], certificate["is_valid"], certificate["pass_percent"]) == ("Ada L.", True, "70.0")

    staff, learner = Client(), course.enrollments.get().user_id
    staff.force_login(make.make_user(is_staff=True, is_superuser=True))
    seen = staff.get(f"/api/v1/courses/deep-learning/learners/{learner}/").json()
    assert seen["progress"] == progress


def test_the_schema_is_openapi_31_and_names_every_call_of_the_contract(client):
    schema = client.get("/api/v1/schema/?format=json").json()
    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) >= 28


def test_too_many_writes_must_wait_while_reads_continue(as_learner):
    api = as_learner()
    with time_machine.travel(timezone.now(), tick=False):
        answers = [api.post("/api/v1/courses/none/enrollment/") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert (answers[0]["RateLimit-Limit"], answers[0]["RateLimit-Remaining"]) == ("30", "29")
    assert (answers[-1]["Retry-After"], answers[-1].json()["code"]) == ("1", "throttled")
    assert api.get("/api/v1/me/").status_code == 200


def test_the_schema_can_be_read_as_a_page_by_anyone(client):
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "POST /api/v1/questions/{question_id}/attempts/" in page.content.decode()
    [stream] = [call for call in docs.calls() if call.name == "runs_events"]
    [(status, name, events)] = stream.gives
    assert (status, name, [event.name for event in events]) == ("200", "RunEvent", list(common_parts()["events"]))
    assert "unsafe" not in page["Content-Security-Policy"]


def test_the_apis_root_answers_with_a_problem(client):
    answer = client.get("/api/v1/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
