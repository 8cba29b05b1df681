"""The form of a weekly goal."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from foundation.entries import WholeEntry
from portal.goals.rules.goals import HOURS, MOST

UNITS = (
    ("days", _("days on which I study")),
    ("lessons", _("lessons that I finish")),
    ("questions", _("questions that I answer")),
)
USUAL_DAY, USUAL_HOUR = 5, 17  # Friday afternoon, which leaves two days of the week


class GoalForm(forms.Form):
    unit = forms.ChoiceField(label=_("What I count"), choices=UNITS, initial="days", widget=forms.RadioSelect)
    amount = WholeEntry(label=_("How many a week"), min_value=1, max_value=max(MOST.values()), initial=3)
    is_reminded = forms.BooleanField(
        label=_("Send me one email a week if I have not reached my goal yet"), required=False
    )
    day = forms.TypedChoiceField(
        label=_("Day of the reminder"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        initial=USUAL_DAY,
    )
    hour = forms.TypedChoiceField(
        label=_("Time of the reminder"),
        choices=[(hour, f"{hour:02}:00") for hour in range(HOURS)],
        coerce=int,
        initial=USUAL_HOUR,
    )

    def clean(self) -> None:
        """Refuse a goal that no week has room for, such as eight days."""
        most = MOST.get(self.cleaned_data.get("unit", ""))
        if most is not None and self.cleaned_data.get("amount", 0) > most:
            self.add_error("amount", _("Enter a number from 1 to %(most)s.") % {"most": most})

    def reminder(self) -> tuple[int, int] | None:
        """Return the day and hour of the reminder, or None without one."""
        return (self.cleaned_data["day"], self.cleaned_data["hour"]) if self.cleaned_data["is_reminded"] else None
