"""Quizzes and labs say what others may ask of their activities, and nobody else knows the kinds."""

from datetime import UTC, datetime

import pytest

from activities import registry
from activities.registry import ActivityKind, Evidence, evidence_for, register_activities

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})


def test_the_kind_that_knows_the_evidence_is_asked():
    register_activities(ActivityKind("lab"))
    register_activities(ActivityKind("exam", evidence=lambda entry, now: Evidence(entry == "open" and now == NOW)))
    assert evidence_for("open", NOW) == Evidence(has_open_sitting=True)
    assert evidence_for("closed", NOW) == Evidence(has_open_sitting=False)


def test_without_such_a_kind_there_is_nothing_to_decide():
    register_activities(ActivityKind("lab"))
    assert evidence_for("open", NOW) is None


def test_a_kind_may_register_again_but_no_second_kind_may_give_evidence():
    register_activities(ActivityKind("exam", evidence=lambda entry, now: None))
    register_activities(ActivityKind("exam", evidence=lambda entry, now: Evidence(has_open_sitting=True)))
    with pytest.raises(ValueError, match="exam gives the evidence already"):
        register_activities(ActivityKind("poll", evidence=lambda entry, now: None))
    assert evidence_for(None, NOW) == Evidence(has_open_sitting=True)
