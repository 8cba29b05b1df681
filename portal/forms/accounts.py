from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name or email")
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


class SignupForm(allauth.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name to sign in with")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _; only you and your instructors see it.")
        self.fields["email"].label = _("Email")
        self.fields["email"].help_text = _("To confirm that it is yours, and for a forgotten password.")
