import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _


def zones() -> list[tuple[str, str]]:
    """Return every time zone by name, with the browser's first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("", _("Use my browser’s time zone")), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        required=False,
        help_text=_("Instructors see this name. When you enroll in a course, we suggest it for your certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    timezone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zones)
