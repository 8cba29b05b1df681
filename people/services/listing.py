"""The addresses on class lists: note them, ask their readers to confirm them, confirm them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from course.models import Course
from mail.models import ListedAddress, Mail
from mail.rules.delivery import CONFIRMATIONS
from mail.selectors import confirmed_addresses, usable_listings
from mail.services.sending import queue_mail
from people.refusals import Refusal
from people.selectors.listed import listing_with_token


@dataclass(frozen=True)
class ListedPerson:
    """A person with the address that a class list gives. `is_new` says that the list made the account."""

    user: User
    email: str
    is_new: bool


def note_listed_addresses(*, course: Course, people: Iterable[ListedPerson], author: User, now: datetime) -> None:
    """Store the addresses of a class list, and ask their readers once to confirm them, if the site mails to them.

    An address that was on a list before keeps its entry. Another one replaces the entry, and the links in older messages
    no longer work. Call it in the transaction of the list, under `lock_groups`.
    """
    listed = {person.user.pk: person for person in people if person.email}
    known = {row.user_id: row for row in ListedAddress.objects.filter(course=course, user__in=listed)}
    new = [person for user_id, person in listed.items() if not is_listed_as(known.get(user_id), person.email)]
    for person in new:
        if person.user.pk in known:
            forget_listing(known[person.user.pk])
    ListedAddress.objects.bulk_create(
        ListedAddress(user=person.user, course=course, email=person.email.lower(), author=author, listed_at=now,
                      has_made_account=person.is_new)
        for person in new
    )  # fmt: skip
    if settings.MAILS_CLASS_LISTS:
        ask_to_confirm(course, listed.keys(), {person.user.pk for person in new}, now)


def is_listed_as(listing: ListedAddress | None, email: str) -> bool:
    return listing is not None and listing.email == email.lower()


def forget_listing(listing: ListedAddress) -> None:
    """Delete an entry that another address replaces. If nobody but the list gave the account this address, it goes, too."""
    if listing.has_made_account:
        for address in EmailAddress.objects.filter(user=listing.user_id, email=listing.email, verified=False):
            address.remove()
    listing.delete()


def ask_to_confirm(course: Course, user_ids: Collection[int], new: Collection[int], now: datetime) -> None:
    """Mail a request to confirm the address to everyone on the list who has no confirmed one.

    Nobody is asked twice about the same address, unless the message could not go out because the course was hidden.
    """
    messages = Mail.objects.filter(course=course, kind=CONFIRMATIONS, user__in=user_ids)
    asked = set(messages.exclude(result=Mail.Result.WITHDRAWN).values_list("user", flat=True))
    listings = usable_listings().filter(
        ~Exists(confirmed_addresses(OuterRef("user"))), user__in=user_ids, course=course, stopped_at=None
    )
    people = [
        user_id for user_id in listings.values_list("user_id", flat=True) if user_id in new or user_id not in asked
    ]
    key = f"confirmation:{course.pk}:{now.isoformat()}"
    queue_mail(kind=CONFIRMATIONS, key=key, course_id=course.pk, user_ids=people, now=now)


@transaction.atomic
def confirm_listed_address(*, user: User, token: str) -> ListedAddress:
    """Confirm the address on a class list. It takes the link, which came by mail, and the account.

    The link alone is not enough: somebody else may read mail at an address that was mistyped, and would confirm it for
    an account that is not theirs. Confirming again is harmless.

    Raises Refusal not_found, address_of_another.
    """
    listing = listing_with_token(token)
    if listing.user_id != user.pk:
        raise Refusal("address_of_another")
    address, _is_new = EmailAddress.objects.select_for_update().get_or_create(user=user, email=listing.email)
    if not address.set_verified():
        raise Refusal("address_of_another")
    primary = EmailAddress.objects.get_primary(user)
    if primary != address and (primary is None or not primary.verified):
        address.set_as_primary()
    return listing
