"""`verify_grades` holds after any first action of a learner and any next action of an instructor (D18, I8)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from operations.services import verify_grades
from quizzes import services
from tests import factories as make
from tests.quizzes.correcting import apply, cells, check, fix, undo

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(hours=3)


class Scene:
    """A learner who has done nothing yet, in a course with a review of two questions and an exam of two."""

    def __init__(self) -> None:
        self.course = make.make_course()
        self.review = make.make_review(course=self.course, kinds=["single_choice", "numeric"])
        self.exam = make.make_exam(course=self.course, drawn=2, pool=2)
        self.learner, self.teacher = make.enroll(course=self.course), make.make_user(is_staff=True)
        self.question, self.other = self.review.questions.order_by("position")
        self.now = NOW

    def said(self, **more):
        return {"course": self.course, "reason": "r", "author": self.teacher, "now": self.now, **more}

    def verify(self) -> None:
        assert list(verify_grades(now=self.now)) == []


def draft(scene):
    response = make.wrong(scene.question)
    services.save_draft(
        learner=scene.learner, question_id=scene.question.pk, response=response, revision=0, now=scene.now
    )


def flag(scene):
    services.set_flag(learner=scene.learner, question_id=scene.question.pk, is_flagged=True, now=scene.now)


def wrong_attempt(scene):
    check(scene.learner, scene.question, make.wrong(scene.question))


def right_attempt(scene):
    check(scene.learner, scene.question, make.right(scene.question))


def view(scene, client):
    client.force_login(scene.learner)
    assert client.get(f"/assessments/{scene.review.pk}/", follow=True).status_code == 200


def exam_start(scene):
    return services.start_sitting(learner=scene.learner, assessment=scene.exam, now=scene.now)[0]


def exam_draft(scene):
    question = exam_start(scene).questions.first().question
    services.save_draft(
        learner=scene.learner, question_id=question.pk, response=make.right(question), revision=0, now=scene.now
    )


def handing_in(scene):
    services.hand_in_sitting(learner=scene.learner, sitting_id=exam_start(scene).pk, now=scene.now)


def expiry(scene):
    exam_draft(scene)
    scene.now = LATER
    assert services.settle_due(now=LATER) == 1


def nothing(scene):
    """The learner does nothing."""


FIRST = {
    each.__name__: each
    for each in (
        *(nothing, draft, flag, wrong_attempt, right_attempt),
        *(exam_start, exam_draft, handing_in, expiry),
    )
}
REGRADES = {
    "key": lambda question: fix(question),
    "key that lowers": lambda question: fix(question, lowers=True),
    "accept": lambda question: fix(question, kind="accept"),
    "credit": lambda question: {"question_id": question.pk, "kind": "credit"},
    "void": lambda question: {"question_id": question.pk, "kind": "void"},
    "void that lowers": lambda question: {"question_id": question.pk, "kind": "void", "lowers": True},
}


@pytest.mark.parametrize("first", FIRST)
def test_grades_verify_after_every_kind_of_first_action(first, capsys):
    scene = Scene()
    FIRST[first](scene)
    scene.verify()
    call_command("verify_grades")
    assert "Every grade and certificate follows from the records" in capsys.readouterr().out


def test_grades_verify_after_a_page_was_only_looked_at(client):
    scene = Scene()
    view(scene, client)
    scene.verify()


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("kind", REGRADES)
@pytest.mark.parametrize("where", ["review", "exam"])
def test_grades_verify_after_every_regrade_and_its_undo_which_restores_them_to_the_byte(first, kind, where):
    scene = Scene()
    FIRST[first](scene)
    before = cells()
    question = scene.question if where == "review" else scene.exam.questions.order_by("position").first()
    regrade = apply(scene.teacher, now=scene.now, **{**REGRADES[kind](question), "course": scene.course})
    scene.verify()
    undo(scene.teacher, regrade, now=scene.now)
    scene.verify()
    assert cells() == before


@pytest.mark.parametrize("first", FIRST)
def test_grades_verify_after_an_override_and_its_undo(first):
    scene = Scene()
    FIRST[first](scene)
    before = cells()
    where = {"assessment_id": scene.review.pk, "learner_id": scene.learner.pk}
    services.override_score(**where, points=Decimal("1.5"), **scene.said())
    scene.verify()
    services.undo_override(**where, **scene.said())
    scene.verify()
    assert cells() == before


@pytest.mark.parametrize("first", ["exam_start", "exam_draft", "handing_in", "expiry"])
def test_grades_verify_after_a_void_its_undo_and_a_fresh_sitting(first):
    scene = Scene()
    FIRST[first](scene)
    sitting = scene.learner.sittings.get()
    services.void_sitting(sitting_id=sitting.pk, **scene.said())
    scene.verify()
    services.undo_void(sitting_id=sitting.pk, **scene.said())
    scene.verify()
    services.void_sitting(sitting_id=sitting.pk, **scene.said())
    exam_start(scene)
    scene.verify()
