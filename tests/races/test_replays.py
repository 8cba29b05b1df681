"""Sixteen different bodies for attempt 1 at once: only a body that means the same as the stored attempt gets 201 (D12)."""

import json

import pytest
from django.core.cache import caches
from django.test import Client

from operations.services import verify_grades
from questions import types
from questions.rules import attempts
from quizzes import services
from quizzes.models import Attempt
from quizzes.services import answering
from tests import factories as make
from tests.races.running import CROWD, in_threads

NOW = make.NOW
BODIES = {  # sixteen that differ as JSON; some of them mean the same response
    "numeric": ["1", "1.0", "1,0", "+1", "01", " 1", "1e0", "10e-1", "2", "2.0", "3", "4", "5", "6", "7", "8"],
    "text": ["a", " a", "a ", "\uff41", "A", "b", "b ", "a  b", "a b", " a b", "c", "d", "e", "f", "g", "h"],
    "tensor_shape": [[size] for size in range(1, 13)] + [[1, 2], [2, 1], [], [None]],
}


def bodies_for(kind, question):
    """Return sixteen bodies that differ as JSON, if the type has so many."""
    every = BODIES.get(kind) or make.candidates(kind, question.current.body)
    return [every[number % len(every)] for number in range(CROWD)]


def answer_at_once(kind, *, is_begun):
    """Return what sixteen sessions of one learner send as attempt 1 of a question, each with its answer: `[(body, answer)]`."""
    caches["throttles"].clear()
    course = make.make_course()
    learner, question = make.enroll(course=course), make.make_review(course=course, kinds=[kind]).questions.get()
    if is_begun:
        services.save_draft(learner=learner, question_id=question.pk, response=None, revision=0, now=NOW)
    clients = [Client(raise_request_exception=False) for _ in range(CROWD)]
    for client in clients:
        client.force_login(learner)
    bodies = bodies_for(kind, question)

    def send(number):
        body = {"response": bodies[number], "number": 1}
        where = f"/api/v1/questions/{question.pk}/attempts/"
        return clients[number].post(where, body, content_type="application/json")

    return list(zip(bodies, in_threads(send), strict=True))


def told_wrongly(kind, sent):
    """Return the bodies whose answer breaks the rule: 201 if the body means the stored attempt, else 409."""
    [stored] = Attempt.objects.select_related("version")
    parse, body = types.get(kind).parse, stored.version.body
    means_it = {json.dumps(raw): attempts.is_same(parse(raw, body), stored.response) for raw, _ in sent}
    return [
        (raw, answer.status_code)
        for raw, answer in sent
        if answer.status_code != (201 if means_it[json.dumps(raw)] else 409)
    ]


@pytest.mark.parametrize("is_begun", [True, False], ids=["begun", "not begun"])
@pytest.mark.parametrize("kind", list(types.names()))
def test_a_201_is_for_the_body_that_is_stored_or_one_that_means_the_same(kind, is_begun):
    sent = answer_at_once(kind, is_begun=is_begun)
    assert told_wrongly(kind, sent) == []
    accepted = [answer.json() for _, answer in sent if answer.status_code == 201]
    assert all(answer == accepted[0] for answer in accepted)
    assert list(verify_grades(now=NOW)) == []


def test_different_bodies_with_the_stored_response_all_get_201(monkeypatch):
    monkeypatch.setitem(BODIES, "numeric", BODIES["numeric"][:8])  # each of them is the number 1
    sent = answer_at_once("numeric", is_begun=False)
    assert [answer.status_code for _, answer in sent] == [201] * CROWD
    assert Attempt.objects.count() == 1


def test_without_comparing_responses_another_body_would_get_201(monkeypatch):
    """Shows why responses are compared: the number alone does not identify a submission."""
    decide = attempts.decide_attempt

    def by_number_alone(*, past, number, response):
        same = [found.response for found in past if found.number == number]
        return decide(past=past, number=number, response=same[0] if same else response)

    monkeypatch.setattr(answering, "decide_attempt", by_number_alone)
    sent = answer_at_once("numeric", is_begun=True)
    assert {answer.status_code for _, answer in sent} == {201}
    assert told_wrongly("numeric", sent) != []
