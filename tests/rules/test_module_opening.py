"""When a module opens for one learner, before whose exam its questions are practiced (D39, D45)."""

from datetime import UTC, datetime

import pytest

from course.rules.own_dates import SourcedDate
from quizzes.rules.module_opening import module_opening

EARLY, MIDDLE, LATE = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3))


def everyones(at):
    return SourcedDate(at)


def groups(at):
    return SourcedDate(at, "group", "A")


def own(at):
    return SourcedDate(at, "learner")


@pytest.mark.parametrize(
    ("common", "reviews", "exam", "opening"),
    [
        (None, [], None, None),
        (MIDDLE, [], None, MIDDLE),
        (MIDDLE, [], everyones(EARLY), MIDDLE),
        (MIDDLE, [], groups(EARLY), EARLY),
        (MIDDLE, [], own(LATE), MIDDLE),
        (None, [], groups(LATE), None),
        (MIDDLE, [everyones(LATE)], None, MIDDLE),
        (MIDDLE, [groups(EARLY)], None, EARLY),
        (MIDDLE, [groups(LATE)], None, LATE),
        (None, [groups(LATE)], None, LATE),
        (None, [groups(LATE), everyones(None)], None, None),
        (MIDDLE, [groups(LATE), everyones(MIDDLE)], None, MIDDLE),
        (MIDDLE, [groups(LATE), own(EARLY)], everyones(LATE), EARLY),
        (EARLY, [groups(LATE)], groups(MIDDLE), MIDDLE),
    ],
)
def test_a_module_opens_by_the_dates_given_to_the_learner(common, reviews, exam, opening):
    assert module_opening(common, reviews, exam) == opening
