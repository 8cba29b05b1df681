from collections.abc import Sequence
from datetime import datetime, timedelta

from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import ApiToken, User
from accounts.refusals import Refusal
from accounts.selectors.working import works_as_staff
from accounts.services.security_log import log_security

LIFE = timedelta(days=30)
DEFAULT_SCOPES = ("read", "write")
MOST_TOKENS = 100


@transaction.atomic
def create_token(
    *,
    user: User,
    now: datetime,
    scopes: Sequence[str] = DEFAULT_SCOPES,
    life: timedelta = LIFE,
    name: str = "",
    has_used_factor: bool = False,
) -> tuple[ApiToken, str]:
    """Create a token. Return it and its secret text, which is shown only once.

    The scope staff requires a session that used a second factor. Raises Refusal not_permitted, too_many_tokens.
    """
    if "staff" in scopes and not (has_used_factor and works_as_staff(user)):
        raise Refusal("not_permitted")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once count one after the other
    if ApiToken.objects.filter(user=user, expiry__gt=now).count() >= MOST_TOKENS:
        raise Refusal("too_many_tokens", most=MOST_TOKENS)
    token, text = ApiToken.objects.create(user=user, expiry=None, scopes=list(scopes), name=name)
    token.expiry = now + life
    token.save(update_fields=["expiry"])
    log_security("token_created", account=user.pk, token=token.id, scopes=",".join(scopes))
    return token, text


def revoke_token(*, user: User, token_id: str) -> None:
    """Revoke a token. Raises Refusal not_found unless it is the person's own."""
    deleted, _ = ApiToken.objects.filter(user=user, id=token_id).delete()
    if not deleted:
        raise Refusal("not_found")
    log_security("token_revoked", account=user.pk, token=token_id)


@transaction.atomic
def end_access(*, user: User, kept_session: str | None = None) -> None:
    """Revoke every token and end every session except `kept_session`, so that access opened with an old password or factor ends."""
    ApiToken.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user).exclude(session_key=kept_session or ""):
        session.end()
    log_security("access_ended", account=user.pk)


@transaction.atomic
def end_access_of_everybody() -> None:
    """Revoke every token and end every session of every account."""
    for rows in (ApiToken, UserSession, Session):
        rows.objects.all().delete()
    log_security("access_of_everybody_ended", account=None)


@transaction.atomic
def sign_out_everywhere(*, user: User, kept_session: str | None, removes_passkeys: bool = False) -> None:
    """End every session but this one and revoke every token. Also remove the passkeys, on request.

    A thief may have added a passkey, and the owner would not notice. Recovery codes go with the last second factor.
    """
    if removes_passkeys:
        for passkey in Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN):
            passkey.delete()
        delete_dangling_recovery_codes(user)
    end_access(user=user, kept_session=kept_session)


def remove_expired_tokens(*, now: datetime) -> int:
    """Delete tokens that expired before `now`. Return how many."""
    removed: int = ApiToken.objects.filter(expiry__lte=now).delete()[0]
    return removed
