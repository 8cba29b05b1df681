from collections.abc import Sequence
from datetime import datetime, timedelta

from course.models import ApiToken, User
from course.rules.refusals import Refusal

LIFE = timedelta(days=30)
DEFAULT_SCOPES = ("read", "write")


def create_token(
    *,
    user: User,
    now: datetime,
    scopes: Sequence[str] = DEFAULT_SCOPES,
    life: timedelta = LIFE,
    name: str = "",
    is_session: bool = False,
) -> tuple[ApiToken, str]:
    """A token and its text, which is shown once; staff scopes only from a browser's session.

    Raises Refusal not_permitted.
    """
    if "staff" in scopes and not (is_session and user.is_staff):
        raise Refusal("not_permitted")
    token, text = ApiToken.objects.create(user=user, expiry=None, scopes=list(scopes), name=name)
    token.expiry = now + life
    token.save(update_fields=["expiry"])
    return token, text


def revoke_token(*, user: User, token_id: str) -> None:
    """Raises Refusal not_found for a token that is not one's own."""
    deleted, _ = ApiToken.objects.filter(user=user, id=token_id).delete()
    if not deleted:
        raise Refusal("not_found")


def remove_expired_tokens(*, now: datetime) -> int:
    removed: int = ApiToken.objects.filter(expiry__lte=now).delete()[0]
    return removed
