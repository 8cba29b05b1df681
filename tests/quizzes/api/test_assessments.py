"""A program reads questions, saves drafts, and checks, flags, practices and reports."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from questions import types
from quizzes.models import QuestionReport, Sitting
from quizzes.selectors import shown_body
from tests import factories as make
from tests.portal.api.test_journey import respond
from tests.quizzes.pages.test_practice import final_question, records

pytestmark = pytest.mark.django_db


def test_questions_draft_that_is_stale_gets_the_stored_one_back(as_learner):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/draft/"
    assert api.put(url, {"response": "one", "revision": 0}).json()["revision"] == 1
    stale = api.put(url, {"response": "other", "revision": 0})
    assert (stale.status_code, stale["Content-Type"]) == (409, "application/problem+json")
    assert stale.json()["code"] == "stale_draft"
    assert stale.json()["draft"] == {"response": "one", "revision": 1}


def test_questions_have_their_options_in_the_order_of_the_learner(as_learner):
    course = make.make_course()
    review = make.make_review(course=course, kinds=["single_choice", "matching", "ordering"])
    api, address = as_learner(course), f"/api/v1/assessments/{review.pk}/"
    shown = [question["options"] for question in api.get(address).json()["questions"]]
    for place, question in enumerate(review.questions.all()):
        api.put(f"/api/v1/questions/{question.pk}/draft/", {"response": make.right(question), "revision": 0})
        order = Sitting.objects.get().option_order
        assert types.get(question.current.type).options(shown_body(question.current, order)) == shown[place]
    assert [question["options"] for question in api.get(address).json()["questions"]] == shown
    Sitting.objects.update(option_order=None)
    written = [types.get(question.current.type).options(question.current.body) for question in review.questions.all()]
    assert [question["options"] for question in api.get(address).json()["questions"]] == written


def test_a_draft_that_cannot_be_graded_is_saved_and_its_answer_and_the_question_say_why(as_learner):
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    api = as_learner(course)
    api.post(f"/api/v1/assessments/{exam.pk}/sitting/")
    question, saves, drafts = exam.questions.get(), [], []
    for revision, response in enumerate(("abc", "0.5", None)):
        body = {"response": response, "revision": revision}
        saves.append(api.put(f"/api/v1/questions/{question.pk}/draft/", body).json().get("problem"))
        drafts.append(api.get(f"/api/v1/assessments/{exam.pk}/").json()["questions"][0]["draft"])
    assert saves == ["Saved, but not a number", None, None]
    assert drafts == [
        {"response": "abc", "revision": 1, "problem": "Saved, but not a number"},
        {"response": "0.5", "revision": 2},
        {"response": None, "revision": 3},
    ]


def test_questions_attempts_with_the_same_key_are_replayed_and_with_another_body_refused(as_learner):
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


def test_assessments_settle_an_expired_exam_when_they_are_read(as_learner):
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
def test_questions_attempts_of_a_hostile_body_get_the_reason_and_use_none(as_learner, body, status, code):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    api = as_learner(course)
    answer = api.post(f"/api/v1/questions/{question.pk}/attempts/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert question.attempts.count() == 0


def test_questions_attempts_of_visitors_and_people_not_enrolled_get_the_reason(as_learner, client):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    url = f"/api/v1/questions/{question.pk}/attempts/"
    stranger = client.post(url, {"response": "7", "number": 1}, content_type="application/json")
    unenrolled = as_learner().post(url, {"response": "7", "number": 1})
    assert (stranger.status_code, stranger.json()["code"]) == (401, "not_authenticated")
    assert (unenrolled.status_code, unenrolled.json()["code"]) == (403, "not_enrolled")
    assert client.get("/api/v1/nothing/here/").json()["code"] == "not_found"


def test_questions_attempts_return_the_grade_of_an_exam_that_just_ran_out(as_learner):
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


def test_questions_attempts_say_why_a_named_wrong_number_is_wrong(as_learner):
    course = make.make_course()
    review = make.make_assessment(course=course)
    rows = [{"answer": "5", "why": "You added them up."}, {"answer": "7", "why": "You forgot a point."}]
    question = make.add_question(assessment=review, type="numeric", source={"answer": "12", "near_misses": rows})
    api, url = as_learner(course), f"/api/v1/questions/{question.pk}/attempts/"
    answers = [api.post(url, {"response": value, "number": n}).json() for n, value in ((1, "5"), (2, "8"))]
    assert [answer["near_miss_html"] for answer in answers] == ["<p>You added them up.</p>", ""]
    (told,) = api.get(f"/api/v1/assessments/{review.pk}/").json()["questions"]
    assert told["near_misses"] == [{"number": 1, "html": "<p>You added them up.</p>"}]


def test_questions_attempts_that_name_a_version_are_not_graded_against_another(as_learner):
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


def test_questions_practice_is_checked_as_on_the_page(as_learner):
    course = make.make_course()
    api = as_learner(course)
    question = final_question(api.user, course)
    before = records()
    answers = [
        api.post(f"/api/v1/questions/{question.pk}/practice/", {"response": response}, format="json").json()
        for response in (make.wrong(question), make.right(question))
    ]
    assert [answer["is_correct"] for answer in answers] == [False, True]
    assert {answer["feedback"]["key"] for answer in answers} == {"right"}
    assert records() == before


def test_questions_flag_is_set_and_taken_away(world):
    ada, address = world.client("ada"), f"/api/v1/questions/{world.ids['question_id']}/flag/"
    for is_flagged in (True, False):
        assert ada.put(address, {"is_flagged": is_flagged}).json() == {"is_flagged": is_flagged}
        found = ada.get(f"/api/v1/assessments/{world.ids['assessment_id']}/").json()["questions"]
        assert [each["is_flagged"] for each in found] == [False, is_flagged]


def test_questions_reports_are_stored_for_staff(world):
    answer = world.client("ada").post(
        f"/api/v1/questions/{world.ids['question_id']}/reports/", {"text": " It is odd. "}
    )
    assert (answer.status_code, answer.json()) == (201, {"text": "It is odd."})
    assert QuestionReport.objects.values_list("learner", "text").get() == (world.people["ada"].pk, "It is odd.")
