"""What mail a person wants: the settings, and the links that stop mail without signing in."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction

from accounts.models import User
from mail.builders import builder_of
from mail.models import ListedAddress, MutedMail
from mail.refusals import Refusal
from mail.rules.delivery import KINDS

UNSUBSCRIBING = "unsubscribe"


@dataclass(frozen=True)
class Subscription:
    """What a link in a message stops: a kind of mail of a person or, with `listing`, all mail of a course to the address
    on its class list.
    """

    user: User
    kind: str
    listing: ListedAddress | None = None


def unsubscribe_token(user: User, kind: str, listing: ListedAddress | None = None) -> str:
    """Return what the link in a message contains. It works without signing in, and never expires."""
    return signing.Signer(salt=UNSUBSCRIBING).sign_object([user.pk, kind, *([listing.pk] if listing else [])])


def subscription_of(token: str) -> Subscription:
    """Return what a link is about. Raises Refusal not_found for a link that we did not make, or of an address that is no
    longer on the class list.
    """
    try:
        user_id, kind, *listed = signing.Signer(salt=UNSUBSCRIBING).unsign_object(token)
    except signing.BadSignature:
        raise Refusal("not_found") from None
    user = User.objects.filter(pk=user_id, erased_at=None).first()
    listing = ListedAddress.objects.select_related("course").filter(user=user_id, pk__in=listed).first()
    if user is None or (listed and listing is None) or (not listed and kind not in KINDS):
        raise Refusal("not_found")
    return Subscription(user, kind, listing)


def end_subscription(*, subscription: Subscription, now: datetime) -> None:
    """Stop the mail that a link is about. Stopping it again is harmless."""
    if subscription.listing is None:
        set_mail_wanted(user=subscription.user, wanted={subscription.kind: False})
    else:
        ListedAddress.objects.filter(pk=subscription.listing.pk, stopped_at=None).update(stopped_at=now)


@transaction.atomic
def set_mail_wanted(*, user: User, wanted: dict[str, bool]) -> None:
    """Store which kinds of mail a person wants. Kinds that are not named stay as they are."""
    MutedMail.objects.filter(user=user, kind__in=[kind for kind, is_wanted in wanted.items() if is_wanted]).delete()
    for kind, is_wanted in wanted.items():
        if not is_wanted:
            MutedMail.objects.get_or_create(user=user, kind=kind)
            builder_of(kind).end_wish(user)
