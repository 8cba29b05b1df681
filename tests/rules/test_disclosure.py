"""When a key and an explanation are shown: every policy, at every stage, for every question (D10, D11, D33, I12)."""

from itertools import product

import pytest

from quizzes.rules.disclosure import (
    SHOWN_AT,
    USUAL,
    DisclosurePolicy,
    DisclosureStage,
    disclosure_policy,
    may_read_reply,
    once_released,
    opens_early,
    parts_shown,
    policy_problem,
)

KINDS = ("review", "exam")
STAGES = [DisclosureStage(*facts) for facts in product((False, True), repeat=3)]
POLICIES = [DisclosurePolicy(*parts) for parts in product(SHOWN_AT, repeat=2)]
ENDED, RELEASED = "the assessment has ended for the learner", "it was released"
CLOSED, FINAL = "it has closed for everybody", "the question is final"
# For each value and kind, sets of facts: any of these sets is enough.
ENOUGH = {
    ("final", "review"): [{FINAL}],
    ("final", "exam"): [{FINAL}, {ENDED}],
    ("end", "review"): [{ENDED}],
    ("end", "exam"): [{ENDED}],
    ("closed", "review"): [{ENDED, CLOSED}],
    ("closed", "exam"): [{ENDED, CLOSED}],
    ("release", "review"): [{RELEASED, FINAL}, {RELEASED, ENDED}],
    ("release", "exam"): [{RELEASED, ENDED}],
}


def facts_of(stage, *, is_final):
    names = {ENDED: stage.is_ended, CLOSED: stage.is_closed, RELEASED: stage.is_released, FINAL: is_final}
    return {name for name, is_true in names.items() if is_true}


def test_every_policy_shows_at_every_stage_exactly_what_the_table_says():
    for policy, kind, stage, is_final in product(POLICIES, KINDS, STAGES, (False, True)):
        facts = facts_of(stage, is_final=is_final)
        reached = {
            part for part in policy._fields if any(enough <= facts for enough in ENOUGH[getattr(policy, part), kind])
        }
        expected = reached if "key" in reached else set()
        shown = parts_shown(policy, kind=kind, is_final=is_final, stage=stage)
        assert shown == expected, (policy, kind, facts)


def test_no_part_is_shown_while_a_response_can_still_count():
    for policy, kind, stage in product(POLICIES, KINDS, STAGES):
        if not stage.is_ended:
            assert parts_shown(policy, kind=kind, is_final=False, stage=stage) == frozenset()


def test_a_course_that_says_nothing_shows_what_it_always_did():
    for stage, is_final in product(STAGES, (False, True)):
        review = parts_shown(disclosure_policy("review", {}), kind="review", is_final=is_final, stage=stage)
        exam = parts_shown(disclosure_policy("exam", {}), kind="exam", is_final=is_final, stage=stage)
        assert (bool(review), bool(exam)) == (is_final, stage.is_ended)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_that_may_quote_the_key_waits_for_what_the_key_waits_for(kind):
    for policy, stage in product(POLICIES, STAGES):
        facts = facts_of(stage, is_final=stage.is_ended or kind == "review")
        expected = any(enough <= facts for enough in ENOUGH[policy.key, kind])
        assert may_read_reply(policy, kind=kind, stage=stage) is expected, (policy, stage)


def test_a_reply_to_a_review_question_is_read_at_once_and_one_to_an_exam_question_after_the_exam():
    for stage in STAGES:
        assert may_read_reply(USUAL["review"], kind="review", stage=stage)
        assert may_read_reply(USUAL["exam"], kind="exam", stage=stage) is stage.is_ended


@pytest.mark.parametrize(
    ("kind", "key", "explanation", "closes", "part"),
    [
        ("review", "final", "final", False, None),
        ("review", "end", "end", False, "key"),
        ("review", "final", "end", False, "explanation"),
        ("review", "end", "end", True, None),
        ("exam", "end", "end", False, None),
        ("exam", "closed", "closed", False, "key"),
        ("exam", "end", "closed", False, "explanation"),
        ("exam", "closed", "release", True, None),
        ("exam", "release", "closed", True, None),
        ("exam", "release", "end", False, "explanation"),
        ("review", "release", "final", False, "explanation"),
    ],
)
def test_a_policy_that_cannot_be_kept_is_named(kind, key, explanation, closes, part):
    found = policy_problem(DisclosurePolicy(key, explanation), kind=kind, closes=closes)
    assert (found and found[0]) == part


def test_only_an_exam_whose_keys_open_with_each_learner_opens_them_early():
    early = {(kind, policy.key) for kind in KINDS for policy in POLICIES if opens_early(policy, kind=kind)}
    assert early == {("exam", "final"), ("exam", "end")}


def test_after_a_release_learners_are_told_what_is_usual():
    assert once_released(DisclosurePolicy("release", "closed"), "exam") == DisclosurePolicy("end", "closed")
    assert once_released(DisclosurePolicy("release", "release"), "review") == USUAL["review"]
