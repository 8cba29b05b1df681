"""What forms of many subjects are made of: a reason, a time, choices that are known only when the form is made."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.reasons import LONGEST

REASON = _("The affected learners can read this reason, and the audit keeps it.")


class LocalTime(forms.DateTimeInput):
    """A date and a time in the reader's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def reason_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let a field of a form offer these choices, which are known only when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class ReasonForm(forms.Form):
    """A form with only a reason."""

    reason = reason_field(_("Reason"), REASON)

    def order_fields(self, field_order: Iterable[str] | None) -> None:
        """Put the reason last."""
        super().order_fields(field_order)
        self.fields["reason"] = self.fields.pop("reason")


class OpeningForm(ReasonForm):
    """A reason that the audit alone keeps, such as why an instructor opens a learner's work."""

    reason = reason_field(_("Reason"), _("The audit keeps this reason."))


class NoFields(forms.Form):
    """A form with only a button, which shows why the button did nothing."""
