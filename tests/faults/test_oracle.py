"""What an oracle must notice, in journals that were written for it."""

import asyncio
from decimal import Decimal

import pytest

from quizzes import services
from tests import factories as make
from tests.faults.journal import Exchange, Journal, exchanges
from tests.faults.oracle import Follower, changes_lost
from tests.loops import ran
from tests.rounds import second_round

pytestmark = second_round

DRAFT, ATTEMPTS, FLAG = (f"/questions/q/{what}/" for what in ("draft", "attempts", "flag"))
STALE = {"code": "stale_draft", "draft": {"response": None, "revision": 0}}
OVER = {"code": "sitting_over"}
NOON, LATER = "2026-11-26T12:00:00Z", "2026-11-26T12:01:00.5Z"
QUESTION = {"id": "q", "attempts_used": 0, "is_flagged": False, "feedback": None}


def saved(revision, response="word", known=None, failures=0):
    body = {"response": response, "revision": revision - 1 if known is None else known}
    return Exchange(0, "1", "PUT", DRAFT, body, "", failures, 200, {"revision": revision})


def refused(problem, failures=0):
    return Exchange(0, "1", "PUT", DRAFT, {"response": "late", "revision": 1}, "", failures, 409, problem)


def checked(number, key="k", is_final=False):
    answer = {"number": number, "is_correct": False, "is_final": is_final}
    return Exchange(0, "1", "POST", ATTEMPTS, {"response": "7", "number": number}, key, 0, 201, answer)


def flagged(sent, told):
    return Exchange(0, "1", "PUT", FLAG, {"is_flagged": sent}, "", 0, 200, {"is_flagged": told})


def started(sitting, deadline=LATER, key="s"):
    return Exchange(
        0, "1", "POST", "/assessments/a/sitting/", None, key, 0, 201, {"id": sitting, "deadline_at": deadline}
    )


def read(draft, sitting=None, **changes):
    question = {**QUESTION, "draft": draft, **changes}
    return Exchange(0, "1", "GET", "/assessments/a/", None, "", 0, 200, {"sitting": sitting, "questions": [question]})


def found_in(*said):
    return [problem.partition(":")[0] for problem in Follower().problems(said)]


def test_a_learner_whose_answers_follow_from_each_other_has_no_problem():
    draft = {"response": "word", "revision": 2}
    assert found_in(saved(1), saved(2, failures=3), read(draft), flagged(True, True), checked(1), saved(4)) == []
    assert found_in(checked(1), checked(1), checked(2, key="other")) == []
    running = {"id": "s", "deadline_at": LATER, "submitted_at": None}
    assert found_in(started("s", NOON), read(None, running), saved(1), refused(OVER, failures=1)) == []


@pytest.mark.parametrize(
    ("said", "invariant"),
    [
        pytest.param([saved(1), refused(STALE)], "I10", id="a save that is gone makes the next one stale"),
        pytest.param([saved(1), saved(1)], "I10", id="a revision that was given twice"),
        pytest.param([saved(1), saved(3)], "I10", id="a save that nobody sent"),
        pytest.param([saved(1), read(None)], "I10", id="a draft that is not shown"),
        pytest.param([saved(1), read({"response": "other", "revision": 1})], "I10", id="another draft is shown"),
        pytest.param([checked(1, "a"), checked(1, "b")], "I6", id="an attempt that was given twice"),
        pytest.param([checked(1), checked(2)], "D12", id="a key with two answers"),
        pytest.param([flagged(True, False)], "I10", id="a flag that was not set"),
        pytest.param([started("s"), started("t", key="again")], "I1", id="a second sitting"),
        pytest.param([started("s"), started("s", NOON, key="again")], "I2", id="a deadline that moved earlier"),
        pytest.param([read(None, feedback={"key": "7"})], "I12", id="a key before the question is final"),
    ],
)
def test_an_answer_that_does_not_follow_from_those_before_is_a_problem(said, invariant):
    assert found_in(*said) == [invariant]


def test_a_draft_refused_after_lost_tries_is_in_doubt_and_one_refused_at_once_is_not():
    for failures in (0, 1):
        follower = Follower()
        assert list(follower.problems([saved(1), refused(OVER, failures)])) == []
        assert (follower.told["q"].doubtful is not None) is bool(failures)


def test_a_journal_holds_what_was_sent_and_answered_and_what_was_not(tmp_path):
    async def write():
        journal = Journal(tmp_path / "journal")
        sent = {"event": "sent", "who": "1", "method": "PUT", "path": DRAFT, "body": None, "key": ""}
        await asyncio.gather(*(journal.write(number=number, **sent) for number in (1, 2)))
        await journal.write(number=1, event="failed", status=0, undocumented=[])
        await journal.write(number=1, event="answered", status=200, answer={}, undocumented=["a field"])
        journal.close()

    ran(write())
    first, second = exchanges(tmp_path / "journal")
    assert (first.failures, first.status, first.undocumented) == (1, 200, ["a field"])
    assert (second.failures, second.status) == (0, 0)


@pytest.mark.django_db
def test_points_that_are_in_force_leave_one_record_and_a_change_without_one_is_lost():
    review = make.make_review(course=make.make_course())
    learner = make.enroll(course=review.course)
    services.override_score(
        course=review.course,
        assessment_id=review.pk,
        learner_id=learner.pk,
        points=Decimal(2),
        reason="first",
        author=learner,
        now=make.NOW,
    )

    def given(points, reason, told="2", first="first"):
        body = {"learner": str(learner.pk), "points": points, "reason": reason}
        answer = {"learner": str(learner.pk), "points": told, "reason": first}
        return Exchange(0, "1", "POST", "/courses/c/overrides/", body, "", 0, 201, answer)

    withdrawn = Exchange(0, "1", "POST", "/courses/c/overrides/undo/", {"reason": "x"}, "", 0, 201, {"points": None})
    assert list(changes_lost([given("2", "first"), given("2", "again")])) == []
    lost = [given("3", "other"), given("2", "mine", first="mine"), given("2", "again", first="nobody's"), withdrawn]
    assert len(list(changes_lost(lost))) == len(lost)
