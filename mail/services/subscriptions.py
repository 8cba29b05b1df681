"""What mail a person wants: the settings, and the link that switches off a kind of mail without signing in."""

from django.core import signing
from django.db import transaction

from accounts.models import User
from mail.builders import builder_of
from mail.models import MutedMail
from mail.refusals import Refusal
from mail.rules.delivery import KINDS

UNSUBSCRIBING = "unsubscribe"


def unsubscribe_token(user: User, kind: str) -> str:
    """Return what the link in a message contains. It works without signing in, and never expires."""
    return signing.Signer(salt=UNSUBSCRIBING).sign_object([user.pk, kind])


def subscription_of(token: str) -> tuple[User, str]:
    """Return whose mail of which kind a link is about. Raises Refusal not_found for a link that we did not make."""
    try:
        user_id, kind = signing.Signer(salt=UNSUBSCRIBING).unsign_object(token)
    except signing.BadSignature:
        raise Refusal("not_found") from None
    user = User.objects.filter(pk=user_id, erased_at=None).first()
    if user is None or kind not in KINDS:
        raise Refusal("not_found")
    return user, kind


@transaction.atomic
def set_mail_wanted(*, user: User, wanted: dict[str, bool]) -> None:
    """Store which kinds of mail a person wants. Kinds that are not named stay as they are."""
    MutedMail.objects.filter(user=user, kind__in=[kind for kind, is_wanted in wanted.items() if is_wanted]).delete()
    for kind, is_wanted in wanted.items():
        if not is_wanted:
            MutedMail.objects.get_or_create(user=user, kind=kind)
            builder_of(kind).end_wish(user)
