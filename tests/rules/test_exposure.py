"""Whose keys a throwaway account can read: exams that count, show keys early, and that anybody can sit (D33)."""

from itertools import product

import pytest

from course.rules.joining import WAYS
from quizzes.rules.disclosure import SHOWN_AT, USUAL
from quizzes.rules.exposure import KeyFacts, key_exposure

OPEN = KeyFacts(USUAL["exam"], "open")


@pytest.mark.parametrize(
    ("changed", "exposure"),
    [
        ({}, "exposed"),
        ({"is_chosen": True}, "chosen"),
        ({"is_counted": False}, "none"),
        ({"is_over": True}, "none"),
        ({"is_sign_up_open": False}, "none"),
        ({"joins_by": "code"}, "none"),
        ({"joins_by": "invitation"}, "none"),
        ({"joins_by": "closed"}, "none"),
        ({"is_chosen": True, "is_counted": False}, "none"),
        ({"is_chosen": True, "is_over": True}, "none"),
        ({"is_chosen": True, "is_sign_up_open": False}, "none"),
        ({"is_chosen": True, "joins_by": "invitation"}, "none"),
    ],
)
def test_an_exam_is_exposed_only_if_everything_comes_together(changed, exposure):
    assert key_exposure(OPEN._replace(**changed)) == exposure


def test_only_keys_that_are_shown_before_the_closing_are_exposed():
    found = {at: key_exposure(OPEN._replace(policy=OPEN.policy._replace(key=at, explanation=at))) for at in SHOWN_AT}
    assert [at for at, exposure in found.items() if exposure == "exposed"] == ["final", "end"]


def test_when_verdict_score_and_explanation_are_shown_exposes_no_key():
    for verdict, score, explanation in product(SHOWN_AT, repeat=3):
        parts = {"verdict": verdict, "score": score, "explanation": explanation}
        for key, exposure in (("end", "exposed"), ("closed", "none"), ("release", "none")):
            policy = OPEN.policy._replace(key=key, **parts)
            assert key_exposure(OPEN._replace(policy=policy)) == exposure


def test_no_other_way_to_join_than_the_open_one_exposes_keys():
    assert [way for way in WAYS if key_exposure(OPEN._replace(joins_by=way)) != "none"] == ["open"]
