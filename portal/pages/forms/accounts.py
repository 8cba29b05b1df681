from allauth.account import forms as allauth
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from course.accounts import limit_session


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
