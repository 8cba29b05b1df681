"""A program that knows only api.md takes the course."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.test import APIClient

from accounts.models import User
from foundation.acquaintances import person_known_by
from foundation.idempotency import forget_answers
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


def test_a_stale_draft_gets_the_stored_one_back(as_learner):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/draft/"
    assert api.put(url, {"response": "one", "revision": 0}).json()["revision"] == 1
    stale = api.put(url, {"response": "other", "revision": 0})
    assert (stale.status_code, stale["Content-Type"]) == (409, "application/problem+json")
    assert stale.json()["code"] == "stale_draft"
    assert stale.json()["draft"] == {"response": "one", "revision": 1}


def test_the_same_key_with_another_body_is_refused_and_with_the_same_body_replayed(as_learner):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/attempts/"
    body = {"response": "7", "number": 1}
    first = api.post(url, body, headers={"Idempotency-Key": "k"})
    again = api.post(url, body, headers={"Idempotency-Key": "k"})
    other = api.post(url, {"response": "8", "number": 2}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_reading_settles_an_expired_exam(as_learner):
    course = make.make_course()
    exam = make.make_exam(course=course)
    api = as_learner(course)
    api.post(f"/api/v1/assessments/{exam.pk}/sitting/")
    question = api.get(f"/api/v1/assessments/{exam.pk}/").json()["questions"][0]["id"]
    api.put(f"/api/v1/questions/{question}/draft/", {"response": respond(question, is_right=True), "revision": 0})
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=31), tick=False):
        late = api.post(f"/api/v1/questions/{question}/attempts/", {"response": "zzz", "number": 1})
        progress = api.get(f"/api/v1/courses/{course.slug}/progress/").json()
        settled = api.get(f"/api/v1/assessments/{exam.pk}/").json()
    assert late.status_code == 400
    assert progress["overall"]["percent"] == "25.0"
    assert [item["state"] for item in progress["items"]] == ["done"]
    assert [question["feedback"] is None for question in settled["questions"]] == [False, False]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"response": null, "number": 1}', 400, "blank_response"),
        ('{"response": "7"}', 400, "invalid_request"),
        ('{"response": "7", "number": 1, "is_final": false}', 400, "invalid_request"),
        ('{"response": NaN, "number": 1}', 400, "invalid_json"),
        ('{"response": 1e309, "number": 1}', 400, "invalid_request"),
        ('{"response": "a\\u0000b", "number": 1}', 400, "invalid_response"),
        ('{"response": ' + "[" * 50_000 + "]" * 50_000 + ', "number": 1}', 400, "invalid_json"),
        ('{"response": ["7"], "number": 1}', 400, "invalid_response"),
        ('{"response": "7", "number": 2}', 409, "stale_attempt"),
        ('{"response": "' + "7" * 2_000_000 + '", "number": 1}', 413, "too_large"),
        ("", 400, "invalid_request"),
        ("[]", 400, "invalid_request"),
    ],
)
def test_a_hostile_body_gets_the_reason_and_uses_no_attempt(as_learner, body, status, code):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    api = as_learner(course)
    answer = api.post(f"/api/v1/questions/{question.pk}/attempts/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert question.attempts.count() == 0


def test_visitors_and_people_not_enrolled_get_the_reason(as_learner, client):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    url = f"/api/v1/questions/{question.pk}/attempts/"
    stranger = client.post(url, {"response": "7", "number": 1}, content_type="application/json")
    unenrolled = as_learner().post(url, {"response": "7", "number": 1})
    assert (stranger.status_code, stranger.json()["code"]) == (401, "not_authenticated")
    assert (unenrolled.status_code, unenrolled.json()["code"]) == (403, "not_enrolled")
    assert client.get("/api/v1/nothing/here/").json()["code"] == "not_found"


def test_an_empty_list_of_scopes_makes_no_token_and_none_at_all_makes_the_usual_one(as_learner):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    before = api.get("/api/v1/tokens/").json()["results"]
    refused = api.post("/api/v1/tokens/", {**credentials, "scopes": []})
    assert (refused.status_code, refused.json()["errors"]) == (400, [NEEDS_A_SCOPE])
    assert api.get("/api/v1/tokens/").json()["results"] == before
    assert api.post("/api/v1/tokens/", credentials).status_code == 201
    assert api.get("/api/v1/tokens/").json()["results"][0]["scopes"] == ["read", "write"]


NEEDS_A_SCOPE = {
    "field": "scopes",
    "code": "empty",
    "detail": "A token without scopes could do nothing. Name at least one of read and write, or leave out scopes for both.",
}


def test_tokens_are_scoped_expire_and_are_revoked(as_learner):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    refused = api.post("/api/v1/tokens/", {**credentials, "scopes": ["staff"]})
    reader = api.post("/api/v1/tokens/", {**credentials, "scopes": ["read"], "expires_in": 60}).json()
    course = make.make_course()
    only_reads = APIClient(headers={"Authorization": f"Token {reader['token']}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert only_reads.get("/api/v1/me/").status_code == 200
    assert only_reads.post(f"/api/v1/courses/{course.slug}/enrollment/").status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert only_reads.get("/api/v1/me/").status_code == 401
    tokens = api.get("/api/v1/tokens/").json()["results"]
    assert sorted(tokens[0]) == ["created_at", "expires_at", "id", "name", "scopes"]
    for token in tokens:
        api.delete(f"/api/v1/tokens/{token['id']}/")
    assert api.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("ends", ["revoked", "expired", "deactivated"])
def test_a_token_counts_for_its_person_only_until_it_is_refused(as_learner, ends):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    token = api.post("/api/v1/tokens/", {**credentials, "expires_in": 60}).json()
    holder, credential = APIClient(headers={"Authorization": f"Token {token['token']}"}), hash_token(token["token"])
    assert person_known_by(credential) is None
    assert holder.get("/api/v1/me/").status_code == 200
    assert person_known_by(credential) == api.user.pk
    if ends == "revoked":
        api.delete(f"/api/v1/tokens/{token['id']}/")
    if ends == "deactivated":
        User.objects.filter(pk=api.user.pk).update(is_active=False)
    with time_machine.travel(timezone.now() + timedelta(seconds=61 * (ends == "expired")), tick=False):
        assert holder.get("/api/v1/me/").status_code == 401
    assert person_known_by(credential) is None


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


def test_a_check_returns_the_grade_of_an_exam_that_just_ran_out(as_learner):
    course = make.make_course()
    review, exam = make.make_review(course=course, kinds=["numeric"]), make.make_exam(course=course)
    api = as_learner(course)
    api.post(f"/api/v1/assessments/{exam.pk}/sitting/")
    drawn = api.get(f"/api/v1/assessments/{exam.pk}/").json()["questions"][0]["id"]
    api.put(f"/api/v1/questions/{drawn}/draft/", {"response": respond(drawn, is_right=True), "revision": 0})
    question = review.questions.get()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=31), tick=False):
        body = {"response": make.right(question), "number": 1}
        told = api.post(f"/api/v1/questions/{question.pk}/attempts/", body).json()
    assert told["progress"]["overall"]["percent"] == "75.0"


def test_the_schema_can_be_read_as_a_page_by_anyone(client):
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "POST /api/v1/questions/{question_id}/attempts/" in page.content.decode()
    [stream] = [call for call in docs.calls() if call.name == "runs_events"]
    [(status, name, events)] = stream.gives
    assert (status, name, [event.name for event in events]) == ("200", "RunEvent", list(common_parts()["events"]))
    assert "unsafe" not in page["Content-Security-Policy"]


def test_a_wrong_password_is_a_401_with_its_reason(client):
    person = make.make_user()
    body = {"username": person.username, "password": "wrong"}
    answer = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_unchanged_content_is_not_sent_again(as_learner):
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course))
    api = as_learner(course)
    for path in (f"/api/v1/lessons/{lesson.pk}/", f"/api/v1/courses/{course.slug}/", "/api/v1/courses/"):
        first = api.get(path)
        again = api.get(path, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    api.post(f"/api/v1/lessons/{lesson.pk}/done/")
    assert api.get(f"/api/v1/courses/{course.slug}/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_apis_root_answers_with_a_problem(client):
    answer = client.get("/api/v1/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_stored_answer_is_kept_for_a_week(as_learner):
    course = make.make_course()
    api, key = as_learner(), {"headers": {"Idempotency-Key": "k"}}
    where = f"/api/v1/courses/{course.slug}/enrollment/"
    first = api.post(where, {"name": "Ada"}, **key)
    for days, replays in ((6, "true"), (8, None)):
        now = timezone.now() + timedelta(days=days)
        forget_answers(now=now)
        with time_machine.travel(now, tick=False):
            again = api.post(where, {"name": "Ada"}, **key)
        assert again.headers.get("Idempotent-Replayed") == replays
    assert (first.status_code, again.status_code) == (201, 200)


def test_a_program_is_told_why_a_named_wrong_number_is_wrong(as_learner):
    course = make.make_course()
    review = make.make_assessment(course=course)
    rows = [{"answer": "5", "why": "You added them up."}, {"answer": "7", "why": "You forgot a point."}]
    question = make.add_question(assessment=review, type="numeric", source={"answer": "12", "near_misses": rows})
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/attempts/"
    answers = [api.post(url, {"response": value, "number": n}).json() for n, value in ((1, "5"), (2, "8"))]
    assert [answer["near_miss_html"] for answer in answers] == ["<p>You added them up.</p>", ""]
    (told,) = api.get(f"/api/v1/assessments/{review.pk}/").json()["questions"]
    assert told["near_misses"] == [{"number": 1, "html": "<p>You added them up.</p>"}]


def test_a_program_that_names_the_version_it_read_is_not_graded_against_another(as_learner):
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.get()
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/attempts/"

    def version():
        return api.get(f"/api/v1/assessments/{review.pk}/").json()["questions"][0]["version"]

    before = version()
    make.publish(question=question, type="numeric", source={"answer": "7", "tolerance": "0"})
    old = api.post(url, {"response": "0.25", "number": 1, "version": before})
    assert (old.status_code, old.json()["code"], question.attempts.count()) == (409, "question_changed", 0)
    new = api.post(url, {"response": "7", "number": 1, "version": version()})
    assert (new.status_code, new.json()["is_correct"]) == (201, True)
