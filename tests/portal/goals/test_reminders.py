"""Reminders of weekly goals: at most one a week, only to those who asked, are short of the goal and can still do something."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from course.models import Course
from labs.models import Run
from lessons.services import mark_lesson_done
from mail.models import Mail
from mail.services import send_due_mail, set_mail_wanted
from operations.tasks import send_reminders_task
from people.models import Enrollment
from portal.goals.models import StudyGoal
from portal.goals.selectors import due_reminders
from portal.goals.services import pass_reminder, reminding, send_reminders, set_study_goal, wake_for_reminders
from quizzes.services import check_response
from tests import factories as make
from tests.labs.making import make_lab

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
DUE = datetime(2026, 11, 27, 17, tzinfo=UTC)
NEXT = DUE + timedelta(days=7)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def lesson(course):
    return make.make_lesson(module=make.make_module(course=course))


@pytest.fixture
def learner(course, lesson):
    return make.enroll(course=course)


@pytest.fixture
def goal(course, learner):
    return ask(learner, course)


def ask(learner, course, unit="days", amount=3, reminder=(5, 17)):
    facts = {"unit": unit, "amount": amount, "reminder": reminder, "zone": "UTC", "now": BEFORE}
    return set_study_goal(user=learner, course=course, **facts)


def reminded(now=DUE):
    send_reminders(clock=lambda: now)
    return list(Mail.objects.order_by("pk").values_list("user", flat=True))


def test_a_reminder_comes_at_its_time_once_a_week(learner, goal):
    assert reminded(DUE - timedelta(seconds=1)) == []
    assert reminded(DUE) == [learner.pk]
    assert reminded(DUE) == [learner.pk]
    assert StudyGoal.objects.get().reminds_at == NEXT
    assert reminded(NEXT) == [learner.pk, learner.pk]


def test_a_reminder_that_fails_keeps_no_other_waiting(course, goal, monkeypatch):
    other = make.enroll(course=course)
    ask(other, course)
    wanted = reminding.is_reminder_wanted
    monkeypatch.setattr(reminding, "is_reminder_wanted", lambda each, now: 1 / 0 if each == goal else wanted(each, now))
    with pytest.raises(ExceptionGroup, match=f"all was done except: reminder of goal {goal.pk}$"):
        reminded()
    assert list(Mail.objects.values_list("user", flat=True)) == [other.pk]


def test_a_new_time_in_the_same_week_brings_no_second_reminder(course, learner, goal):
    reminded()
    ask(learner, course, reminder=(6, 9))
    StudyGoal.objects.update(reminds_at=DUE + timedelta(hours=16))
    assert reminded(DUE + timedelta(hours=16)) == [learner.pk]


def test_two_workers_pass_a_reminder_once(goal):
    seen_by = [due_reminders(DUE, 9) for _worker in range(2)]
    assert [pass_reminder(goal=each, is_wanted=True, now=DUE) for (each,) in seen_by] == [True, False]


def test_who_did_not_ask_or_stopped_it_gets_none(course, learner):
    ask(learner, course, reminder=None)
    assert reminded() == []
    ask(learner, course)
    set_mail_wanted(user=learner, wanted={"reminders": False})
    assert reminded() == []


@pytest.mark.parametrize("unit", ["days", "lessons"])
def test_who_has_reached_the_goal_gets_none(course, learner, lesson, unit):
    make.make_lesson(module=lesson.module)  # something is left
    ask(learner, course, unit, 1)
    mark_lesson_done(user=learner, lesson=lesson, now=BEFORE)
    assert reminded() == []


def test_questions_and_runs_count_too(course, learner, goal):
    question = make.make_review(course=course, questions=1).questions.get()
    response = make.wrong(question)
    check_response(learner=learner, question_id=question.pk, response=response, number=1, now=BEFORE)
    lab = make_lab(course=course)
    Run.objects.create(
        learner=learner, lab=lab, mode="cell", runtime="tf2", queue="fast", cells=[], created_at=DUE - timedelta(days=1)
    )
    ask(learner, course, amount=2)
    assert reminded() == []
    ask(learner, course, "questions", 2)
    assert reminded() == [learner.pk]


def test_who_has_nothing_left_to_do_gets_none(course, learner, lesson, goal):
    mark_lesson_done(user=learner, lesson=lesson, now=BEFORE - timedelta(days=30))
    assert reminded() == []
    make.make_review(course=course, questions=1, closes_at=NEXT)  # closed by then
    StudyGoal.objects.update(reminds_at=NEXT)
    assert reminded(NEXT) == []
    make.make_review(course=course, questions=1)
    StudyGoal.objects.update(reminds_at=NEXT)
    assert reminded(NEXT) == [learner.pk]


@pytest.mark.parametrize("late", [timedelta(hours=7), timedelta(days=3)])
def test_after_an_outage_a_late_reminder_is_left_out(goal, late):
    assert reminded(DUE + late) == []
    assert StudyGoal.objects.get().reminds_at == NEXT


def test_who_left_and_who_takes_an_archived_course_gets_none(course, learner, goal):
    Course.objects.update(archived_at=BEFORE)
    assert reminded() == []
    Course.objects.update(archived_at=None)
    Enrollment.objects.update(unenrolled_at=BEFORE)
    StudyGoal.objects.update(reminds_at=DUE)
    assert reminded() == []


def test_the_email_says_no_number_and_can_be_stopped(client, learner, goal):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    reminded()
    assert send_due_mail(clock=lambda: DUE) == 1
    (letter,) = mail.outbox
    assert letter.subject.endswith("Your goal for this week")
    assert "because you asked for a weekly reminder" in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    client.post(stop.removeprefix("https://localhost"), {"List-Unsubscribe": "One-Click"})
    assert StudyGoal.objects.get().reminds_at is None


def test_an_email_that_waits_until_its_week_is_over_is_not_sent(learner, goal):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    reminded()
    assert send_due_mail(clock=lambda: datetime(2026, 11, 30, tzinfo=UTC)) == 0
    assert Mail.objects.get().result == "withdrawn"


def test_the_sweeper_wakes_a_worker_while_a_reminder_is_due(monkeypatch, goal):
    woken = []
    monkeypatch.setattr("foundation.queue.current_app.send_task", lambda name, **_: woken.append(name))
    for now in (DUE - timedelta(seconds=1), DUE):
        wake_for_reminders(now=now)
    assert woken == [send_reminders_task.name]


def test_without_a_mail_server_nothing_is_stored(settings, goal):
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    wake_for_reminders(now=DUE)
    assert reminded() == []
