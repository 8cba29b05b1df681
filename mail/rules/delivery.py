"""Mail to people: which kinds they may switch off, when a worker tries again, and what a mail server's answer means."""

from datetime import datetime, timedelta

KINDS = ("announcements", "notices", "reminders")
INVITATIONS = "invitations"  # to people who may have no account, and so no settings of mail
CONFIRMATIONS = "confirmations"  # to addresses on class lists, asking whether the address belongs to the account
LEASE = timedelta(minutes=10)  # in which a worker sends a message that it has taken
PATIENCE = timedelta(days=2)  # after which a message that no server accepts has failed
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)
LASTING = 500  # replies of a mail server from here on will be the same next time (RFC 5321)
UNSUBSCRIBE = "mail/unsubscribe/"


def next_try(*, created_at: datetime, now: datetime) -> datetime | None:
    """Return when to try again to send a message that was not accepted, or None if it has waited too long.

    The pauses grow with the age of the message, from a minute to an hour.
    """
    age = now - created_at
    if age >= PATIENCE:
        return None
    return now + min(max(age / 2, SOONEST), LATEST)


def is_lasting(code: int) -> bool:
    """Return whether a mail server that answered with this code will never accept the message."""
    return code >= LASTING


def unsubscribe_path(token: str) -> str:
    """Return the path of the page that switches off a kind of mail. Workers load no URLconf to find it."""
    return f"/{UNSUBSCRIBE}{token}/"
