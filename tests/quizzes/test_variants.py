"""A learner keeps the variant of a question that they were given, and nobody reads the rest of the bank (D43)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from course.selectors import forget_snapshots, published
from foundation.refusals import Refusal
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, QuestionReport, Sitting, SittingQuestion
from quizzes.rules.variants import drawn_variant, given_variant
from quizzes.selectors import paper_of
from quizzes.selectors.own_data import answer_data
from quizzes.selectors.published_questions import QUESTIONS
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW
BANK = [{"answers": [f"answer {number}"]} for number in range(1, 9)]


def bank_of(assessment, sources=BANK, type="text"):
    """A question of the assessment with variants."""
    question = make.add_question(assessment=assessment, type=type, source=sources[0])
    make.publish_variants(question=question, sources=sources, type=type)
    return question


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["true_false"])


@pytest.fixture
def exam(course):
    exam = make.make_exam(course=course, drawn=3, pool=1)
    for _ in range(2):
        bank_of(exam)
    return exam


def card_of(assessment, learner, question):
    paper = paper_of(assessment=assessment, learner_id=learner.pk, now=NOW)
    return next(card for card in paper.cards if card.question_id == question.pk)


def check(learner, question, response, number, version=0):
    return services.check_response(
        learner=learner, question_id=question.pk, response=response, number=number, version=version, now=NOW
    )


def test_learners_of_a_review_get_different_variants_and_each_keeps_theirs(course, review):
    question = bank_of(review)
    learners = [make.enroll(course=course) for _ in range(6)]
    shown = [card_of(review, learner, question).version.variant for learner in learners]
    assert shown == [given_variant(learner.pk, question.pk, len(BANK)) + 1 for learner in learners]
    assert len(set(shown)) > 1
    forget_snapshots()
    assert [card_of(review, learner, question).version.variant for learner in learners] == shown


def test_a_check_marks_and_pins_the_variant_that_was_shown(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    shown = card_of(review, learner, question).version
    assert not check(learner, question, f"answer {shown.variant % len(BANK) + 1}", 1, shown.number).is_right
    assert SittingQuestion.objects.get(question=question).version == shown
    assert check(learner, question, f"answer {shown.variant}", 2, shown.number).is_right
    assert {attempt.version for attempt in Attempt.objects.all()} == {shown}


def test_a_second_attempt_has_the_same_variant_after_the_bank_was_published_again(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    shown = card_of(review, learner, question).version
    check(learner, question, "nothing", 1)
    make.publish_variants(question=question, sources=BANK[:2], type="text")
    forget_snapshots()
    assert card_of(review, learner, question).version == shown
    assert check(learner, question, f"answer {shown.variant}", 2).is_right


def test_a_first_check_on_a_variant_that_was_published_again_is_refused(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    shown = card_of(review, learner, question).version
    make.publish_variants(question=question, sources=BANK, type="text")
    forget_snapshots()
    with pytest.raises(Refusal) as refused:
        check(learner, question, "nothing", 1, shown.number)
    assert refused.value.code == "question_changed"


def test_a_draft_does_not_pin_and_stays_with_the_variant(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    shown = card_of(review, learner, question).version
    services.save_draft(learner=learner, question_id=question.pk, response="mine", revision=0, now=NOW)
    card = card_of(review, learner, question)
    assert (card.version, card.response) == (shown, "mine")


def test_a_report_names_the_variant_that_its_learner_sees(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    services.report_question(learner=learner, question_id=question.pk, text="Unclear.", now=NOW)
    assert QuestionReport.objects.get().version == card_of(review, learner, question).version


def test_start_draws_question_and_variant_by_the_seed(course, exam):
    for _ in range(3):
        services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    rows = SittingQuestion.objects.select_related("sitting", "version").filter(version__variant__gt=0)
    assert len(rows) == 6
    for row in rows:
        assert row.version.variant == drawn_variant(row.sitting.seed, row.question_id, len(BANK)) + 1


def test_start_with_variants_runs_as_many_statements_as_without(course, exam):
    fixed = make.make_exam(course=course, drawn=3, pool=3)
    paper_of(assessment=exam, learner_id=None, now=NOW)
    counts = []
    for assessment in (exam, fixed, exam, fixed):
        learner = make.enroll(course=course)
        with counted_statements() as statements:
            services.start_sitting(learner=learner, assessment=assessment, now=NOW)
        counts.append(len(statements))
    assert counts[2] == counts[3]


def test_the_published_questions_hold_the_ids_of_a_bank_and_only_the_variants_in_use(course, exam):
    forget_snapshots()
    content = published(course.pk)[QUESTIONS]
    banks = [question for question in content.questions.values() if question.variants]
    assert [len(question.variants) for question in banks] == [len(BANK)] * 2
    assert len(content.known) == 3
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    assert len(published(course.pk)[QUESTIONS].known) <= 5


def test_the_variants_of_a_paper_are_read_in_one_statement(course, exam):
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    with counted_statements() as known:
        paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    forget_snapshots()
    published(course.pk)[QUESTIONS]
    with counted_statements() as unknown:
        paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    assert len(unknown) - len(known) <= 1


def test_versions_kept_in_memory_are_bounded(course, exam, monkeypatch):
    monkeypatch.setattr("quizzes.selectors.published_questions.MOST_READ", 2)
    content = published(course.pk)[QUESTIONS]
    bank = next(question for question in content.questions.values() if question.variants)
    for pk in bank.variants:
        assert content.versions([pk])[pk].pk == pk
        assert len(content.known) <= len(content.questions) + 2
    assert all(content.known[question.current.pk] is question.current for question in content.questions.values())


def test_a_preview_shows_the_first_variant(review):
    question = bank_of(review)
    cards = paper_of(assessment=review, learner_id=None, now=NOW).cards
    assert next(card for card in cards if card.question_id == question.pk).version.variant == 1
    assert not Sitting.objects.exists()


def test_practice_shows_another_variant_and_marks_by_it(client, course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    shown = card_of(review, learner, question).version
    check(learner, question, f"answer {shown.variant}", 1)
    client.force_login(learner)
    url = reverse("practice", args=[question.pk])
    other = client.get(url).context["card"].version
    assert (other.number, other.variant) == (shown.number, shown.variant % len(BANK) + 1)
    name = f"q-{question.pk}"
    assert client.post(url, {"type": "text", name: f"answer {other.variant}"}).context["is_right"]
    answered_again = client.post(url, {"type": "text", name: f"answer {shown.variant}"})
    assert not answered_again.context["is_right"]
    assert f"answer {other.variant}" in answered_again.content.decode()
    assert Attempt.objects.count() == 1


def test_practice_of_a_single_variant_stays_with_it(client, course, review):
    question, learner = bank_of(review, BANK[:1]), make.enroll(course=course)
    check(learner, question, "answer 1", 1)
    client.force_login(learner)
    assert client.get(reverse("practice", args=[question.pk])).context["card"].version.variant == 1


def test_the_archive_names_the_variant_of_an_attempt(course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    fixed = review.questions.get(current__type="true_false")
    check(learner, question, "nothing", 1)
    check(learner, fixed, make.right(fixed), 1)
    rows = dict(answer_data(learner.pk, course.pk, NOW))["attempts"]
    variants = {row["question__key"]: row.get("variant") for row in rows}
    assert variants == {question.key: card_of(review, learner, question).version.variant, fixed.key: None}


def test_verify_grades_finds_a_variant_that_the_paper_did_not_draw(course, exam):
    sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    assert list(verify_grades(now=NOW)) == []
    row = SittingQuestion.objects.filter(sitting=sitting, version__variant__gt=0).first()
    other = row.question.versions.filter(variant__gt=0).exclude(pk=row.version_id).first()
    SittingQuestion.objects.filter(pk=row.pk).update(version=other)
    (problem,) = verify_grades(now=NOW)
    assert f"has variant {other.variant}" in problem
    assert f"drew variant {row.version.variant}" in problem


def prompts_in(page):
    return {f"Variant {number}?" for number in range(1, len(BANK) + 1) if f"Variant {number}?" in page.content.decode()}


@pytest.mark.parametrize("address", ["assessment", "api-assessment"])
def test_no_page_of_a_review_or_an_exam_shows_a_variant_of_somebody_else(client, course, review, exam, address):
    question, learner = bank_of(review), make.enroll(course=course)
    client.force_login(learner)
    client.post(reverse("start", args=[exam.pk]))
    drawn = SittingQuestion.objects.filter(version__variant__gt=0).order_by("position")
    for assessment, variants in (
        (review, {card_of(review, learner, question).version.variant}),
        (exam, set(drawn.values_list("version__variant", flat=True))),
    ):
        shown = prompts_in(client.get(reverse(address, args=[assessment.pk]), follow=True))
        assert shown <= {f"Variant {variant}?" for variant in variants}
        assert shown or assessment is exam


def test_practice_of_a_question_that_is_not_final_shows_no_variant(client, course, review):
    question, learner = bank_of(review), make.enroll(course=course)
    client.force_login(learner)
    assert prompts_in(client.get(reverse("practice", args=[question.pk]))) == set()


@pytest.mark.parametrize("kind", ["review", "exam"])
def test_the_api_names_the_variant_that_a_learner_was_given_and_none_of_a_fixed_question(client, course, kind):
    assessment = make.make_review(course=course, kinds=["true_false"]) if kind == "review" else None
    assessment = assessment or make.make_exam(course=course, drawn=2, pool=1)
    question = bank_of(assessment)
    numbers = set()
    for _ in range(12):
        learner = make.enroll(course=course)
        client.force_login(learner)
        if kind == "exam":
            services.start_sitting(learner=learner, assessment=assessment, now=timezone.now())
        rows = client.get(f"/api/v1/assessments/{assessment.pk}/").json()["questions"]
        named = {row["id"]: row.get("variant") for row in rows}
        own = (
            paper_of(assessment=assessment, learner_id=learner.pk, now=timezone.now()).card(question.pk).version.variant
        )
        assert named.pop(question.pk) == own > 0
        assert set(named.values()) == {None}
        numbers.add(own)
    assert len(numbers) > 1
