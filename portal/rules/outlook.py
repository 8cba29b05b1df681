"""What different outcomes of the exam would make of the course grade: the sum of D26 drawn and tabled."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grading.rules.arithmetic import fraction, has_passed, percent_down, points_text

LANDMARKS = (Fraction(6, 10), Fraction(8, 10), Fraction(1))


@dataclass(frozen=True)
class Outlook:
    """One outcome: so many of the exam's points, the overall grade that it makes, and whether that passes."""

    points: str
    percent: str
    overall: str
    has_passed: bool


@dataclass(frozen=True)
class Exam:
    """What the table needs to know: the paper's points, the exam's weight, what the rest brings (a fraction)."""

    possible: Decimal
    weight: Decimal
    rest: Fraction
    pass_percent: Decimal

    def overall(self, points: Decimal) -> Fraction:
        return self.rest + Fraction(self.weight) / 100 * fraction(points, self.possible)


def outlooks(exam: Exam, needed: Decimal | None) -> list[Outlook]:
    """Just too little, just enough, and a few landmarks; ascending, none twice, none beyond the paper."""
    wanted = {landmark(exam, share) for share in LANDMARKS}
    if needed is not None:
        wanted |= {needed, max(needed - 1, Decimal(0))}
    return [outlook(exam, points) for points in sorted(wanted) if points <= exam.possible]


def landmark(exam: Exam, share: Fraction) -> Decimal:
    """The least whole number of points that is this share of the paper, all of its points for the whole."""
    exact = Fraction(exam.possible) * share
    return exam.possible if share == 1 else Decimal(-(-exact // 1))


def outlook(exam: Exam, points: Decimal) -> Outlook:
    overall = exam.overall(points)
    return Outlook(
        points=points_text(points),
        percent=percent_down(fraction(points, exam.possible)),
        overall=percent_down(overall),
        has_passed=has_passed(overall, exam.pass_percent),
    )
