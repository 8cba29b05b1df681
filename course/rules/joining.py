"""Who may join a course without being added by staff, and which invitations still work."""

import secrets
from datetime import datetime
from enum import Enum
from typing import Protocol

from course.refusals import Refusal
from foundation.ids import ALPHABET

WAYS = ("open", "code", "invitation", "closed")
CODE_LENGTH = 8


class InvitationState(Enum):
    """Whether a link can be used, or why not."""

    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED_UP = "used_up"


class Invited(Protocol):
    """The facts of an invitation link that decide whether it works."""

    expires_at: datetime | None
    revoked_at: datetime | None
    most_uses: int | None
    uses: int


def state_of_invitation(invitation: Invited, now: datetime) -> InvitationState:
    """Return the state of a link at an instant. An expiry is the first instant at which the link no longer works."""
    if invitation.revoked_at is not None:
        return InvitationState.REVOKED
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return InvitationState.EXPIRED
    if invitation.most_uses is not None and invitation.uses >= invitation.most_uses:
        return InvitationState.USED_UP
    return InvitationState.VALID


def way_in_force(way: str, visibility: str) -> str:
    """Return who may join in a course with this visibility: an open private course takes an invitation, and a hidden one
    is closed.
    """
    if visibility == "hidden":
        return "closed"
    return "invitation" if visibility == "private" and way == "open" else way


def way_once_shown(way: str, visibility: str) -> str:
    """Return who may join, and for a hidden course who may join once it is listed."""
    return way if visibility == "hidden" else way_in_force(way, visibility)


def refuse_unless_admitted(*, way: str, code: str, typed_code: str, is_invited: bool) -> None:
    """Refuse a person without the code or invitation that joining takes. A closed course refuses even a link.

    Raises Refusal enrollment_closed, invitation_needed, code_incorrect.
    """
    if way == "closed":
        raise Refusal("enrollment_closed")
    if is_invited or way == "open":
        return
    if way == "invitation":
        raise Refusal("invitation_needed")
    if not is_same_code(code, typed_code):
        raise Refusal("code_incorrect")


def is_same_code(code: str, typed: str) -> bool:
    """Compare codes as people type them: in any case, with spaces and hyphens anywhere. An empty code never matches."""
    return bool(code) and secrets.compare_digest(plain_code(code).encode(), plain_code(typed).encode())


def plain_code(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter not in " -")


def new_join_code() -> str:
    """Return a code that a teacher can write on a board: letters and digits without look-alikes."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)).upper()
    return f"{letters[:4]}-{letters[4:]}"
