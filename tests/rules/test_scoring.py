"""The points of a sitting (G6, D1, D23, D25)."""

from decimal import Decimal
from itertools import product

import pytest

from questions.rules.attempts import Past
from quizzes.rules.corrections import Correction
from quizzes.rules.scoring import QuestionScore, ScoredQuestion, Tally, question_scores, tally, total, won_percent

WRONG = Past(1, "a", is_correct=False, limit=2)
WRONG_AT_LAST = Past(1, "a", is_correct=False, limit=1)
RIGHT = Past(1, "a", is_correct=True, limit=2)
RIGHT_LATER = Past(2, "b", is_correct=True, limit=2)


def asked(question_id, points=1, *, is_retired=False):
    return ScoredQuestion(question_id, Decimal(points), is_retired)


def tallied(earned, possible, answered, *winnable):
    return Tally(Decimal(earned), Decimal(possible), Decimal(answered), tuple(map(Decimal, winnable)))


@pytest.mark.parametrize(
    ("questions", "past", "expected"),
    [
        ([], {}, tallied(0, 0, 0)),
        ([asked("q", 3)], {}, tallied(0, 3, 0, 3)),
        ([asked("q", 3)], {"q": [WRONG]}, tallied(0, 3, 3, 3)),
        ([asked("q", 3)], {"q": [WRONG_AT_LAST]}, tallied(0, 3, 3)),
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


VOID, GONE, CREDIT = Correction("void"), Correction("void", lowers=True), Correction("credit")
PASTS = [[], [WRONG], [RIGHT], [WRONG, RIGHT_LATER]]


@pytest.mark.parametrize("basis", [None, frozenset({"0", "5", "6", "7"})])
def test_the_scores_of_the_questions_add_up_to_the_tally(basis):
    changes = [(), (VOID,), (GONE,), (CREDIT,), (VOID, CREDIT)]
    facts = list(product(changes, [False, True], PASTS))
    questions = [
        ScoredQuestion(str(place), Decimal(place + 1), is_retired, corrections)
        for place, (corrections, is_retired, _) in enumerate(facts)
    ]
    past = {str(place): tries for place, (_, _, tries) in enumerate(facts)}
    whole, scores = tally(questions, past, basis=basis), question_scores(questions, past, basis)
    counting = [score for score in scores.values() if score.counts]
    assert sum(score.earned for score in scores.values()) == whole.earned
    assert sum(score.possible for score in counting) == whole.possible


def test_a_question_is_marked_by_what_changed_since_it_was_asked():
    questions = [
        ScoredQuestion("plain", Decimal(1)),
        ScoredQuestion("old", Decimal(1), is_retired=True, corrections=(CREDIT,)),
    ]
    marks = {pk: score.marks for pk, score in question_scores(questions, {}, frozenset({"old"})).items()}
    assert marks == {"plain": ("added",), "old": ("credit", "removed")}
    assert question_scores(questions, {}, None)["plain"].marks == ()


def test_a_settled_sitting_has_nothing_left_to_win():
    settled = tally([asked("q"), asked("r")], {"q": [RIGHT]}, is_settled=True)
    assert (settled, settled.is_final) == (tallied(1, 2, 1), True)
    assert tally([asked("q")], {}).is_final is False


def test_a_certificate_keeps_the_questions_it_was_given_for():
    questions = [asked("q"), asked("new", 9), asked("old", 2, is_retired=True)]
    assert tally(questions, {"q": [RIGHT]}, basis=frozenset({"q", "old"})) == tallied(1, 3, 1, 2)


LATE = Past(1, "a", is_correct=True, limit=2, percent=80)


def test_a_late_right_answer_counts_less_and_says_so():
    assert question_scores([asked("q", 5)], {"q": [LATE]}, None) == {
        "q": QuestionScore(Decimal(4), Decimal(5), counts=True, marks=("late",), late=Decimal(1))
    }
    found = tally([asked("q", 5), asked("r", 5)], {"q": [LATE]}, percent_left=60)
    assert found == Tally(Decimal(4), Decimal(10), Decimal(5), (Decimal(3),), late=Decimal(1))
    best = [LATE, Past(2, "b", is_correct=True, limit=2, percent=90), Past(3, "c", is_correct=False, limit=3)]
    assert (won_percent(best), won_percent([WRONG]), won_percent([])) == (90, 0, 0)


def test_a_question_that_does_not_count_scores_nothing():
    gone = ScoredQuestion("q", Decimal(5), corrections=(GONE,))
    assert question_scores([gone], {"q": [RIGHT]}, None) == {
        "q": QuestionScore(Decimal(0), Decimal(5), counts=False, marks=("gone",))
    }
    assert question_scores([asked("q", 5)], {"q": [WRONG]}, None) == {
        "q": QuestionScore(Decimal(0), Decimal(5), counts=True)
    }


def test_a_removed_question_that_a_certificate_counted_still_counts():
    old = ScoredQuestion("old", Decimal(5), is_retired=True)
    assert tally([old], {}, basis=frozenset({"old"})) == tallied(0, 5, 0, 5)
    void = ScoredQuestion("old", Decimal(5), corrections=(VOID,))
    assert tally([void], {}, basis=frozenset({"old"})) == tallied(0, 0, 0)


def test_credit_gives_all_points_even_for_a_late_or_a_wrong_answer():
    credited = ScoredQuestion("q", Decimal(5), corrections=(CREDIT,))
    for tries in ([], [WRONG], [LATE]):
        assert tally([credited], {"q": tries}) == tallied(5, 5, 5)
    assert total([]) == 0
