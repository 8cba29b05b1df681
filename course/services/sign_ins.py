"""Limits on failed sign-ins, counted in the cache that processes share; settings.SIGN_IN_LIMITS holds the numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest

from course.models import User


@dataclass(frozen=True)
class SignIn:
    """One attempt to sign in to one account. `user` is None if no account has the name that was typed.

    A username can be the email address of somebody else. Then the name stands for several attempts, one per account.
    """

    login: str
    user: User | None
    address: str
    device: str = ""  # if it knows the account

    @property
    def account(self) -> str:
        """Return the name under which failures count. It is the same for the username and the email address of an account."""
        return f"account {self.user.pk}" if self.user else f"login {self.login.casefold()}"

    def counters(self) -> dict[str, str]:
        """Return the keys against which a failure counts, by limit. Other people's guesses never count against a known device."""
        if self.device:
            return {"device": f"{self.account} {self.device}"}
        return {
            "account": self.account,
            "account_and_address": f"{self.account} {self.address}",
            "address": self.address,
        }


def has_failed_too_often(*, request: HttpRequest, sign_in: SignIn) -> bool:
    """Return whether a limit is reached. This counts nothing, because only failures count."""
    return not all(_is_below(request, limit, key) for limit, key in sign_in.counters().items())


def _is_below(request: HttpRequest, limit: str, key: str) -> bool:
    return bool(_consume_limit(request, limit, key, dry_run=True))


def count_failed_sign_ins(*, request: HttpRequest, sign_ins: Iterable[SignIn]) -> None:
    """Count a wrong password against every limit of each account that it was tried on, but once against the address."""
    for limit, key in {counter for sign_in in sign_ins for counter in sign_in.counters().items()}:
        _consume_limit(request, limit, key)


def forget_failed_sign_ins(*, request: HttpRequest, sign_in: SignIn) -> None:
    """Reset the counters after a password reset, except the address's."""
    for limit, key in sign_in.counters().items():
        if limit != "address":
            ratelimit.clear(request, app=APP, action=limit, config=settings.SIGN_IN_LIMITS, key=key)


APP = "sign_in"


def _consume_limit(request: HttpRequest, limit: str, key: str, *, dry_run: bool = False) -> object:
    return ratelimit.consume(
        request, app=APP, action=limit, config=settings.SIGN_IN_LIMITS, key=key, dry_run=dry_run, limit_get=True
    )
