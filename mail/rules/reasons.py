"""Why a person gets no mail of a course, and what becomes of a message to them."""

from enum import StrEnum


class NoMail(StrEnum):
    """A reason for which a person gets no mail of a kind. If several hold, the first of these counts."""

    INACTIVE = "inactive"  # the account was deactivated
    UNWANTED = "unwanted"  # the person switched this kind of mail off
    STOPPED = "stopped"  # a reader of the address on the class list wants no more mail of the course
    NO_ADDRESS = "no_address"  # the account has no email address
    UNCONFIRMED = "unconfirmed"  # nobody has confirmed the address of the account


RESULTS = {
    NoMail.INACTIVE: "withdrawn",
    NoMail.UNWANTED: "unwanted",
    NoMail.STOPPED: "unwanted",
    NoMail.NO_ADDRESS: "unconfirmed",
    NoMail.UNCONFIRMED: "unconfirmed",
}
"""The result of a message that is not sent for this reason."""


def result_without_mail(reason: str) -> str:
    """Return the result of a message to a person who gets no mail for this reason, or "" if they get it."""
    return RESULTS[NoMail(reason)] if reason else ""
