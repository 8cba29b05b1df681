"""The form of a reminder of practice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from practice.rules.days import HOURS

USUAL_HOUR = 17


class PracticeReminderForm(forms.Form):
    is_reminded = forms.BooleanField(label=_("Send me one email on each day on which questions wait"), required=False)
    hour = forms.TypedChoiceField(
        label=_("Time of the reminder"),
        choices=[(hour, f"{hour:02}:00") for hour in range(HOURS)],
        coerce=int,
        initial=USUAL_HOUR,
    )

    def wanted_hour(self) -> int | None:
        """Return the hour of the reminder, or None without one."""
        return self.cleaned_data["hour"] if self.cleaned_data["is_reminded"] else None
