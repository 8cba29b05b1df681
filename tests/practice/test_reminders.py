"""Reminders of practice: at most one a day, only to those who asked, and only if questions wait."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from foundation.refusals import Refusal
from mail.models import Mail
from mail.services import send_due_mail, set_mail_wanted
from operations.tasks import send_practice_reminders_task
from people.models import Enrollment
from portal.goals.services import change_person
from portal.rights.selectors import account_tables, course_tables
from practice.models import PracticeMemory, PracticePlan
from practice.services import reminding, send_practice_reminders, set_practice_reminder, wake_for_practice
from quizzes import services
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.rights.test_erasing import erase
from tests.practice.test_practicing import final_questions, practice

pytestmark = pytest.mark.django_db
NOW = make.NOW  # 12:00 in UTC
DUE = NOW.replace(hour=17)
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def question(learner, course):
    return final_questions(learner, course, 1, right_on=None)[0]


@pytest.fixture
def plan(learner, course, question):
    return ask(learner, course)


def ask(learner, course, hour=17, zone="UTC"):
    return set_practice_reminder(user=learner, course=course, hour=hour, zone=zone, now=NOW)


def reminded(now=DUE):
    send_practice_reminders(clock=lambda: now)
    return list(Mail.objects.order_by("pk").values_list("user", flat=True))


def test_a_reminder_comes_at_its_time_once_a_day(learner, plan):
    assert reminded(DUE - timedelta(seconds=1)) == []
    assert reminded() == [learner.pk]
    assert reminded(DUE + timedelta(hours=1)) == [learner.pk]
    assert reminded(DUE + DAY) == [learner.pk] * 2


def test_a_task_that_is_delivered_twice_reminds_once(learner, plan):
    stale = PracticePlan.objects.get()
    assert reminding.pass_practice_reminder(plan=plan, is_wanted=True, now=DUE)
    assert not reminding.pass_practice_reminder(plan=stale, is_wanted=True, now=DUE)
    assert Mail.objects.count() == 1


def test_nobody_is_reminded_who_did_not_ask(learner, course, question):
    practice(learner, course, question)
    assert reminded(NOW + DAY * 2) == []


def test_nobody_is_reminded_of_a_day_that_is_done(learner, course, question, plan):
    practice(learner, course, question)
    assert reminded() == []
    assert reminded(DUE + DAY) == [learner.pk]


def test_nobody_is_reminded_while_nothing_waits(learner, course):
    final_questions(learner, course, 1, right_on=1)
    ask(learner, course)
    assert reminded() == []


def test_nobody_is_reminded_during_an_exam(learner, course, plan):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    services.start_sitting(learner=learner, assessment=exam, now=DUE - timedelta(minutes=5))
    assert reminded() == []


def test_nobody_is_reminded_late_or_after_leaving(learner, course, plan):
    assert reminded(DUE + timedelta(hours=6, minutes=1)) == []
    Enrollment.objects.update(unenrolled_at=NOW)
    assert reminded(DUE + DAY) == []


def test_an_archived_course_reminds_nobody(learner, course, plan):
    course.archived_at = NOW
    course.save()
    assert reminded() == []
    with pytest.raises(Refusal) as refused:
        ask(learner, course)
    assert refused.value.code == "course_archived"


def test_a_reminder_ends_when_it_is_switched_off(learner, course, plan):
    ask(learner, course, hour=None)
    assert reminded() == []


def test_an_hour_that_does_not_exist_is_refused(learner, course):
    with pytest.raises(Refusal) as refused:
        ask(learner, course, hour=24)
    assert refused.value.code == "hour_unfit"


def test_the_message_leads_to_the_page_and_has_a_link_that_stops_it(learner, course, plan, client):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    send_practice_reminders(clock=lambda: DUE)
    send_due_mail(clock=lambda: DUE)
    [letter] = mail.outbox
    assert f"/courses/{course.slug}/practice/" in letter.body
    assert "because you asked for a daily reminder" in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert client.post("/" + stop.split("/", 3)[3]).status_code == 200
    assert PracticePlan.objects.get().reminds_at is None
    assert reminded(DUE + DAY) == [learner.pk]  # only that of the first day


def test_to_ask_for_a_reminder_brings_back_the_kind_that_was_switched_off(learner, course, question):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    set_mail_wanted(user=learner, wanted={"reminders": False})
    ask(learner, course)
    send_practice_reminders(clock=lambda: DUE)
    assert send_due_mail(clock=lambda: DUE) == 1


def test_a_message_of_yesterday_is_not_sent(learner, plan):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    send_practice_reminders(clock=lambda: DUE)
    assert send_due_mail(clock=lambda: DUE + DAY) == 0


def test_a_reminder_follows_the_time_zone_of_its_learner(learner, plan):
    change_person(user=learner, name="Ada", timezone="Asia/Tokyo", now=NOW)
    plan.refresh_from_db()
    assert (plan.timezone, plan.reminds_at) == ("Asia/Tokyo", (NOW + DAY).replace(hour=8))


def test_the_sweeper_wakes_a_worker_only_when_a_reminder_is_due(plan, monkeypatch):
    sent = []
    monkeypatch.setattr(reminding, "send_task", sent.append)
    wake_for_practice(now=DUE - timedelta(seconds=1))
    assert sent == []
    wake_for_practice(now=DUE)
    assert sent == [send_practice_reminders_task.name]


def test_a_learner_asks_on_the_page(client, learner, course, question):
    client.force_login(learner)
    with time_machine.travel(NOW, tick=False):
        address = f"/courses/{course.slug}/practice-reminder/"
        assert "Saved." in text(client.post(address, {"is_reminded": "on", "hour": "18"}, follow=True))
        assert PracticePlan.objects.get().reminder_hour == 18
        assert "You get no reminders of practice." in text(client.post(address, {"hour": "18"}, follow=True))
        assert PracticePlan.objects.get().reminds_at is None


def test_the_archive_has_what_practice_stores_and_an_instructors_archive_has_none_of_it(
    learner, course, question, plan
):
    practice(learner, course, question)
    reminded(DUE + DAY)
    tables = dict(account_tables(learner.pk))
    assert [row["reviewed_on"] for row in tables["practice"]] == [NOW.date()]
    assert [(row["next_count"], row["reminder_hour"]) for row in tables["practice_ahead"]] == [(1, 17)]
    of_course = dict(course_tables(learner.pk, course.pk))
    assert not [name for name in of_course if "practice" in name]
    assert of_course["mail"] == []


def test_erasing_a_person_removes_what_practice_stores(learner, course, question, plan):
    other = make.enroll(course=course)
    ask(other, course)
    practice(learner, course, question)
    erase(learner)
    assert not PracticeMemory.objects.exists()
    assert PracticePlan.objects.get().user == other
