"""Learners ask about lessons and labs, and instructors reply; not during an exam, and never too often."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from course.refusals import Refusal
from lessons.help.models import HelpRequest
from lessons.help.selectors import help_requests_in, own_help_requests, readable_help
from lessons.help.services import (
    LONGEST_REQUEST,
    MOST_OPEN_REQUESTS,
    MOST_REQUESTS_A_DAY,
    answer_help,
    ask_for_help,
    erase_help,
)
from lessons.help.subjects import HelpSubject, subject_in, subject_page
from mail.models import Mail
from people.models import Enrollment
from people.services import set_groups
from quizzes.selectors import open_sitting_of
from quizzes.services import hand_in_sitting, start_sitting
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
SUBJECT = HelpSubject("lesson", "abc", "Tensors", "c-rank", "Rank")


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def ask(learner, course, text="Why?", now=NOW, **more):
    return ask_for_help(learner=learner, course=course, subject=SUBJECT, text=text, now=now, **more)


def reply(found, teacher, text="Because.", now=NOW):
    return answer_help(request_id=found.pk, course_id=found.course_id, actor=teacher, text=text, now=now)


def refused(act, *args, **fields):
    with pytest.raises(Refusal) as raised:
        act(*args, **fields)
    return raised.value.code


def replies(learner, course):
    found = readable_help(own_help_requests(learner.pk, course.pk), learner.pk)
    return [(each.answer, each.is_on_hold) for each in found]


def test_a_reply_reaches_the_learner_and_the_audit(course, learner):
    teacher = instructor_of(course)
    found = ask(learner, course, "  Why? ", code="print(1)")
    assert (found.text, found.code, found.place, found.section_title) == ("Why?", "print(1)", "lesson:abc", "Rank")
    assert replies(learner, course) == [("", False)]
    reply(found, teacher)
    assert replies(learner, course) == [("Because.", False)]
    reply(found, teacher, "Therefore.")
    entries = AuditEntry.objects.filter(action="answer_help").order_by("pk").values_list("target", "reason")
    assert list(entries) == [(f"help:{found.pk}", "Because."), (f"help:{found.pk}", "Therefore.")]


def test_a_reply_is_announced_by_mail_once(course, learner):
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    asked = ask(learner, course)
    for text in ("Because.", "Because of that."):
        reply(asked, make.make_user(is_staff=True), text)
    assert list(Mail.objects.values_list("user", "facts__what")) == [(learner.pk, "help")]


def test_nobody_asks_during_an_exam_and_a_reply_waits_until_it_is_settled(course, learner):
    teacher, exam = instructor_of(course), make.make_exam(course=course)
    early, late = ask(learner, course), ask(learner, course)
    reply(early, teacher, "Early.", NOW - timedelta(minutes=1))
    sitting, _ = start_sitting(learner=learner, assessment=exam, now=NOW)
    reply(late, teacher, "Late.", NOW + timedelta(minutes=1))
    assert refused(ask, learner, course) == "help_during_exam"
    assert replies(learner, course) == [("", True), ("Early.", False)]
    hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW + timedelta(minutes=2))
    assert replies(learner, course) == [("Late.", False), ("Early.", False)]


@pytest.mark.parametrize("removed_at", [None, NOW], ids=["left", "removed"])
def test_an_exam_without_a_clock_that_a_learner_can_no_longer_hand_in_holds_nothing_back(course, learner, removed_at):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    start_sitting(learner=learner, assessment=make.make_exam(course=other, time_limit=None), now=NOW)
    assert refused(ask, learner, course) == "help_during_exam"
    Enrollment.objects.filter(course=other).update(unenrolled_at=NOW, removed_at=removed_at)
    assert open_sitting_of(learner.pk, NOW) is None
    reply(ask(learner, course), instructor_of(course))
    assert replies(learner, course) == [("Because.", False)]


def test_an_exam_with_a_clock_counts_until_it_ends_also_for_those_who_leave(course, learner):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    sitting, _ = start_sitting(learner=learner, assessment=make.make_exam(course=other), now=NOW)
    Enrollment.objects.filter(course=other).update(unenrolled_at=NOW)
    assert refused(ask, learner, course) == "help_during_exam"
    assert open_sitting_of(learner.pk, NOW).pk == sitting.pk


def test_requests_are_limited_by_number_and_length(course, learner):
    for _ in range(MOST_OPEN_REQUESTS):
        ask(learner, course)
    assert refused(ask, learner, course) == "help_still_open"
    HelpRequest.objects.update(answered_at=NOW)
    for _ in range(MOST_REQUESTS_A_DAY - MOST_OPEN_REQUESTS):
        ask(learner, course)
    HelpRequest.objects.update(answered_at=NOW)
    assert refused(ask, learner, course) == "too_many_help_requests"
    assert ask(learner, course, now=NOW + timedelta(days=1)).text == "Why?"
    assert [refused(ask, learner, course, text) for text in (" ", "x" * (LONGEST_REQUEST + 1), "\0")] == [
        "help_unfit"
    ] * 3


def test_staff_and_strangers_ask_nothing_and_another_courses_request_is_not_found(course, learner):
    assert refused(ask, instructor_of(course), course) == "preview_only"
    assert refused(ask, make.make_user(), course) == "not_enrolled"
    found = ask(learner, course)
    other = make.make_course()
    assert (
        refused(answer_help, request_id=found.pk, course_id=other.pk, actor=learner, text="x", now=NOW) == "not_found"
    )


def test_a_place_is_a_part_that_exists(course):
    html = '<h2 id="c-rank">Rank</h2>'
    lesson = make.make_lesson(module=make.make_module(course=course), title="Tensors", html=html)
    page = subject_page("lesson", lesson.pk)
    assert subject_in("lesson", page, "c-rank") == HelpSubject("lesson", lesson.pk, "Tensors", "c-rank", "Rank")
    assert subject_in("lesson", page, "").section_title == ""
    assert refused(subject_in, "lesson", page, "c-gone") == "not_found"
    assert refused(subject_page, "lesson", "nothing") == "not_found"


def test_an_assessment_has_no_page_to_ask_about(course):
    assert refused(subject_page, "assessment", make.make_exam(course=course).pk) == "not_found"


def test_what_a_learner_asked_is_erased_alone(course, learner):
    other, mine = ask(make.enroll(course=course), course), ask(learner, course)
    assert erase_help(learner_id=learner.pk) == [f"help:{mine.pk}"]
    assert list(HelpRequest.objects.all()) == [other]


def test_a_group_is_shown_alone(course, learner):
    other = make.enroll(course=course)
    said = {"author": instructor_of(course), "now": NOW}
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], **said)
    ask(other, course, "His?")
    ask(learner, course, "Hers?")
    assert [each.text for each in help_requests_in(course.pk)] == ["Hers?", "His?"]
    assert [each.text for each in help_requests_in(course.pk, group="Monday")] == ["Hers?"]
