"""Regrades of a question that draws its values correct one variant or all of them (D17, D43)."""

import pytest

from foundation.refusals import Refusal
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Regrade
from quizzes.selectors import paper_of
from quizzes.serializers.instructing import RegradeIn
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
CHOICES = [
    {"options": [{"text": f"right {n}", "right": True, "why": "y"}, *({"text": f"{t} {n}", "why": "n"} for t in "ab")]}
    for n in range(1, 4)
]
TEXTS = [{"answers": [f"answer {n}"]} for n in range(1, 4)]


@pytest.fixture
def review():
    return make.make_review(course=make.make_course(), questions=1)


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


def bank_of(review, sources, type):
    question = make.add_question(assessment=review, type=type, source=sources[0])
    return question, make.publish_variants(question=question, sources=sources, type=type)


def option(version, word):
    return next(row["id"] for row in version.body["options"] if row["source"].startswith(word))


def learners_by_variant(review, question, variants, response_to):
    """Enroll learners until each variant has one, who gave `response_to` their variant."""
    learners = {}
    while len(learners) < len(variants):
        learner = make.enroll(course=review.course)
        cards = paper_of(assessment=review, learner_id=learner.pk, now=NOW).cards
        version = next(card.version for card in cards if card.question_id == question.pk)
        if version.variant not in learners:
            learners[version.variant] = learner
            services.check_response(
                learner=learner, question_id=question.pk, response=response_to(version), number=1, now=NOW
            )
    return learners


def right_of(review, question, learner):
    cards = paper_of(assessment=review, learner_id=learner.pk, now=NOW).cards
    return next(card.is_correct for card in cards if card.question_id == question.pk)


def regrade(review, question, teacher, **correction):
    return services.apply_regrade(
        course=review.course, question_id=question.pk, reason="the key was wrong", author=teacher, now=NOW, **correction
    )


@pytest.mark.parametrize("kind", ["key", "accept"])
def test_one_correction_by_place_corrects_all_variants_and_is_undone_as_one(review, teacher, kind):
    question, variants = bank_of(review, CHOICES, "single_choice")
    learners = learners_by_variant(review, question, variants, lambda version: option(version, "b"))
    made = regrade(
        review, question, teacher, kind=kind, response=option(variants[1], "b"), variant=2, all_variants=True
    )
    assert [right_of(review, question, learner) for learner in learners.values()] == [True] * 3
    assert len(made.changes) == 3
    assert AuditEntry.objects.get(action="regrade").details["variants"] == 3
    assert list(verify_grades(now=NOW)) == []
    services.undo_regrade(course=review.course, regrade_id=made.pk, reason="it was right", author=teacher, now=NOW)
    assert [right_of(review, question, learner) for learner in learners.values()] == [False] * 3


def test_a_correction_of_one_variant_leaves_the_others(review, teacher):
    question, variants = bank_of(review, TEXTS, "text")
    learners = learners_by_variant(review, question, variants, lambda version: "other words")
    regrade(review, question, teacher, kind="accept", response="other words", variant=2)
    assert {variant: right_of(review, question, learner) for variant, learner in learners.items()} == {
        variant: variant == 2 for variant in learners
    }
    assert AuditEntry.objects.get(action="regrade").details["variant"] == 2
    assert list(verify_grades(now=NOW)) == []


def test_everyone_gets_the_points_whatever_their_variant(review, teacher):
    question, variants = bank_of(review, TEXTS, "text")
    learners = learners_by_variant(review, question, variants, lambda version: "wrong")
    regrade(review, question, teacher, kind="credit")
    assert all(right_of(review, question, learner) for learner in learners.values())


def test_a_key_in_words_is_not_corrected_in_all_variants_at_once(review, teacher):
    question, _variants = bank_of(review, TEXTS, "text")
    with pytest.raises(Refusal) as refused:
        regrade(review, question, teacher, kind="accept", response="other words", all_variants=True)
    assert refused.value.code == "regrade_invalid"
    assert not Regrade.objects.exists()


def test_a_variant_that_does_not_exist_is_refused(review, teacher):
    question, _variants = bank_of(review, TEXTS, "text")
    with pytest.raises(Refusal) as refused:
        regrade(review, question, teacher, kind="accept", response="other words", variant=4)
    assert refused.value.code == "regrade_invalid"


def test_a_correction_of_a_fixed_question_is_stored_as_before(review, teacher):
    question = make.add_question(assessment=review, type="text")
    made = regrade(review, question, teacher, kind="accept", response="tanh", all_variants=True)
    assert "variants" not in made.correction


@pytest.mark.parametrize(("variant", "is_known"), [(0, True), (200, True), (1020, True), (1021, False), (-1, False)])
def test_the_api_takes_the_number_of_every_variant_that_a_bank_can_have(variant, is_known):
    body = {"question": "1z3x5c7v9bnm", "kind": "accept", "response": "k3", "variant": variant, "reason": "It is fair."}
    taken = RegradeIn(data=body)
    taken.is_valid()
    assert ("variant" not in taken.errors) is is_known
