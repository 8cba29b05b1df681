"""What an activity makes of a learner in points, and what an override makes of that (D18)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Standing:
    """An activity's outcome for a learner, in points; `winnable` are those of questions not final yet."""

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str


def overridden(standing: Standing, points: Decimal | None) -> Standing:
    """The standing with an instructor's points instead of the earned ones; None leaves it as it is.

    It is final: nothing more can be won by answering. Where the activity is worth less by now, all of it is given.
    """
    if points is None:
        return standing
    return Standing(min(points, standing.possible), standing.possible, standing.possible, (), "done")
