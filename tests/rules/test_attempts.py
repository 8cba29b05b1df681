"""Attempts on one question and its draft (D2, D7, D8, D12, D16, D35; G5-G7)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.refusals import Refusal
from questions.rules.attempts import (
    Past,
    Replay,
    Spend,
    attempts_left,
    button,
    decide_attempt,
    decide_response_draft,
    draft_counts_at_end,
    is_final,
    is_same,
    limit_in_force,
    limits_possible,
    refuse_other_button,
    refuse_other_version,
)

WRONG = Past(1, "a", is_correct=False, limit=2)
RIGHT = Past(1, "a", is_correct=True, limit=2)
WRONG_AGAIN = Past(2, "b", is_correct=False, limit=2)
RIGHT_LATER = Past(2, "b", is_correct=True, limit=2)


def under(limit, past):
    """Return these attempts as made under another limit."""
    return [replace(each, limit=limit) for each in past]


@pytest.mark.parametrize(
    ("limit", "past", "left", "shown"),
    [
        (1, [], 1, "final_check"),
        (1, [WRONG], 0, None),
        (1, [RIGHT], 0, None),
        (2, [], 2, "check"),
        (2, [WRONG], 1, "final_check"),
        (2, [RIGHT], 0, None),
        (2, [WRONG, WRONG_AGAIN], 0, None),
        (2, [WRONG, RIGHT_LATER], 0, None),
        (3, [], 3, "check"),
        (3, [WRONG], 2, "check"),
        (3, [WRONG, WRONG_AGAIN], 1, "final_check"),
        (1, [WRONG, WRONG_AGAIN], 0, None),
    ],
)
def test_attempts_left_and_the_button(limit, past, left, shown):
    past = under(limit, past)
    assert (attempts_left(limit, past), button(limit, past), is_final(past)) == (left, shown, left == 0)


@pytest.mark.parametrize(
    ("allowed", "past", "limit", "shown"),
    [
        (3, [], 3, "check"),
        (3, [WRONG], 3, "check"),  # the extra attempt came after the first Check
        (3, [WRONG, WRONG_AGAIN], 2, None),  # and after the Final Check, too late
        (3, [RIGHT], 2, None),
        (2, under(3, [WRONG]), 2, "final_check"),  # taken back before it was used
        (2, under(3, [WRONG, WRONG_AGAIN]), 3, "final_check"),  # taken back after the button had promised it
        (1, under(4, [WRONG, WRONG_AGAIN]), 3, "final_check"),
    ],
)
def test_extra_attempts_neither_open_a_final_question_nor_close_one_that_was_checked(allowed, past, limit, shown):
    assert (limit_in_force(allowed, past), button(allowed, past)) == (limit, shown)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.booleans()), max_size=12))
def test_the_button_tells_the_truth_whatever_is_given_and_taken_back(steps):
    past, promised = [], "check"
    for usual, extra, is_correct in steps:
        shown = button(usual + extra, past)
        assert (shown is None) == (promised == "final_check")
        if shown is not None:
            limit = limit_in_force(usual + extra, past)
            past = [*past, Past(len(past) + 1, "a", is_correct, limit)]
            promised = "final_check" if is_correct else shown
    assert all(each.number <= each.limit for each in past)


def decided(limit, past, number, response):
    try:
        return decide_attempt(past=under(limit, past), number=number, response=response)
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("limit", "past", "number", "response", "expected"),
    [
        (2, [], 1, "a", Spend(1)),
        (2, [WRONG], 2, "b", Spend(2)),
        (2, [WRONG], 2, "a", Spend(2)),  # the same wrong response may be given again on purpose
        (3, [WRONG, WRONG_AGAIN], 3, "a", Spend(3)),
        (2, [WRONG], 1, "a", Replay(WRONG)),
        (2, [RIGHT], 1, "a", Replay(RIGHT)),
        (1, [WRONG], 1, "a", Replay(WRONG)),
        (2, [WRONG, WRONG_AGAIN], 1, "a", Replay(WRONG)),
        (2, [WRONG, WRONG_AGAIN], 2, "b", Replay(WRONG_AGAIN)),
        (2, [WRONG], 1, "b", "stale_attempt"),
        (2, [], 2, "a", "stale_attempt"),
        (2, [], 0, "a", "stale_attempt"),
        (2, [], -1, "a", "stale_attempt"),
        (2, [WRONG], 3, "a", "stale_attempt"),
        (2, [RIGHT], 1, "b", "already_final"),
        (2, [RIGHT], 2, "b", "already_final"),
        (2, [WRONG, RIGHT_LATER], 3, "c", "already_final"),
        (1, [WRONG], 1, "b", "attempts_exhausted"),
        (1, [WRONG], 2, "b", "attempts_exhausted"),
        (2, [WRONG, WRONG_AGAIN], 3, "c", "attempts_exhausted"),
        (2, [WRONG, WRONG_AGAIN], 1, "b", "attempts_exhausted"),
    ],
)
def test_what_a_submission_does(limit, past, number, response, expected):
    if isinstance(expected, Replay):
        expected = Replay(replace(expected.past, limit=limit))
    assert decided(limit, past, number, response) == expected


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(-1, 6), st.sampled_from("abc")), max_size=30))
def test_no_sequence_of_submissions_gets_past_the_limit_or_beyond_a_right_one(limit, submissions):
    past = []
    for number, response in submissions:
        decision = decided(limit, past, number, response)
        if isinstance(decision, Spend):
            past = [*past, Past(decision.number, response, is_correct=response == "c", limit=limit)]
    assert len(past) <= limit
    assert [attempt.number for attempt in past] == list(range(1, len(past) + 1))
    assert [attempt.is_correct for attempt in past[:-1]] == [False] * max(len(past) - 1, 0)


def saved(stored_revision, stored_response, revision, response):
    try:
        return decide_response_draft(
            stored_revision=stored_revision, stored_response=stored_response, revision=revision, response=response
        )
    except Refusal as refusal:
        return (refusal.code, refusal.facts["draft"])


STALE = ("stale_draft", {"response": "b", "revision": 2})


@pytest.mark.parametrize(
    ("stored_revision", "stored_response", "revision", "response", "expected"),
    [
        (0, None, 0, "a", 1),
        (2, "b", 2, "c", 3),
        (2, "b", 2, "b", 3),
        (2, "b", 1, "b", 2),  # sent again because the answer was lost
        (2, "b", 1, "c", STALE),
        (2, "b", 0, "b", STALE),
        (2, "b", 3, "c", STALE),
        (3, None, 1, "b", ("stale_draft", {"response": None, "revision": 3})),  # a Check came between
        (3, None, 2, "b", ("stale_draft", {"response": None, "revision": 3})),
    ],
)
def test_what_a_save_does(stored_revision, stored_response, revision, response, expected):
    assert saved(stored_revision, stored_response, revision, response) == expected


@pytest.mark.parametrize(
    ("limit", "past", "draft", "expected"),
    [
        (2, [], "a", True),
        (1, [], "a", True),
        (2, [], None, False),
        (2, [], False, True),  # True/False: "false" is a response, not blank
        (2, [], [], True),  # a tensor's shape: [] is a scalar's, not blank
        (2, [WRONG], "b", True),
        (2, [WRONG], "a", False),
        (2, [WRONG], None, False),
        (2, [RIGHT], "b", False),
        (1, [WRONG], "b", False),
        (2, [WRONG, WRONG_AGAIN], "c", False),
        (3, [WRONG, WRONG_AGAIN], "a", True),  # different from the last attempt
        (3, [WRONG, WRONG_AGAIN], "b", False),
    ],
)
def test_which_draft_counts_at_the_end(limit, past, draft, expected):
    assert draft_counts_at_end(past=under(limit, past), draft_response=draft) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (True, 1, False),
        (False, 0, False),
        ([1, None], [1, None], True),
        ([1, 2], [2, 1], False),
        ([True], [1], False),
        ({"x": "1", "y": "2"}, {"y": "2", "x": "1"}, True),
        ({"y": "2", "x": "1"}, {"x": "1", "y": "2"}, True),
        ({"x": "1"}, {"x": "2"}, False),
        ([], None, False),
    ],
)
def test_responses_are_compared_as_json(one, other, expected):
    assert is_same(one, other) == expected


@pytest.mark.parametrize(
    ("allowed", "before", "possible"),
    [
        ({2, 4}, None, {2, 4}),
        ({2, 4}, (1, 2), {2, 4}),
        ({2, 4}, (2, 4), {3, 4}),
        ({2, 4}, (4, 5), {5}),
        ({2, 4}, (2, 2), set()),
        ({2, 4}, (3, 2), set()),
    ],
)
def test_the_limits_that_an_attempt_may_have_been_made_under(allowed, before, possible):
    assert limits_possible(allowed, before) == possible


@pytest.mark.parametrize(("allowed", "past"), [(1, []), (2, [WRONG])])
def test_a_check_that_would_be_the_final_check_by_now_is_refused(allowed, past):
    with pytest.raises(Refusal) as refused:
        refuse_other_button("check", allowed=allowed, past=past)
    assert refused.value.code == "button_changed"


@pytest.mark.parametrize(
    ("said", "allowed", "past"),
    [("check", 2, []), ("final_check", 1, []), ("final_check", 2, []), ("", 1, []), ("check", 2, [RIGHT])],
)
def test_any_other_button_is_taken_as_it_was_pressed(said, allowed, past):
    refuse_other_button(said, allowed=allowed, past=past)


@pytest.mark.parametrize(("said", "asked"), [(1, 2), (2, 1)])
def test_a_response_to_another_version_is_refused(said, asked):
    with pytest.raises(Refusal) as refused:
        refuse_other_version(said, asked=asked)
    assert refused.value.code == "question_changed"


@pytest.mark.parametrize(("said", "asked"), [(0, 2), (1, 1), (2, 2)])
def test_a_response_to_the_version_that_is_asked_or_to_an_unknown_one_is_taken(said, asked):
    refuse_other_version(said, asked=asked)
