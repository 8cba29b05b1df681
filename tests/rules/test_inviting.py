"""The states of an invitation by email, and the address of its page."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from people.rules.inviting import invited_path, is_acceptable, state_of_personal, token_in

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(microseconds=1), NOW - timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    expires_at: datetime = LATER
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None


@pytest.mark.parametrize(
    ("facts", "mailed", "state", "is_open"),
    [
        (Facts(), "", "waiting", True),
        (Facts(), "sent", "sent", True),
        (Facts(), "failed", "failed", True),
        (Facts(), "withdrawn", "failed", True),
        (Facts(expires_at=NOW), "sent", "expired", False),
        (Facts(expires_at=NOW), "failed", "expired", False),
        (Facts(accepted_at=EARLIER, expires_at=NOW), "sent", "accepted", False),
        (Facts(accepted_at=EARLIER), "failed", "accepted", False),
        (Facts(withdrawn_at=EARLIER, expires_at=NOW), "", "withdrawn", False),
    ],
)
def test_an_invitation_has_one_state_at_each_instant(facts, mailed, state, is_open):
    assert (state_of_personal(facts, mailed=mailed, now=NOW).value, is_acceptable(facts, NOW)) == (state, is_open)


@pytest.mark.parametrize(
    ("path", "token"),
    [
        (invited_path("12.abc"), "12.abc"),
        ("/invited/12.abc", "12.abc"),
        ("/join/12.abc/", ""),
        ("https://evil.example/invited/12.abc/", ""),
        ("", ""),
    ],
)
def test_the_token_is_read_from_an_invitations_own_page_alone(path, token):
    assert token_in(path) == token
