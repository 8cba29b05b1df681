"""Decide what counts after content was removed (D23)."""

from fractions import Fraction


def keeps_retired(*, reached: Fraction, mean_without: Fraction) -> bool:
    """Return whether a removed item stays in a learner's mean: only if leaving it out would lower the mean.

    `reached` is the item's fraction, `mean_without` the mean without it.
    """
    return reached > mean_without
