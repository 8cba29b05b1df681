"""What counts under a regrade (D17): a table, and properties of every regrade."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.rules.attempts import Past
from quizzes.rules.corrections import (
    Correction,
    accepted_responses,
    correction_as_json,
    correction_effect,
    counts_as_correct,
    is_credited,
    is_gone,
    is_void,
    key_in_force,
    read_corrections,
)
from quizzes.rules.scoring import ScoredQuestion, Tally, tally

FIXED = Correction("key", version=1, key={"answer": "b"})
FIXED_HARD = Correction("key", version=1, key={"answer": "b"}, lowers=True)
ALSO = Correction("accept", version=1, response="c")
CREDIT = Correction("credit")
VOID = Correction("void")
GONE = Correction("void", lowers=True)


def counts(response, *corrections, version=1, key="a"):
    return counts_as_correct(
        response == key,
        version=version,
        response=response,
        corrections=corrections,
        marks=lambda other: other["answer"] == response,
    )


@pytest.mark.parametrize(
    ("corrections", "right"),
    [
        ([], "a"),
        ([FIXED], "ab"),
        ([FIXED_HARD], "b"),
        ([ALSO], "ac"),
        ([ALSO, FIXED], "abc"),
        ([ALSO, FIXED_HARD], "b"),
        ([FIXED_HARD, ALSO], "bc"),
        ([CREDIT], "abcd"),
        ([CREDIT, FIXED_HARD], "b"),
        ([VOID], "a"),
    ],
)
def test_each_correction_decides_what_counts_as_right(corrections, right):
    assert "".join(response for response in "abcd" if counts(response, *corrections)) == right


@pytest.mark.parametrize("correction", [FIXED, FIXED_HARD, ALSO])
def test_a_key_or_a_response_is_of_one_version(correction):
    assert [counts(response, correction, version=2) for response in "abc"] == [True, False, False]


CORRECTIONS = st.builds(
    Correction,
    kind=st.sampled_from(["key", "accept", "credit", "void"]),
    version=st.sampled_from([1, 2]),
    response=st.sampled_from("abcd"),
    key=st.fixed_dictionaries({"answer": st.sampled_from("abcd")}),
    lowers=st.booleans(),
)


@given(st.lists(CORRECTIONS, max_size=4), CORRECTIONS, st.sampled_from("abcd"))
def test_a_further_correction_that_may_not_lower_takes_nothing_away(before, further, response):
    gentle = Correction(**{**correction_as_json(further), "lowers": False})
    assert counts(response, *before) <= counts(response, *before, gentle)


@given(st.lists(CORRECTIONS, max_size=4))
def test_stored_corrections_are_read_back(corrections):
    assert read_corrections([correction_as_json(correction) for correction in corrections]) == tuple(corrections)


def test_the_last_key_is_shown_with_the_rest_of_the_original_key():
    other = Correction("key", version=2, key={"answer": "z"})
    assert key_in_force({"answer": "a", "whys": {}}, 1, [FIXED, other]) == {"answer": "b", "whys": {}}
    assert accepted_responses(1, [ALSO, Correction("accept", version=2, response="z")]) == ["c"]


def asked(question_id, *corrections):
    return ScoredQuestion(question_id, Decimal(1), corrections=corrections)


def tallied(earned, possible, answered, winnable):
    return Tally(Decimal(earned), Decimal(possible), Decimal(answered), (Decimal(1),) * winnable)


RIGHT, WRONG = [Past(1, "a", is_correct=True, limit=2)], [Past(1, "a", is_correct=False, limit=2)]


@pytest.mark.parametrize(
    ("past", "correction", "expected"),
    [
        ({}, CREDIT, tallied(1, 2, 1, 1)),
        ({"q": WRONG}, CREDIT, tallied(1, 2, 1, 1)),
        ({}, VOID, tallied(0, 1, 0, 1)),
        ({"q": WRONG}, VOID, tallied(0, 1, 0, 1)),
        ({"q": RIGHT}, VOID, tallied(1, 2, 1, 1)),
        ({"q": RIGHT}, GONE, tallied(0, 1, 0, 1)),
        ({"q": RIGHT}, FIXED, tallied(1, 2, 1, 1)),
    ],
)
@pytest.mark.parametrize("basis", [None, frozenset({"q", "other"})])
def test_a_sitting_is_worth_what_its_corrected_questions_earned(past, correction, expected, basis):
    assert tally([asked("q", correction), asked("other")], past, basis=basis) == expected


OUTCOMES = st.dictionaries(st.sampled_from("qr"), st.lists(st.booleans(), min_size=1, max_size=2))


@given(OUTCOMES, st.sampled_from([CREDIT, VOID, FIXED, ALSO]), st.booleans())
def test_no_correction_that_may_not_lower_lowers_a_sitting(outcomes, correction, is_settled):
    past = {
        name: [Past(number, "x", is_correct=right, limit=2) for number, right in enumerate(found, start=1)]
        for name, found in outcomes.items()
    }
    before = tally([asked("q"), asked("r")], past, is_settled=is_settled)
    after = tally([asked("q", correction), asked("r")], past, is_settled=is_settled)
    assert after.earned * before.possible >= before.earned * after.possible


@pytest.mark.parametrize(
    ("corrections", "effect", "facts"),
    [
        ([], "", (False, False, False)),
        ([FIXED], "corrected", (False, False, False)),
        ([FIXED_HARD], "corrected", (False, False, False)),
        ([FIXED, CREDIT], "credit", (True, False, False)),
        ([CREDIT, VOID], "void", (True, True, False)),
        ([VOID, CREDIT, GONE], "gone", (True, True, True)),
        ([FIXED_HARD, VOID], "void", (False, True, False)),
    ],
)
def test_the_effect_of_corrections_on_a_question(corrections, effect, facts):
    assert correction_effect(corrections) == effect
    assert (is_credited(corrections), is_void(corrections), is_gone(corrections)) == facts


def test_a_correction_is_stored_field_by_field():
    assert correction_as_json(CREDIT) == {
        "kind": "credit",
        "version": None,
        "response": None,
        "key": None,
        "lowers": False,
        "regrade": 0,
    }
