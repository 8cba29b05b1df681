"""Forms of accounts: signing in, passwords, one-time codes, API tokens and devices."""

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account import forms as allauth
from allauth.core import context as allauth_context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.forms import ManageUserSessionsForm
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.forms import Field
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.adapters import factor_of_code, limit_session
from accounts.services import sign_out_everywhere

if TYPE_CHECKING:
    from accounts.models import User


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")
        self.fields["login"].widget.attrs["autofocus"] = True
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")

    def login(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().login(request, *args, **kwargs)
        limit_session(request)  # allauth has just given it a number of seconds
        return response


class CountedCode:
    """A form for a one-time code. allauth counts wrong ones, and keeps used ones, in a cache."""

    user: "User"
    cleaned_data: dict[str, str]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        factor = factor_of_code(self.user, code, allauth_context.request.now)
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator = factor
        return code


class CodeForm(CountedCode, allauth_mfa.AuthenticateForm):
    pass


class CodeAgainForm(CountedCode, allauth_mfa.ReauthenticateForm):
    pass


def password_advice() -> str:
    """Return one sentence for all validators: each of them explains itself when it refuses a password."""
    rules = get_default_password_validators()
    least = next(rule.min_length for rule in rules if isinstance(rule, MinimumLengthValidator))
    return gettext(
        "At least {least} characters, and nothing that others try first, such as a common password, your name or the "
        "name of this site."
    ).format(least=least)


class AdvisedPassword:
    """A form for a new password."""

    fields: dict[str, Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_advice()


class ChangePasswordForm(AdvisedPassword, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(AdvisedPassword, allauth.SetPasswordForm):
    pass


class ResetPasswordKeyForm(AdvisedPassword, allauth.ResetPasswordKeyForm):
    @property
    def is_first_password(self) -> bool:
        """Return whether the account never had a password. A link that no longer works leads to no account."""
        return self.user is not None and not self.user.has_usable_password()


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
