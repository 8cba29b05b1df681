"""Forms that move the dates of a course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.folder import MOST_DAYS
from foundation.entries import WholeEntry


class ShiftForm(forms.Form):
    """By how many days to move every date of a course."""

    days = WholeEntry(label=_("Days by which to move every date"), min_value=-MOST_DAYS, max_value=MOST_DAYS)


class CopyForm(ShiftForm):
    """The copy of a course, for a new term."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Address"), max_length=80, help_text=_("Small letters, digits and hyphens, for example calculus-2027.")
    )
    field_order = ("title", "slug", "days")
