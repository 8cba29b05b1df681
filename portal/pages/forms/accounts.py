from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


class SignupForm(allauth.SignupForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Username")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _. Only you and your instructors see it.")
        self.fields["email"].label = _("Email")
        self.fields["email"].help_text = _("We use it to confirm your account and to reset your password.")
