from allauth.account import forms as allauth
from allauth.core import context as allauth_context
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from course.accounts import invitation_ahead, limit_session


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")

    def login(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().login(request, *args, **kwargs)
        limit_session(request)  # allauth has just given it a number of seconds
        return response


class SignupForm(allauth.SignupForm):
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
