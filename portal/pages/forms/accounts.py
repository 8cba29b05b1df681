from typing import TYPE_CHECKING

from allauth.account import forms as allauth
from allauth.core import context as allauth_context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_mfa
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.adapters import factor_of_code, limit_session
from people.selectors.invited import invitation_ahead

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
    least = next(each.min_length for each in rules if isinstance(each, MinimumLengthValidator))
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
    pass


class SignupForm(AdvisedPassword, allauth.SignupForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Username")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _. Only you and your instructors see it.")
        self.fields["email"].label = _("Email")
        self.fields["email"].help_text = _("We use it to confirm your account and to reset your password.")
        self.invitation = invitation_ahead(allauth_context.request)
        if self.invitation is not None:
            self.initial["email"] = self.invitation.email
            self.fields["email"].widget.attrs["readonly"] = True
            self.fields["email"].help_text = _("Your invitation is for this address and has confirmed it.")

    def clean_email(self) -> str:
        """Return the address; with an invitation, its address, because the invitation is for no other."""
        if self.invitation is not None:
            self.cleaned_data["email"] = self.invitation.email
        email: str = super().clean_email()
        return email
