import zoneinfo
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

THEMES = ("", "light", "dark")


def zones() -> list[tuple[str, str]]:
    """Every zone by its name, the browser's own first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("", _("As the browser says")), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        required=False,
        help_text=_("How instructors see you, and what a new enrollment starts with."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    timezone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zones)


class TokenForm(forms.Form):
    """A token for a program of one's own; what it may do and for how long."""

    DAYS = [(days, _("%(days)s days") % {"days": days}) for days in (7, 30, 90, 365)]

    name = forms.CharField(label=_("What is it for"), max_length=80)
    can_write = forms.BooleanField(
        label=_("May answer and enroll, not only read"),
        required=False,
        help_text=_("Without it, reading is all it can do."),
    )
    can_teach = forms.BooleanField(
        label=_("May do an instructor’s work in your courses"),
        required=False,
        help_text=_("The gradebook, overrides, regrades: whatever changes what counts, with a reason."),
    )
    days = forms.TypedChoiceField(label=_("Ends after"), choices=DAYS, coerce=int, initial=30)

    def __init__(self, *args: Any, is_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_staff:
            del self.fields["can_teach"]

    def scopes(self) -> list[str]:
        asked = {"read": True, "write": self.cleaned_data["can_write"], "staff": self.cleaned_data.get("can_teach")}
        return [scope for scope, is_asked in asked.items() if is_asked]

    def life(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
