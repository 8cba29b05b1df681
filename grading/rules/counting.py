"""What counts for a learner when content was removed (D23)."""

from fractions import Fraction


def keeps_retired(*, reached: Fraction, mean_without: Fraction) -> bool:
    """A removed item stays in a learner's mean only where leaving it out would cost them."""
    return reached > mean_without
