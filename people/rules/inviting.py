"""Invitations of one person by email: the state of each, and how often a person and a course may get mail."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

INVITED = "/invited/"  # the address of an invitation, before its token; workers load no URLconf to find it
LISTED = "/listed/"  # the address at which the person of a class list confirms their address, before its token
PAUSE_BETWEEN_MAILS = timedelta(hours=1)  # in which one address gets one invitation to a course
DAY = timedelta(days=1)
KEPT_UNACCEPTED = timedelta(days=90)  # after its end, an invitation that nobody accepted is deleted


class PersonalState(Enum):
    """Whether an invitation was mailed and can be accepted, or how it ended. WAITING to FAILED can be accepted."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


ENDED = (PersonalState.ACCEPTED, PersonalState.EXPIRED, PersonalState.WITHDRAWN)
MAILED = {"": PersonalState.WAITING, "sent": PersonalState.SENT}  # by the result of its newest message


class InvitedPerson(Protocol):
    """The facts of an invitation that decide its state."""

    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


def state_of_personal(invitation: InvitedPerson, *, mailed: str, now: datetime) -> PersonalState:
    """Return the state at an instant. `mailed` is the result of the newest message, and `expires_at` the first instant
    at which the link no longer works.
    """
    if invitation.accepted_at is not None:
        return PersonalState.ACCEPTED
    if invitation.withdrawn_at is not None:
        return PersonalState.WITHDRAWN
    if invitation.expires_at <= now:
        return PersonalState.EXPIRED
    return MAILED.get(mailed, PersonalState.FAILED)


def is_acceptable(invitation: InvitedPerson, now: datetime) -> bool:
    """Return whether the link works, whatever became of its messages."""
    return state_of_personal(invitation, mailed="", now=now) not in ENDED


def invited_path(token: str) -> str:
    return f"{INVITED}{token}/"


def listed_path(token: str) -> str:
    return f"{LISTED}{token}/"


def token_in(path: str) -> str:
    """Return the token in the path of an invitation's page, or "" for any other path."""
    return path.removeprefix(INVITED).partition("/")[0] if path.startswith(INVITED) else ""
