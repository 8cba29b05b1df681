"""Quizzes and labs say what others may ask of their activities, and nobody else knows the kinds."""

from datetime import UTC, datetime, timedelta

import pytest

from activities import registry
from activities.kinds import ActivityKind, ActivityLink, CellEvidence, Evidence, Recomputation, RegradableActivity
from activities.registry import (
    activity_page,
    cell_action,
    evidence_for,
    evidence_in_cell,
    exam_started_at,
    exams_since,
    is_in_exam,
    pages_of_failures,
    recomputations,
    refuse_unknown_activity,
    register_activities,
    regradable_activities,
)
from foundation.refusals import Refusal
from tests.rounds import one_database

pytestmark = one_database
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


def test_the_earliest_exam_that_goes_on_counts_and_a_kind_without_exams_is_not_asked():
    later = NOW + timedelta(hours=1)
    register_activities(ActivityKind("lab"))
    assert (exam_started_at(1), is_in_exam(1, NOW)) == (None, False)
    register_activities(
        ActivityKind("exam", exam_started_at=lambda learner: later, is_in_exam=lambda learner, now: True)
    )
    register_activities(ActivityKind("oral", exam_started_at=lambda learner: NOW))
    register_activities(
        ActivityKind("poll", exam_started_at=lambda learner: None, is_in_exam=lambda learner, now: False)
    )
    assert (exam_started_at(1), is_in_exam(1, NOW)) == (NOW, True)


def test_a_kind_without_pages_has_none_to_show():
    register_activities(ActivityKind("exam"))
    with pytest.raises(Refusal, match="find this page"):
        activity_page("exam", "some")


def test_the_kind_that_has_an_activity_shows_its_cell_and_names_its_actions():
    shown = CellEvidence("exam.html", {"title": "Finals"})
    register_activities(ActivityKind("lab", has=lambda course_id, activity: False))
    register_activities(
        ActivityKind(
            "exam",
            has=lambda course_id, activity: activity == "finals",
            cell=lambda course_id, activity, learner_id, ledger: shown,
            actions={"void": print},
        )
    )
    refuse_unknown_activity(1, "finals")
    assert evidence_in_cell(1, "finals", 2, None) is shown
    assert cell_action(1, "finals", "void") is print


def test_an_activity_that_no_kind_has_is_not_found():
    register_activities(ActivityKind("exam", has=lambda course_id, activity: activity == "finals"))
    for ask in (
        lambda: refuse_unknown_activity(1, "other"),
        lambda: evidence_in_cell(1, "finals", 2, None),  # a kind without cells
        lambda: cell_action(1, "finals", "void"),  # a kind without sittings
        lambda: cell_action(1, "other", "void"),
    ):
        with pytest.raises(Refusal, match="find this page"):
            ask()


def test_pages_of_other_kinds_link_to_failed_tests_and_to_what_can_be_regraded():
    link, lab = ActivityLink("Adam", "/failures/"), RegradableActivity("Adam", "/regrade/", 3, 1)
    register_activities(ActivityKind("exam"))
    register_activities(ActivityKind("lab", failures=lambda course: [link], regradable=lambda course: [lab]))
    assert (pages_of_failures(None), regradable_activities(None)) == ([link], [lab])


def test_of_several_kinds_each_says_since_when_its_exams_run():
    later = NOW + timedelta(hours=1)
    register_activities(ActivityKind("lab"))
    register_activities(ActivityKind("exam", running_since=lambda course, learners, now: {1: NOW}))
    register_activities(ActivityKind("oral", running_since=lambda course, learners, now: {2: later}))
    assert exams_since(1, [1, 2, 3], NOW) == {1: NOW, 2: later}


def test_only_kinds_that_compute_again_are_asked_to():
    recomputation = Recomputation(lambda course: {}, lambda *scope: iter(()), lambda course: iter(["a problem"]))
    register_activities(ActivityKind("poll"))
    register_activities(ActivityKind("lab", recompute=recomputation))
    assert recomputations() == [recomputation]
    assert (list(recomputation.problems(1)), list(recomputation.problems_of([1], 1))) == (["a problem"], [])
