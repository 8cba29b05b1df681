"""The form of a late policy (D34)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.folder import LONGEST_GRACE
from foundation.entries import WholeEntry


class LatePolicyForm(forms.Form):
    """How much a correct answer counts after the due date. What belongs to an assessment may be as the course says."""

    inherits = forms.BooleanField(label=_("As the course says"), required=False)
    percent_per_day = WholeEntry(
        label=_("Percent less per day"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("With 0, late answers count in full."),
    )
    grace_minutes = WholeEntry(label=_("Grace period in minutes"), min_value=0, max_value=LONGEST_GRACE, required=False)
    lowest_percent = WholeEntry(label=_("Lowest percent"), min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, of_course: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if of_course:
            del self.fields["inherits"]

    @property
    def policy(self) -> dict[str, int] | None:
        """Return what is to be written: None for what is not written at all."""
        numbers = {
            name: self.cleaned_data[name] or 0 for name in ("percent_per_day", "grace_minutes", "lowest_percent")
        }
        is_none = self.cleaned_data.get("inherits") or ("inherits" not in self.fields and not any(numbers.values()))
        return None if is_none else numbers
