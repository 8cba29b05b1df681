"""The sweeper ends rehearsals and test runs whose time is over, and they count for no figure of exams (D46)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from foundation.metrics import SETTLED
from grading.models import Score
from quizzes import services
from quizzes.models import Sitting
from quizzes.selectors import oldest_due, sweeper_state
from quizzes.services import ungraded
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, drawn=2, pool=3, kinds=["numeric"], time_limit=HOUR)


@pytest.fixture
def learner(course, exam):
    """A learner who has finished a review, and so can rehearse."""
    person = make.enroll(course=course)
    for question in make.make_review(course=course, module=exam.module, kinds=["numeric"] * 2).questions.all():
        services.check_response(
            learner=person, question_id=question.pk, response=make.right(question), number=1, now=timezone.now()
        )
    return person


def rehearsed(exam, learner, since=2 * HOUR):
    sitting, _ = services.start_rehearsal(learner=learner, assessment=exam, now=timezone.now() - since)
    return sitting


def run_as_test(exam, course, since=2 * HOUR):
    teacher = make.enroll(course=course, user=make.make_user(), role="instructor")
    sitting, _ = services.start_test_run(person=teacher, assessment=exam, now=timezone.now() - since)
    return sitting


def settled_ids():
    return set(Sitting.every.exclude(settled_at=None).values_list("pk", flat=True))


def test_a_sweep_ends_rehearsals_and_test_runs_whose_time_is_over(course, exam, learner):
    over = {rehearsed(exam, learner).pk, run_as_test(exam, course).pk}
    running = run_as_test(exam, course, since=HOUR / 2)
    call_command("sweep", once=True)
    assert settled_ids() == over
    for sitting in Sitting.every.filter(pk__in=over):
        assert (sitting.submitted_at, sitting.ended_by) == (sitting.deadline_at, "deadline")
    assert Sitting.every.get(pk=running.pk).submitted_at is None


def test_a_sweep_grades_the_drafts_of_a_rehearsal_but_records_no_score(exam, learner):
    sitting = rehearsed(exam, learner)
    first, second = (row.question for row in sitting.questions.select_related("question__current"))
    for question, response in ((first, make.right(first)), (second, make.wrong(second))):
        address, saved_at = f"{sitting.pk}-{question.pk}", sitting.started_at
        services.save_draft(learner=learner, question_id=address, response=response, revision=0, now=saved_at)
    scores = Score.objects.count()
    services.settle_due_ungraded(now=timezone.now())
    graded = dict(sitting.attempts.values_list("question_id", "is_correct"))
    assert graded == {first.pk: True, second.pk: False}
    assert Score.objects.count() == scores


def test_a_second_sweep_changes_nothing(exam, learner):
    sitting, now = rehearsed(exam, learner), timezone.now()
    services.settle_due_ungraded(now=now)
    services.settle_due_ungraded(now=now + HOUR)
    assert Sitting.every.get(pk=sitting.pk).settled_at == now


def test_a_rehearsal_within_its_grace_period_waits(exam, learner):
    sitting = rehearsed(exam, learner)
    services.settle_due_ungraded(now=sitting.deadline_at + timedelta(seconds=6))
    assert settled_ids() == set()


def test_a_rehearsal_that_cannot_be_settled_keeps_no_other_and_no_exam_waiting(course, exam, learner, monkeypatch):
    failing, others = rehearsed(exam, learner, since=3 * HOUR), {run_as_test(exam, course).pk}
    taken, _ = services.start_sitting(
        learner=make.enroll(course=course), assessment=exam, now=timezone.now() - 2 * HOUR
    )
    settle = ungraded.settle_ungraded_if_due
    monkeypatch.setattr(
        ungraded,
        "settle_ungraded_if_due",
        lambda sitting, now: 1 / 0 if sitting.pk == failing.pk else settle(sitting, now),
    )
    with pytest.raises(ExceptionGroup, match=f"all was done except: sitting {failing.pk}$"):
        services.settle_due_ungraded(now=timezone.now())
    assert settled_ids() == others
    with pytest.raises(ExceptionGroup, match=r"all was done except: expired rehearsals$"):
        call_command("sweep", once=True)
    assert settled_ids() == others | {taken.pk}


def test_an_exam_that_is_due_is_left_to_its_own_step(course, exam):
    services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=timezone.now() - 2 * HOUR)
    services.settle_due_ungraded(now=timezone.now())
    assert settled_ids() == set()
    assert services.settle_due_one_by_one(now=timezone.now()) == 1


def test_no_alert_gauge_or_counter_of_exams_has_a_rehearsal(course, exam, learner):
    rehearsed(exam, learner)
    run_as_test(exam, course, since=HOUR / 2)
    now, counted = timezone.now(), SETTLED._value.get()
    assert oldest_due(now) is None
    assert (sweeper_state(now).running, sweeper_state(now).due) == (0, 0)
    call_command("sweep", once=True)
    assert SETTLED._value.get() == counted
