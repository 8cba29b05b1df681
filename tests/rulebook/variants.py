"""D43, D45: questions that draw their values, and practice of those of an exam."""

from datetime import timedelta

import pytest

from course.models import Module
from course.rules.schedule import Dates
from foundation.refusals import Refusal
from people.services import set_groups
from portal.allowances.services import set_group_dates
from quizzes import services
from quizzes.models import Attempt, SittingQuestion
from quizzes.rules.variants import drawn_variant, given_variant
from quizzes.selectors import is_attempt_right, pool_practice_card, pool_to_practice
from tests import factories as make
from tests.rulebook.world import rule

BANK = [{"answers": [f"answer {number}"]} for number in range(1, 6)]


def bank_in(assessment):
    question = make.add_question(assessment=assessment, type="text", source=BANK[0])
    return question, make.publish_variants(question=question, sources=BANK)


@rule("D43")
def a_learner_keeps_the_variant_of_a_review_question(w):
    question, bank = bank_in(w.review)
    given = bank[given_variant(w.learner.pk, question.pk, len(bank))]
    assert w.by.card(question).version == given
    assert w.by.check(question, "nothing", 1) == "ok"
    make.publish_variants(question=question, sources=BANK[:2])
    assert w.by.card(question).version == given
    assert w.by.check(question, f"answer {given.variant}", 2) == "ok"
    assert [attempt.version for attempt in Attempt.objects.filter(question=question)] == [given, given]


@rule("D43")
def an_exam_draws_question_and_variant_at_start(w):
    exam = make.make_exam(course=w.course, drawn=1, pool=0)
    question, bank = bank_in(exam)
    assert w.by.start(exam) == "ok"
    row = SittingQuestion.objects.select_related("sitting").get(question=question)
    drawn = bank[drawn_variant(row.sitting.seed, question.pk, len(bank))]
    assert row.version == drawn == w.by.card(question).version
    assert w.by.check(question, f"answer {drawn.variant}", 1) == "ok"


@rule("D43", "D17")
def a_regrade_corrects_one_variant(w):
    question, bank = bank_in(w.review)
    given = bank[given_variant(w.learner.pk, question.pk, len(bank))]
    other = next(version for version in bank if version != given)
    w.by.check(question, "also right", 1)
    correction = {"question_id": question.pk, "kind": "accept", "response": "also right", "reason": "it is"}
    for version, is_right in ((other, False), (given, True)):
        services.apply_regrade(course=w.course, variant=version.variant, author=w.learner, now=w.by.now, **correction)
        assert is_attempt_right(Attempt.objects.get(question=question)) is is_right


@rule("D45")
def practice_of_an_exams_question_asks_what_no_exam_draws_and_waits_for_the_exam(w):
    exam = make.make_exam(course=w.course, drawn=1, pool=0, practice=["lines"])
    question = make.add_question(assessment=exam, type="text", source=BANK[0])
    reserve = [{"answers": [f"practiced {number}"]} for number in range(1, 6)]
    bank = make.publish_variants(question=question, sources=BANK, reserve=reserve, objective="lines")
    asked = {"assessment": exam, "learner_id": w.learner.pk, "question_id": question.pk}
    practiced = {
        pool_practice_card(**asked, variant=variant, now=w.by.now).card.version for variant in range(995, 1010)
    }
    assert practiced & set(bank) == set()
    assert len(practiced) == len(reserve)
    assert pool_to_practice(w.exam, w.learner.pk, w.by.now) == []
    assert w.by.start(exam) == "ok"
    assert SittingQuestion.objects.get(question=question).version in bank
    with pytest.raises(Refusal) as refusal:
        pool_practice_card(**asked, variant=0, now=w.by.now)
    assert refusal.value.code == "pool_practice_waits"


@rule("D45", "D39")
def practice_for_an_exam_begins_by_the_dates_of_the_learners_group(w):
    exam = make.make_exam(course=w.course, drawn=1, pool=0, practice=["lines"])
    question = make.add_question(assessment=exam, type="text", source=BANK[0])
    reserve = [{"answers": [f"practiced {number}"]} for number in range(1, 6)]
    make.publish_variants(question=question, sources=BANK, reserve=reserve, objective="lines")
    hour = timedelta(hours=1)
    Module.objects.filter(pk=exam.module_id).update(opens_at=make.NOW + 2 * hour)
    author = make.make_user(is_staff=True)
    set_groups(course=w.course, learner_id=w.learner.pk, names=["A"], author=author, now=make.NOW)
    given = {exam.pk: Dates(opens_at=make.NOW + hour)}
    set_group_dates(course=w.course, group="A", dates=given, author=author, now=make.NOW)
    assert pool_to_practice(exam, w.learner.pk, make.NOW) == []
    assert pool_to_practice(exam, w.learner.pk, make.NOW + hour) == [question]
    others = make.enroll(course=w.course)
    assert pool_to_practice(exam, others.pk, make.NOW + hour) == []
    assert pool_to_practice(exam, others.pk, make.NOW + 2 * hour) == [question]
