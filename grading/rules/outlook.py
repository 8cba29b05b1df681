"""The course grade for several exam results: the sum of D26 as a chart and a table."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grading.rules.arithmetic import fraction, has_passed, percent_down, points_text

LANDMARKS = (Fraction(6, 10), Fraction(8, 10), Fraction(1))


@dataclass(frozen=True)
class Outlook:
    """One exam result in points, the overall grade that follows, and whether it passes."""

    points: str
    percent: str
    overall: str
    has_passed: bool


@dataclass(frozen=True)
class Exam:
    """Input for the table: the paper's points, the exam's weight in percent, and what the rest adds (a fraction)."""

    possible: Decimal
    weight: Fraction
    rest: Fraction
    pass_percent: Decimal

    def overall(self, points: Decimal) -> Fraction:
        return min(self.rest + self.weight / 100 * fraction(points, self.possible), Fraction(1))


def outlooks(exam: Exam, needed: Decimal | None) -> list[Outlook]:
    """Return the results just below enough, just enough, and at a few landmarks.

    Ascending, without duplicates, at most the paper's points.
    """
    wanted = {landmark(exam, share) for share in LANDMARKS}
    if needed is not None:
        wanted |= {needed, max(needed - 1, Decimal(0))}
    return [outlook(exam, points) for points in sorted(wanted) if points <= exam.possible]


def landmark(exam: Exam, share: Fraction) -> Decimal:
    """Return the least whole number of points that is at least this share of the paper; for the whole paper, all of its points."""
    exact = Fraction(exam.possible) * share
    return exam.possible if share == 1 else Decimal(-(-exact // 1))


def outlook(exam: Exam, points: Decimal) -> Outlook:
    """Return the outcome of reaching `points` in the exam."""
    overall = exam.overall(points)
    return Outlook(
        points=points_text(points),
        percent=percent_down(fraction(points, exam.possible)),
        overall=percent_down(overall),
        has_passed=has_passed(overall, exam.pass_percent),
    )
