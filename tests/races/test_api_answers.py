"""D12 over the API: sixteen submissions at once, the same or different ones, with and without an Idempotency-Key."""

from collections import Counter

import pytest
from django.core.cache import caches
from django.test import Client

from foundation.models import IdempotencyKey
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt
from tests import factories as make
from tests.races.running import CROWD, in_threads

NOW = make.NOW
ALIKE, EACH_ITS_OWN = (lambda _: "7"), (lambda number: str(number + 7))
NO_KEY, ONE_KEY, OWN_KEYS = (lambda _: ""), (lambda _: "one"), (lambda number: f"key {number}")


@pytest.fixture
def last_attempt():
    """A learner's question with one attempt spent and one left."""
    caches["throttles"].clear()
    course = make.make_course()
    learner = make.enroll(course=course)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(learner=learner, question_id=question.pk, response="5", number=1, now=NOW)
    return learner, question


def sixteen_answers(learner, question, response, key):
    clients = [Client(raise_request_exception=False) for _ in range(CROWD)]
    for client in clients:
        client.force_login(learner)

    def submit(number):
        headers = {"Idempotency-Key": key(number)} if key(number) else {}
        body = {"response": response(number), "number": 2}
        where = f"/api/v1/questions/{question.pk}/attempts/"
        return clients[number].post(where, body, content_type="application/json", headers=headers)

    return in_threads(submit)


@pytest.mark.parametrize(
    ("response", "key", "expected", "replays", "kept"),
    [
        (ALIKE, NO_KEY, {201: 16}, 0, 0),
        (ALIKE, ONE_KEY, {201: 16}, 15, 1),
        (ALIKE, OWN_KEYS, {201: 16}, 0, 16),
        (EACH_ITS_OWN, NO_KEY, {201: 1, "attempts_exhausted": 15}, 0, 0),
        (EACH_ITS_OWN, ONE_KEY, {201: 1, "key_reused": 15}, 0, 1),
        (EACH_ITS_OWN, OWN_KEYS, {201: 1, "attempts_exhausted": 15}, 0, 1),
    ],
    ids=["alike", "alike, one key", "alike, own keys", "different", "different, one key", "different, own keys"],
)
def test_sixteen_at_once_use_one_attempt_and_each_gets_the_true_result(
    last_attempt, response, key, expected, replays, kept
):
    learner, question = last_attempt
    answers = sixteen_answers(learner, question, response, key)
    told = Counter(answer.json().get("code", answer.status_code) for answer in answers)
    accepted = [answer.json() for answer in answers if answer.status_code == 201]
    assert told == expected
    assert all(answer == accepted[0] for answer in accepted)
    assert sum("Idempotent-Replayed" in answer for answer in answers) == replays
    assert (Attempt.objects.count(), IdempotencyKey.objects.count()) == (2, kept)
    assert list(verify_grades(now=NOW)) == []
