"""Forms that give learners more than everyone has. Their reasons are private notes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import MomentEntry
from foundation.frame.forms import LocalTime, ReasonForm, offer, reason_field
from foundation.validators import known_year


class DatesForm(ReasonForm):
    """Later dates for one learner, whose reason is a private note."""

    reason = reason_field(
        _("Private note"),
        _(
            "Say why, without naming a diagnosis. Instructors of the course can read this note here. The learner cannot "
            "see the note, the audit does not record it, and you can delete it."
        ),
    )
    activity = forms.ChoiceField(label=_("Item"))
    due_at = MomentEntry(label=_("Due"), required=False, widget=LocalTime, validators=[known_year])
    closes_at = MomentEntry(label=_("Closes"), required=False, widget=LocalTime, validators=[known_year])

    def __init__(self, *args: Any, activities: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "activity", activities)


class AllowancesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username and note, and what to give; at most 500 lines.")
    )
