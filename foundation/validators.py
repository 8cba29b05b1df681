"""Checks of single values, for forms and for the API alike."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.moments import YEARS


def known_year(moment: datetime) -> None:
    """Raise ValidationError if a moment is so early or so late that some time zone cannot show it."""
    if moment.year not in YEARS:
        message = _("Enter a date with a year from %(first)s to %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}
        raise ValidationError(message, "year")
