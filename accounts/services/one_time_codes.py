"""Codes of authenticator apps and recovery codes: limit the guesses at them, and let each work once.

allauth keeps both in its cache, from which strangers can push them out (docs/decisions/0043-counters.md).
"""

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

from accounts.models import SignInFailure, User
from accounts.selectors.failures import failure_key, is_limit_reached
from accounts.services.second_factors import decrypt_factor

LIMIT = "code"


@transaction.atomic(durable=True)  # a transaction around it could undo the count
def begin_code_check(*, user: User, now: datetime) -> bool:
    """Count a code as wrong before it is checked, so that many at once get no more tries. Return False at the limit."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if is_limit_reached({LIMIT: str(user.pk)}, now):
        return False
    SignInFailure.objects.create(limit=LIMIT, key=failure_key(LIMIT, str(user.pk)), user=user, failed_at=now)
    return True


def forget_wrong_codes(*, user: User) -> None:
    """Forget the wrong codes of an account after a right one, which was counted as wrong before."""
    SignInFailure.objects.filter(user=user, limit=LIMIT).delete()


@transaction.atomic
def use_code(*, user: User, code: str) -> Authenticator | None:
    """Use up a code. Return the second factor that it belongs to, or None if it is wrong or was used before."""
    factors = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in factors.order_by("pk"):
        is_of_app = factor.type == Authenticator.Type.TOTP
        if _use_step(factor, code) if is_of_app else factor.wrap().validate_code(code):
            factor.user = user
            return factor
    return None


def _use_step(factor: Authenticator, code: str) -> bool:
    """Use up the step of time for which the app showed this code. Return False if no unused step has it.

    Only steps of the present are kept, and not the newest ever used: after that, a clock that was an hour ahead would
    refuse every code for an hour.
    """
    secret = decrypt_factor(factor.data["secret"])
    steps = list(yield_hotp_counters_from_time())
    used = [step for step in factor.data.get("used_steps", []) if step in steps]
    for step in steps:
        expected = format_hotp_value(hotp_value(secret, step))
        if step not in used and compare_user_code(actual=code, expected=expected):
            factor.data["used_steps"] = [*used, step]
            factor.save(update_fields=["data"])
            return True
    return False
