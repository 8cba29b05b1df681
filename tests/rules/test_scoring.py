"""What a sitting is worth (G6, D1, D23, D25)."""

from decimal import Decimal

import pytest

from quizzes.rules.attempts import Past
from quizzes.rules.disclosure import may_show_key
from quizzes.rules.scoring import Asked, Tally, tally

WRONG = Past(1, "a", is_correct=False)
RIGHT = Past(1, "a", is_correct=True)
RIGHT_LATER = Past(2, "b", is_correct=True)


def asked(question_id, points=1, limit=2, *, is_retired=False):
    return Asked(question_id, Decimal(points), limit, is_retired)


def tallied(earned, possible, answered, *winnable):
    return Tally(Decimal(earned), Decimal(possible), Decimal(answered), tuple(map(Decimal, winnable)))


@pytest.mark.parametrize(
    ("questions", "past", "expected"),
    [
        ([], {}, tallied(0, 0, 0)),
        ([asked("q", 3)], {}, tallied(0, 3, 0, 3)),
        ([asked("q", 3)], {"q": [WRONG]}, tallied(0, 3, 3, 3)),
        ([asked("q", 3, 1)], {"q": [WRONG]}, tallied(0, 3, 3)),
        ([asked("q", 3)], {"q": [RIGHT]}, tallied(3, 3, 3)),
        ([asked("q", 3)], {"q": [WRONG, RIGHT_LATER]}, tallied(3, 3, 3)),  # the wrong one costs nothing
        ([asked("q", "0.5"), asked("r", 2)], {"q": [RIGHT]}, tallied("0.5", "2.5", "0.5", 2)),
        ([asked("q"), asked("old", 5, is_retired=True)], {"q": [RIGHT]}, tallied(1, 1, 1)),
        ([asked("q"), asked("old", 5, is_retired=True)], {"old": [WRONG]}, tallied(0, 1, 0, 1)),
        ([asked("q"), asked("old", 5, is_retired=True)], {"old": [RIGHT]}, tallied(5, 6, 5, 1)),
    ],
)
def test_a_sitting_is_worth_what_its_questions_earned(questions, past, expected):
    assert tally(questions, past) == expected


def test_a_settled_sitting_has_nothing_left_to_win():
    settled = tally([asked("q"), asked("r")], {"q": [RIGHT]}, is_settled=True)
    assert (settled, settled.is_final) == (tallied(1, 2, 1), True)
    assert tally([asked("q")], {}).is_final is False


def test_a_certificate_keeps_the_questions_it_was_given_for():
    questions = [asked("q"), asked("new", 9), asked("old", 2, is_retired=True)]
    assert tally(questions, {"q": [RIGHT]}, basis=frozenset({"q", "old"})) == tallied(1, 3, 1, 2)


@pytest.mark.parametrize(
    ("kind", "is_final", "is_settled", "expected"),
    [
        ("review", False, False, False),
        ("review", True, False, True),
        ("exam", False, False, False),
        ("exam", True, False, False),
        ("exam", False, True, True),
        ("exam", True, True, True),
    ],
)
def test_no_key_is_shown_while_an_answer_can_still_count(kind, is_final, is_settled, expected):
    assert may_show_key(kind=kind, is_final=is_final, is_settled=is_settled) == expected
