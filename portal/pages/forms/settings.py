import zoneinfo
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.forms import ManageUserSessionsForm
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.services import sign_out_everywhere

THEMES = ("", "light", "dark")


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


class TokenForm(forms.Form):
    """The form that creates an API token: name, access and lifetime."""

    DAYS = [(days, _("%(days)s days") % {"days": days}) for days in (7, 30, 90, 365)]

    name = forms.CharField(label=_("Name"), max_length=80)
    can_write = forms.BooleanField(
        label=_("Can answer questions and enroll"),
        required=False,
        help_text=_("Otherwise the token can only read."),
    )
    can_teach = forms.BooleanField(
        label=_("Can do an instructor’s work in your courses"),
        required=False,
        help_text=_("Includes the gradebook, overrides and regrades."),
    )
    days = forms.TypedChoiceField(label=_("Expires after"), choices=DAYS, coerce=int, initial=30)

    def __init__(self, data: QueryDict | None = None, *, may_teach: bool) -> None:
        super().__init__(data)
        if not may_teach:
            del self.fields["can_teach"]

    def scopes(self) -> list[str]:
        asked = {"read": True, "write": self.cleaned_data["can_write"], "staff": self.cleaned_data.get("can_teach")}
        return [scope for scope, is_asked in asked.items() if is_asked]

    def life(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class SignOutForm(ManageUserSessionsForm):
    """The form that signs out everywhere else. The tick is offered to people with passkeys."""

    passkeys = forms.BooleanField(
        label=_("Remove my passkeys too"),
        required=False,
        help_text=_("Choose this if somebody else may have added one. You can add yours again afterward."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not is_mfa_enabled(self.request.user, [Authenticator.Type.WEBAUTHN]):
            del self.fields["passkeys"]

    def save(self, request: HttpRequest) -> None:
        sign_out_everywhere(
            user=request.user,
            kept_session=request.session.session_key,
            removes_passkeys=self.cleaned_data.get("passkeys", False),
        )
