"""An exam's paper, read with one prepared query and the snapshot, is what the ORM finds, question by question."""

from dataclasses import fields
from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from quizzes import services
from quizzes.models import Attempt, Question, Sitting, SittingExtension, SittingQuestion
from quizzes.rules.disclosure import DisclosureStage
from quizzes.selectors import paper_of, papers
from quizzes.selectors.own_records import WHOLE_SITTING
from tests import factories as make
from tests.quizzes.correcting import apply, fix
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def exam():
    return make.make_exam(course=make.make_course(), drawn=4, pool=6)


def started(exam):
    learner = make.enroll(course=exam.course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    return learner, sitting, [row.question for row in sitting.questions.select_related("question__current")]


def by_orm(exam, learner, now):
    """Return the cards of a learner's paper, with everything read by separate querysets."""
    sitting = Sitting.objects.get(assessment=exam, learner=learner, is_void=False)
    attempts = Attempt.objects.filter(sitting=sitting).select_related("version", "question").order_by("number")
    rows = SittingQuestion.objects.filter(sitting=sitting).select_related("version", "question__current")
    accepts_answers = sitting.submitted_at is None and now <= sitting.accepts_until
    return [
        papers.new_card(
            exam.kind,
            row.question,
            position,
            row,
            [attempt for attempt in attempts if attempt.question_id == row.question_id],
            papers.CardState(
                DisclosureStage(is_ended=sitting.settled_at is not None),
                accepts_answers=accepts_answers,
                order=sitting.option_order,
            ),
        )
        for position, row in enumerate(rows.order_by("position"), start=1)
    ]


def assert_as_by_orm(exam, learner, now=NOW):
    for _ in range(2):  # the second time from kept cards
        paper = paper_of(assessment=exam, learner_id=learner.pk, now=now)
        expected = by_orm(exam, learner, now)
        assert len(paper.cards) == len(expected) > 0
        for found, card in zip(paper.cards, expected, strict=True):
            assert {each.name: getattr(found, each.name) for each in fields(card)} == {
                each.name: getattr(card, each.name) for each in fields(card)
            }
            assert found.look == card.look
            assert [vars_of(attempt) for attempt in found.attempts] == [vars_of(attempt) for attempt in card.attempts]
        stored = Sitting.objects.get(assessment=exam, learner=learner, is_void=False)
        assert [getattr(paper.sitting, name) for name in WHOLE_SITTING] == [
            getattr(stored, name) for name in WHOLE_SITTING
        ]
        given = SittingExtension.objects.filter(sitting=stored)
        assert paper.sitting.added == (sum((each.added for each in given), timedelta()) or None)


def vars_of(attempt):
    return {field.attname: getattr(attempt, field.attname) for field in Attempt._meta.concrete_fields}


def test_a_paper_is_what_the_orm_finds_at_each_stage_of_an_exam(exam):
    learner, sitting, (drafted, flagged, wrong, right) = started(exam)
    other, *_ = started(exam)
    assert_as_by_orm(exam, learner)
    services.mark_seen(sitting=sitting, position=1)
    for question, response in ((drafted, make.right(drafted)), (wrong, make.wrong(wrong))):
        services.save_draft(learner=learner, question_id=question.pk, response=response, revision=0, now=NOW)
    services.set_flag(learner=learner, question_id=flagged.pk, is_flagged=True, now=NOW)
    assert_as_by_orm(exam, learner)
    for question, response in ((wrong, make.wrong(wrong)), (right, make.right(right))):
        services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)
    assert_as_by_orm(exam, learner)
    assert_as_by_orm(exam, other)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW + timedelta(minutes=1))
    assert_as_by_orm(exam, learner, NOW + timedelta(minutes=2))
    assert_as_by_orm(exam, other, NOW + timedelta(minutes=2))


def test_a_paper_has_the_minutes_that_were_added_to_it_alone(exam):
    learner, sitting, _ = started(exam)
    other, *_ = started(exam)
    teacher = make.make_user(is_staff=True)
    given = {"course": exam.course, "sitting_ids": [sitting.pk], "reason": "alarm", "author": teacher, "now": NOW}
    for key, minutes in (("a", 5), ("b", 7)):
        services.add_minutes(**given, key=key, minutes=minutes)
    assert paper_of(assessment=exam, learner_id=learner.pk, now=NOW).sitting.added == timedelta(minutes=12)
    assert paper_of(assessment=exam, learner_id=other.pk, now=NOW).sitting.added is None
    assert_as_by_orm(exam, learner)


def test_a_paper_follows_corrections_and_keeps_its_versions(exam):
    learner, sitting, questions = started(exam)
    services.check_response(
        learner=learner, question_id=questions[0].pk, response=make.wrong(questions[0]), number=1, now=NOW
    )
    assert_as_by_orm(exam, learner)
    make.publish(question=questions[1])
    Question.objects.filter(pk=questions[2].pk).update(is_retired=True)
    assert_as_by_orm(exam, learner)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    apply(make.make_user(is_staff=True), **fix(questions[0]))
    assert_as_by_orm(exam, learner)


def test_learners_share_the_cards_that_say_nothing_about_them(exam):
    papers_of = {}
    for _ in range(2):
        learner, _, _ = started(exam)
        cards = paper_of(assessment=exam, learner_id=learner.pk, now=NOW).cards
        papers_of[learner.pk] = {(card.question_id, card.position): card for card in cards}
    one, other = papers_of.values()
    for place in one.keys() & other.keys():
        assert one[place] is other[place] or one[place].type.is_shuffled
        assert (one[place].look is other[place].look, one[place].frame is other[place].frame) == (True, True)


def test_a_paper_of_a_removed_exam_is_not_found(exam):
    learner, *_ = started(exam)
    exam.is_retired = True
    exam.save()
    with pytest.raises(Refusal) as refused:
        paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("size", [2, 12])
def test_a_paper_takes_one_statement_whatever_its_size(size):
    exam = make.make_exam(course=make.make_course(), drawn=size, pool=size)
    learner, *_ = started(exam)
    paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    with counted_statements() as statements:
        assert len(paper_of(assessment=exam, learner_id=learner.pk, now=NOW).cards) == size
    assert len(statements) == 1
