"""When verdict, score, key and explanation are shown: every policy, at every stage, for every question (D33, I12)."""

from itertools import product

import pytest

from quizzes.rules.disclosure import (
    SHOWN_AT,
    UNENDED,
    UNENDED_RELEASED,
    USUAL,
    DisclosurePolicy,
    DisclosureStage,
    changed_policy,
    disclosure_policy,
    is_score_shown,
    is_verdict_shown,
    later,
    may_read_reply,
    names_near_misses,
    once_released,
    opens_early,
    parts_shown,
    policy_problem,
)

KINDS = ("review", "exam")
STAGES = [DisclosureStage(*facts) for facts in product((False, True), repeat=3)]
EVERY_POLICY = [DisclosurePolicy(*parts) for parts in product(SHOWN_AT, repeat=4)]
POLICIES = [policy for policy in EVERY_POLICY if policy.verdict == policy.score == "attempt"]
KEPT = {
    kind: [policy for policy in EVERY_POLICY if policy_problem(policy, kind=kind, closes=True) is None]
    for kind in KINDS
}
ENDED, RELEASED = "the assessment has ended for the learner", "it was released"
CLOSED, FINAL = "it has closed for everybody", "the question is final"
# For each value and kind, sets of facts: any of these sets is enough.
ENOUGH = {
    ("attempt", "review"): [],  # no key is ever shown with an attempt
    ("attempt", "exam"): [],
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
            part
            for part in ("key", "explanation")
            if any(enough <= facts for enough in ENOUGH[getattr(policy, part), kind])
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
        ("review", "attempt", "final", False, "key"),
        ("exam", "end", "attempt", False, "explanation"),
    ],
)
def test_a_policy_that_cannot_be_kept_is_named(kind, key, explanation, closes, part):
    found = policy_problem(DisclosurePolicy(key, explanation), kind=kind, closes=closes)
    assert (found and found[0]) == part


def test_only_a_review_whose_responses_are_checked_names_why_a_value_is_wrong():
    for policy in EVERY_POLICY:
        assert names_near_misses(policy, kind="review") is (policy.verdict == "attempt")
        assert names_near_misses(policy, kind="exam") is False


def test_only_an_exam_whose_keys_open_with_each_learner_opens_them_early():
    early = {(kind, policy.key) for kind in KINDS for policy in POLICIES if opens_early(policy, kind=kind)}
    assert early == {("exam", "final"), ("exam", "end")}


@pytest.mark.parametrize(
    ("kind", "verdict", "score", "key", "part"),
    [
        ("exam", "attempt", "attempt", "end", None),
        ("exam", "end", "end", "end", None),
        ("exam", "release", "end", "release", None),
        ("exam", "closed", "release", "closed", None),
        ("exam", "release", "closed", "closed", None),
        ("exam", "final", "final", "end", "verdict"),  # an open question tells that the response was wrong
        ("exam", "release", "final", "release", "score"),
        ("exam", "end", "attempt", "end", "score"),  # points that follow each response tell the verdict
        ("exam", "attempt", "end", "end", "score"),  # anybody could add up the verdicts
        ("exam", "end", "closed", "closed", "score"),
        ("exam", "closed", "closed", "end", "key"),  # a key tells the verdict
        ("review", "end", "end", "end", "verdict"),
        ("review", "attempt", "end", "final", "score"),
    ],
)
def test_a_verdict_or_a_score_that_something_else_gives_away_is_refused(kind, verdict, score, key, part):
    found = policy_problem(DisclosurePolicy(key, key, verdict, score), kind=kind, closes=True)
    assert (found and found[0]) == part


def test_a_verdict_that_waits_for_the_closing_needs_one():
    waits = DisclosurePolicy("closed", "closed", "closed", "end")
    assert policy_problem(waits, kind="exam", closes=False)[0] == "verdict"


def test_a_verdict_and_a_score_are_shown_exactly_when_their_time_has_come():
    assert {policy.verdict for policy in KEPT["exam"]} == {"attempt", "end", "closed", "release"}
    assert {(policy.verdict, policy.score) for policy in KEPT["review"]} == {("attempt", "attempt")}
    for policy, stage in product(KEPT["exam"], STAGES):
        facts = facts_of(stage, is_final=False)
        reached = {at: at == "attempt" or any(enough <= facts for enough in ENOUGH[at, "exam"]) for at in policy[2:]}
        is_told = is_verdict_shown(policy, stage=stage)
        assert is_told is reached[policy.verdict], (policy, facts)
        assert is_score_shown(policy, stage=stage) is (reached[policy.score] or is_told), (policy, facts)


def test_nothing_is_shown_before_what_it_gives_away():
    for kind in KINDS:
        for policy, stage, is_final in product(KEPT[kind], STAGES, (False, True)):
            told = is_verdict_shown(policy, stage=stage)
            assert told or not parts_shown(policy, kind=kind, is_final=is_final, stage=stage)
            assert not told or is_score_shown(policy, stage=stage)


@pytest.mark.parametrize("at", ["end", "closed", "release"])
def test_what_a_text_leaves_out_follows_the_verdict(at):
    assert changed_policy(USUAL["exam"], {"verdict": at}) == DisclosurePolicy(at, at, at, at)
    assert changed_policy(USUAL["exam"], {"key": at}) == DisclosurePolicy(at, at)
    once = changed_policy(USUAL["exam"], {"verdict": "release", "score": "end", "key": "release"})
    assert changed_policy(once, {"explanation": "closed"}) == DisclosurePolicy("release", "closed", "release", "end")


def test_after_a_release_learners_are_told_what_is_usual():
    assert once_released(DisclosurePolicy("release", "closed"), "exam") == DisclosurePolicy("end", "closed")
    assert once_released(DisclosurePolicy("release", "release"), "review") == USUAL["review"]
    held = DisclosurePolicy("release", "release", "release", "release")
    assert once_released(held, "exam") == DisclosurePolicy("end", "end", "end", "end")  # still without a Check


def test_an_assessment_has_neither_ended_nor_closed_nor_been_released_unless_it_is_said():
    assert tuple(UNENDED) == (False, False, False)
    assert tuple(UNENDED_RELEASED) == (False, False, True)


def test_a_course_may_say_each_part_and_leaves_the_others_as_usual():
    assert disclosure_policy("exam", {"key": "closed"}) == DisclosurePolicy("closed", "end", "attempt", "attempt")
    assert disclosure_policy("review", {"explanation": "end"}) == DisclosurePolicy("final", "end")


SENTENCES = {
    (
        "exam",
        "end",
        "final",
        "attempt",
        "attempt",
    ): "an explanation tells the key, so it cannot be shown before the key",
    ("exam", "end", "end", "release", "end"): "a key tells the verdict, so it cannot be shown before the verdict",
    (
        "exam",
        "end",
        "end",
        "attempt",
        "end",
    ): "learners can add up the verdicts, so the score cannot be shown after them",
    (
        "exam",
        "end",
        "end",
        "end",
        "attempt",
    ): "points that follow each response tell the verdict, so they cannot be shown before the verdict",
    (
        "exam",
        "end",
        "end",
        "final",
        "final",
    ): "a question that stays open after a Check tells that the response was wrong. Write “attempt”, or a later value",
    (
        "exam",
        "attempt",
        "end",
        "attempt",
        "attempt",
    ): "a learner who has seen it could use the next attempt to copy it; “final” shows it with the last attempt",
    (
        "exam",
        "closed",
        "closed",
        "attempt",
        "attempt",
    ): "“closed” needs a closing time; without one, nobody would ever see it",
    (
        "review",
        "end",
        "end",
        "attempt",
        "attempt",
    ): "“end” of review questions is their closing time, and they have none",
    (
        "review",
        "end",
        "end",
        "attempt",
        "end",
    ): "review questions say at once whether a response is right, so that learners can try again. Leave “score” out "
    "there, and hold the key back if you want to, or ask the questions in an exam",
}


@pytest.mark.parametrize(("policy", "sentence"), SENTENCES.items(), ids=map(str, SENTENCES))
def test_an_author_is_told_why_a_policy_cannot_be_kept(policy, sentence):
    kind, *parts = policy
    assert policy_problem(DisclosurePolicy(*parts), kind=kind, closes=False)[1] == sentence


def test_a_result_is_delayed_if_it_waits_for_more_than_the_end_of_the_exam():
    delayed = {"attempt": False, "final": False, "end": False, "closed": True, "release": True}
    for at in SHOWN_AT:
        assert DisclosurePolicy("release", "release", at, "end").is_verdict_delayed is delayed[at]
        assert DisclosurePolicy("release", "release", "end", at).is_score_delayed is delayed[at]


def test_an_explanation_of_which_nothing_is_said_comes_with_the_key_even_if_that_comes_earlier():
    assert changed_policy(DisclosurePolicy("closed", "closed"), {"key": "end"}) == DisclosurePolicy("end", "end")


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("attempt", "final", "final"),
        ("final", "attempt", "final"),
        ("final", "end", "end"),
        ("end", "closed", "closed"),
        ("closed", "release", "closed"),
        ("release", "closed", "release"),
    ],
)
def test_of_two_values_the_later_one_counts_and_a_release_may_come_before_or_after_the_closing(one, other, found):
    assert later(one, other) == found
