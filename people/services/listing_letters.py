"""The message that asks the reader of an address on a class list to confirm it."""

from datetime import datetime

from django.conf import settings

from mail.builders import LetterBuilder
from mail.models import ListedAddress, Mail
from mail.rules.delivery import unsubscribe_path
from mail.selectors import destination_of
from mail.services.letters import Letter, composed_letter
from mail.services.subscriptions import unsubscribe_token
from people.rules.inviting import listed_path
from people.selectors.listed import listing_token
from people.services.member_letters import why_withheld_from_member


def why_confirmation_is_withheld(mail: Mail, now: datetime) -> str:
    """Return why nobody is asked any more: the person left, confirmed an address, or the address may get no mail."""
    return why_withheld_from_member(mail, now) or ("" if unconfirmed_listing(mail) else Mail.Result.WITHDRAWN)


def unconfirmed_listing(mail: Mail) -> ListedAddress | None:
    """Return the entry of the class list to which mail goes, because the person has confirmed no address."""
    assert mail.user is not None  # mail_to_one_person
    return destination_of(mail.user, mail.course_id).listing


def confirmation_letter(mail: Mail) -> Letter:
    listing = unconfirmed_listing(mail)
    assert listing is not None
    stop = settings.SITE_URL + unsubscribe_path(unsubscribe_token(listing.user, mail.kind, listing))
    return composed_letter(
        mail,
        template="confirmation",
        subject=f"Confirm your address for {mail.course.title}",
        address=listing.email,
        context={
            "author": listing.author.get_full_name(),
            "link": settings.SITE_URL + listed_path(listing_token(listing)),
        },
        stop=stop,
    )


CONFIRMATION_LETTERS = LetterBuilder(why_confirmation_is_withheld, confirmation_letter)
