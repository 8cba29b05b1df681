"""The form that searches the audit."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.entries import DayEntry


class AuditAsked(forms.Form):
    """An instructor's search of the audit; every field is optional. `actions` are those that happened."""

    DAY = _("Enter the date as year, month and day: 2026-11-25.")

    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Who"), max_length=200, required=False)
    words = forms.CharField(label=_("Reason or object"), max_length=200, required=False)
    since = DayEntry(label=_("From"), required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY})
    until = DayEntry(label=_("To"), required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY})

    def __init__(self, data: QueryDict, *, actions: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["action"].choices = [("", _("any")), *((name, name.replace("_", " ")) for name in actions)]
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "date"

    def clean(self) -> dict[str, object]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first day. Choose a later day."))
        return asked
