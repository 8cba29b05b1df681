"""A Start draws a paper by its exam's rules about objectives, and fails for none of them (D38)."""

import pytest

from quizzes import services
from quizzes.models import SittingQuestion
from tests import factories as make
from tests.quizzes.correcting import apply

pytestmark = pytest.mark.django_db


def exam_about(*objectives, rules):
    exam = make.make_exam(course=make.make_course(), drawn=2, pool=0)
    exam.objectives = rules
    exam.save()
    for objective in objectives:
        make.publish(question=make.add_question(assessment=exam, type="numeric"), type="numeric", objective=objective)
    return exam


def drawn_objectives(exam):
    services.start_sitting(learner=make.enroll(course=exam.course), assessment=exam, now=make.NOW)
    rows = SittingQuestion.objects.filter(sitting__assessment=exam).order_by("-sitting__pk")[:2]
    return sorted(row.version.objective for row in rows)


def test_every_paper_has_what_the_exam_promises():
    exam = exam_about("rare", *["common"] * 9, rules={"at_most": 1, "always": ["rare"]})
    assert drawn_objectives(exam) == ["common", "rare"]


def test_an_exam_without_rules_draws_as_before():
    exam = exam_about(*["common"] * 3, rules={})
    assert drawn_objectives(exam) == ["common", "common"]


def test_a_start_does_not_fail_when_a_regrade_voids_the_only_question_about_a_promised_objective():
    exam = exam_about("rare", *["common"] * 3, rules={"always": ["rare"]})
    promised = exam.questions.order_by("position").first()
    apply(make.make_user(is_staff=True), question_id=promised.pk, kind="void", course=exam.course)
    assert drawn_objectives(exam) == ["common", "common"]
