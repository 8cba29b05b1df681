"""A process remembers whose credentials it has accepted, in a bounded memory."""

import pytest

from foundation import acquaintances
from foundation.acquaintances import forget_credential, person_known_by, remember_credential


@pytest.fixture(autouse=True)
def nobody():
    acquaintances._people.clear()
    acquaintances._digests.clear()


def test_a_credential_is_known_from_when_it_was_accepted_until_it_is_forgotten():
    assert person_known_by("a session") is None
    remember_credential("a session", 7)
    assert person_known_by("a session") == 7
    remember_credential("a session", 8)
    assert person_known_by("a session") == 8
    for _ in range(2):
        forget_credential("a session")
        assert person_known_by("a session") is None


def test_the_credential_that_was_accepted_longest_ago_makes_room(monkeypatch):
    monkeypatch.setattr(acquaintances, "MOST", 2)
    for number, credential in enumerate(["a", "b", "a", "c"]):
        remember_credential(credential, number)
    assert [person_known_by(credential) for credential in "abc"] == [2, None, 3]


def test_a_person_with_many_credentials_makes_others_forget_none(monkeypatch):
    monkeypatch.setattr(acquaintances, "MOST_OF_PERSON", 2)
    remember_credential("a", 1)
    for credential in "xyz":
        remember_credential(credential, 2)
    assert [person_known_by(credential) for credential in "axyz"] == [1, None, 2, 2]


def test_a_credential_that_changes_hands_counts_for_nobody_else():
    remember_credential("a", 1)
    remember_credential("a", 2)
    forget_credential("a")
    assert (acquaintances._people, acquaintances._digests) == ({}, {})


@pytest.mark.parametrize("text", ["", "Token \udce9", "é" * 10_000])
def test_any_text_may_be_asked_for(text):
    assert person_known_by(text) is None


def test_the_memory_holds_no_credential_itself():
    remember_credential("Token secret", 1)
    assert b"secret" not in b"".join(acquaintances._people)
