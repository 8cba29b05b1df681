"""What changes between the comparison with a preview and the locks makes the preview stale: nothing is written."""

from decimal import Decimal

import pytest

from grading.models import Override
from grading.rules.overrides import OverrideLine
from grading.services import override_import, settle_grades
from grading.services.override_import import import_overrides, plan_overrides
from quizzes import services
from quizzes.models import Regrade
from quizzes.services import regrading
from tests import factories as make
from tests.quizzes.correcting import check, code_of

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def review():
    return make.make_review(course=make.make_course(), kinds=["numeric"] * 2)


@pytest.fixture
def learner(review):
    return make.enroll(course=review.course)


def with_an_answer_before(monkeypatch, module, name, learner, question, *, is_right=False):
    """Let a response be graded after everything that `module` does before it calls `name`."""
    act = getattr(module, name)

    def answer_and_act(*args, **said):
        check(learner, question, make.response_to(question, is_right=is_right))
        return act(*args, **said)

    monkeypatch.setattr(module, name, answer_and_act)


def test_a_regrade_that_would_reach_one_learner_more_than_the_dry_run_said_is_not_made(review, learner, monkeypatch):
    question, teacher = review.questions.first(), make.make_user(is_staff=True)
    said = {"course": review.course, "question_id": question.pk, "kind": "void", "now": NOW}
    expected = services.plan_regrade(**said).digest
    with_an_answer_before(monkeypatch, regrading, "locked_question", learner, question)
    apply = {**said, "reason": "unclear", "author": teacher, "expected": expected}
    assert (code_of(services.apply_regrade, **apply), Regrade.objects.count()) == ("preview_stale", 0)


def test_an_undo_that_would_reach_one_learner_more_than_the_dry_run_said_is_not_made(review, learner, monkeypatch):
    question, teacher = review.questions.first(), make.make_user(is_staff=True)
    said = {"course": review.course, "reason": "unclear", "author": teacher, "now": NOW}
    regrade = services.apply_regrade(question_id=question.pk, kind="void", **said)
    expected = services.plan_undo(course=review.course, regrade_id=regrade.pk, now=NOW).digest
    with_an_answer_before(monkeypatch, regrading, "locked_question", learner, question)
    undo = {**said, "regrade_id": regrade.pk, "expected": expected}
    assert (code_of(services.undo_regrade, **undo), Regrade.objects.count()) == ("preview_stale", 1)


def test_a_file_of_overrides_whose_cells_have_moved_since_the_preview_is_not_applied(review, learner, monkeypatch):
    teacher = make.make_user(is_staff=True)
    said = {
        "grades": settle_grades(now=NOW, course_id=review.course_id),
        "course": review.course,
        "lines": [OverrideLine(2, learner.username, review.pk, Decimal(2), "an oral exam")],
        "author": teacher,
        "now": NOW,
    }
    expected = plan_overrides(**said).digest
    first = review.questions.first()
    with_an_answer_before(monkeypatch, override_import, "lock_learners", learner, first, is_right=True)
    assert code_of(import_overrides, **said, expected=expected) == "preview_stale"
    assert Override.objects.count() == 0
