"""Limits on failed sign-ins (docs/decisions/0043-counters.md); settings.SIGN_IN_LIMITS holds the numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import SignInFailure, User
from accounts.selectors.failures import failure_key, is_limit_reached

OF_PASSWORDS = ("account", "account_and_address", "device")


@dataclass(frozen=True)
class SignIn:
    """One attempt to sign in to one account. `user` is None if no account has the name that was typed.

    A username can be the email address of somebody else. Then the name counts as several attempts, one per account.
    """

    login: str
    user: User | None
    address: str
    device: str = ""  # if it knows the account

    @property
    def account(self) -> str:
        """Return the name under which failures count. It is the same for the username and the email address of an account.

        A name without an account counts in the same way, because the lock would otherwise tell who has an account.
        """
        return f"account {self.user.pk}" if self.user else f"login {self.login.casefold()}"

    def counters(self) -> dict[str, str]:
        """Return what a failure counts against, by limit. Other people's guesses never count against a known device."""
        if self.device:
            return {"device": f"{self.account} {self.device}"}
        return {
            "account": self.account,
            "account_and_address": f"{self.account} {self.address}",
            "address": self.address,
        }

    def failures(self, now: datetime) -> dict[str, SignInFailure]:
        """Return the rows of a failure by key. The row of the address has no user."""
        return {
            (key := failure_key(limit, of)): SignInFailure(
                limit=limit, key=key, user=None if limit == "address" else self.user, failed_at=now
            )
            for limit, of in self.counters().items()
        }


def has_failed_too_often(*, sign_in: SignIn, now: datetime) -> bool:
    """Return whether a limit is reached. This counts nothing, because only failures count. Runs one query."""
    return is_limit_reached(sign_in.counters(), now)


@transaction.atomic(durable=True)  # a transaction around it could undo the count, and would keep SQLite's lock longer
def count_failed_sign_ins(*, sign_ins: Iterable[SignIn], now: datetime) -> None:
    """Count a wrong password against every limit of each account that it was tried on, but once against the address."""
    rows = {key: row for sign_in in sign_ins for key, row in sign_in.failures(now).items()}
    SignInFailure.objects.bulk_create(rows.values())


def forget_failed_sign_ins(*, user: User) -> None:
    """Forget the wrong passwords of an account after it got a new one. Those of addresses stay, and so do wrong codes."""
    SignInFailure.objects.filter(user=user, limit__in=OF_PASSWORDS).delete()


def remove_old_failures(*, now: datetime) -> int:
    """Delete the failures that no longer count. Return how many rows."""
    removed: int = SignInFailure.objects.filter(failed_at__lte=now - settings.SIGN_IN_WINDOW).delete()[0]
    return removed
