"""D46: rehearsals and test runs."""

from copy import copy

from grading.models import GradeChange
from quizzes import services
from quizzes.models import Question, Sitting
from quizzes.selectors import past_runs, ungraded_paper
from tests import factories as make
from tests.rulebook.world import rule


def addressed(sitting: Sitting, question: Question) -> Question:
    """Return a question with its address in a rehearsal as its id, as the doors know it."""
    shown = copy(question)
    shown.id = f"{sitting.pk}-{question.pk}"
    return shown


@rule("D46")
def a_rehearsal_has_the_attempts_of_the_exam_and_counts_for_nothing(w):
    make_rehearsable(w)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    before = w.percent(), GradeChange.objects.count()
    sitting, _ = services.start_rehearsal(learner=w.learner, assessment=w.exam, now=w.by.now)
    (row,) = sitting.questions.all()
    question = addressed(sitting, row.question)
    assert w.by.check(question, make.wrong(w.numeric), 1) == "ok"
    assert w.by.check(question, make.wrong(w.numeric, variant=1), 2) == "ok"
    assert w.by.check(question, make.right(w.numeric), 3) == "attempts_exhausted"
    services.hand_in_sitting(learner=w.learner, sitting_id=sitting.pk, now=w.by.now)
    assert ungraded_paper(w.learner, sitting.pk, w.by.now).cards[0].feedback
    assert (w.percent(), GradeChange.objects.count()) == before
    (run,) = past_runs(w.learner.pk, w.exam.pk, "rehearsal")
    assert (run.earned, run.possible) == (0, 1)


@rule("D46")
def the_exam_starts_beside_a_rehearsal_which_then_waits(w):
    make_rehearsable(w)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    sitting, _ = services.start_rehearsal(learner=w.learner, assessment=w.exam, now=w.by.now)
    question = addressed(sitting, w.numeric)
    assert w.by.save(question, make.right(w.numeric), 0) == "ok"
    assert w.by.start(w.exam) == "ok"
    assert w.by.check(question, make.right(w.numeric), 1) == "rehearsal_waits"
    assert w.by.save(question, make.right(w.numeric), 1) == "rehearsal_waits"
    assert w.by.end(w.exam) == "ok"
    assert w.by.check(question, make.right(w.numeric), 1) == "ok"


def make_rehearsable(w):
    """Let the exam draw from the module of the review."""
    w.exam.draw[0]["module"] = w.review.module.key
    w.exam.save()
    w.exam.questions.update(module_key=w.review.module.key)
