"""What a learner still needs to pass (D26): the smallest result that is enough.

| state | the learner needs | percent, points of |
|---|---|---|
| passed | nothing | none |
| exam | the exam, not started yet | share of the paper; points of the paper's total |
| exam_open | the running exam | share of what is still winnable; further points of it |
| review_first | more review points before even a full exam is enough | of all review questions |
| review | the exam is over: review points | of all review questions |
| out_of_reach | more than can still be won | none |

Reaching the suggestion passes; the next lower number of points that the questions can add up to does not. A course may
have several categories beside the exam. If more points in them are needed, one number cannot say where, so no need is
shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from grading.rules.arithmetic import (
    GradedCategory,
    GradedItem,
    counted_weight,
    overall_fraction,
    percent_up,
    points_text,
    weighted,
)

type ExamState = Literal["not_started", "in_progress", "done"]
type State = Literal["passed", "exam", "exam_open", "review_first", "review", "out_of_reach"]


@dataclass(frozen=True)
class Need:
    """What to reach: `percent` of `of` points, which is `points` points, as shown.

    For review questions `points` and `of` are None if assessments differ in size, if some are dropped or if there is
    extra credit, because a point then counts more in one than in another. Only the percent is given.
    """

    state: State
    percent: str | None = None
    points: str | None = None
    of: str | None = None


def needed_on_exam(
    *, pass_percent: Decimal, others: Sequence[GradedCategory], exam: GradedCategory, exam_state: ExamState
) -> Need | None:
    """Return the least that passes. `exam` holds one item, whose `winnable` are the paper's points.

    One percent cannot say what is needed in several `others` that count for the learner, so the result is None if passing
    takes that.

    Before the exam, `winnable` holds the points of every question that a draw yields. Final questions are not winnable.
    """
    goal = Fraction(pass_percent) / 100
    if overall_fraction([*others, exam]) >= goal:
        return Need("passed")
    if overall_fraction([*others, with_all_won(exam)]) >= goal:
        return _on_exam(goal, others, exam, exam_state)
    if overall_fraction([*map(with_all_won, others), with_all_won(exam)]) < goal:
        return Need("out_of_reach")
    counting = [category for category in others if not category.is_exempt]
    if len(counting) != 1:
        return None
    return _on_reviews(goal * counted_weight([*others, exam]), counting[0], with_all_won(exam), exam_state)


def _on_exam(goal: Fraction, others: Sequence[GradedCategory], exam: GradedCategory, exam_state: ExamState) -> Need:
    (paper,) = exam.items
    goal *= counted_weight([*others, exam])
    missing = _share(goal, exam, beside=others) * Fraction(paper.possible) - Fraction(paper.earned)
    winnable = sum(paper.winnable, Decimal(0))
    return Need(
        "exam_open" if exam_state == "in_progress" else "exam",
        percent_up(missing / Fraction(winnable)),
        points_text(_least(paper.winnable, missing)),
        points_text(winnable),
    )


def _on_reviews(goal: Fraction, reviews: GradedCategory, exam: GradedCategory, exam_state: ExamState) -> Need:
    state: State = "review" if exam_state == "done" else "review_first"
    share = _share(goal, reviews, beside=[exam])
    are_unequal = len({item.possible for item in reviews.items if item.possible}) > 1
    if are_unequal or reviews.drop_lowest or reviews.has_extra_items:
        return Need(state, percent_up(share))
    pooled = _pooled(reviews.items)
    more = _least(pooled.winnable, share * Fraction(pooled.possible) - Fraction(pooled.earned))
    return Need(
        state,
        percent_up(share),
        points_text(pooled.earned + more),
        points_text(pooled.possible),
    )


def _share(goal: Fraction, category: GradedCategory, *, beside: Sequence[GradedCategory]) -> Fraction:
    """Return the fraction of `category` at which the sum is exactly the goal."""
    return (goal - sum(map(weighted, beside), Fraction(0))) / (Fraction(category.weight) / 100)


def _least(points: Sequence[Decimal], missing: Fraction) -> Decimal:
    """Return the smallest sum of some of `points` that is at least `missing`."""
    sums = {Decimal(0)}
    for worth in points:
        sums |= {total + worth for total in sums}
    return min(total for total in sums if Fraction(total) >= missing)


def _pooled(items: Sequence[GradedItem]) -> GradedItem:
    """Merge items of equal size into one: the mean of their fractions equals the fraction of their sums."""
    return GradedItem(
        earned=sum((item.earned for item in items), Decimal(0)),
        possible=sum((item.possible for item in items), Decimal(0)),
        winnable=tuple(worth for item in items for worth in item.winnable),
    )


def with_all_won(category: GradedCategory) -> GradedCategory:
    """Return the category as if everything that can still be won were won."""
    return replace(
        category,
        items=tuple(replace(item, earned=item.earned + sum(item.winnable, Decimal(0))) for item in category.items),
    )
