"""Addresses on class lists, for people who confirm one or ask to reset a password."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef

from mail.models import ListedAddress
from people.refusals import Refusal

LISTING_SIGNER = {"salt": "listed address", "sep": "."}


def listing_token(listing: ListedAddress) -> str:
    """Return the secret part of the link that confirms an address. It takes more than the database to make it."""
    return signing.Signer(**LISTING_SIGNER).sign(str(listing.pk))


def listing_with_token(token: str) -> ListedAddress:
    """Return the entry of a class list whose address this link confirms, with its course. Raises Refusal not_found."""
    try:
        number = int(signing.Signer(**LISTING_SIGNER).unsign(token))
    except signing.BadSignature:
        raise Refusal("not_found") from None
    listing = ListedAddress.objects.select_related("course").filter(pk=number).first()
    if listing is None:
        raise Refusal("not_found")
    return listing


def is_listing_confirmed(listing: ListedAddress) -> bool:
    """Return whether its person has confirmed the address."""
    return EmailAddress.objects.filter(user=listing.user_id, email=listing.email, verified=True).exists()


def only_listed(user_ids: Collection[int], email: str) -> set[int]:
    """Return those of these people whose accounts have the address from a class list alone: the list made the account, and
    the person has not confirmed the address.

    Empty where the site mails no unconfirmed addresses of class lists: there, nobody but the instructor knows of them.
    """
    if not settings.MAILS_CLASS_LISTS:
        return set()
    confirmed = EmailAddress.objects.filter(user=OuterRef("user"), email=OuterRef("email"), verified=True)
    rows = ListedAddress.objects.filter(~Exists(confirmed), user__in=user_ids, email=email.lower())
    return set(rows.filter(has_made_account=True).values_list("user_id", flat=True))
