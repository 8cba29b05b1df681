"""Who may join a course, and when a link works (D28)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from course.refusals import Refusal
from course.rules.joining import (
    WAYS,
    InvitationState,
    is_same_code,
    new_join_code,
    plain_code,
    refuse_unless_admitted,
    state_of_invitation,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass
class Link:
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    most_uses: int | None = None
    uses: int = 0


def told(way, *, typed="", is_invited=False):
    try:
        refuse_unless_admitted(way=way, code="K7QM-2XVB", typed_code=typed, is_invited=is_invited)
    except Refusal as refusal:
        return refusal.code
    return "joins"


def test_who_is_admitted():
    assert {way: (told(way), told(way, typed="k7qm2xvb"), told(way, is_invited=True)) for way in WAYS} == {
        "open": ("joins", "joins", "joins"),
        "code": ("code_incorrect", "joins", "joins"),
        "invitation": ("invitation_needed", "invitation_needed", "joins"),
        "closed": ("enrollment_closed", "enrollment_closed", "enrollment_closed"),
    }


@pytest.mark.parametrize(
    ("link", "state"),
    [
        (Link(), "valid"),
        (Link(expires_at=NOW + TICK), "valid"),
        (Link(expires_at=NOW), "expired"),
        (Link(most_uses=2, uses=1), "valid"),
        (Link(most_uses=2, uses=2), "used_up"),
        (Link(uses=1000), "valid"),
        (Link(revoked_at=NOW, expires_at=NOW, most_uses=1, uses=1), "revoked"),
    ],
)
def test_the_state_of_a_link(link, state):
    assert state_of_invitation(link, NOW) is InvitationState(state)


@pytest.mark.parametrize(
    ("typed", "is_same"), [("K7QM-2XVB", True), (" k7qm 2xvb", True), ("K7QM-2XV", False), ("", False), ("É", False)]
)
def test_a_code_is_compared_as_people_type_it(typed, is_same):
    assert is_same_code("K7QM-2XVB", typed) is is_same


def test_a_course_without_a_code_admits_nobody_by_code():
    assert not is_same_code("", "")


def test_a_new_code_can_be_written_on_a_board():
    code = new_join_code()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    assert is_same_code(code, code.lower().replace("-", ""))


def test_a_code_is_its_letters_and_digits_in_lower_case():
    assert plain_code(" K7qm - 2XVB") == "k7qm2xvb"
