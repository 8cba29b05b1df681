"""Announcements: who sees them, what is new, corrections and withdrawals."""

from datetime import timedelta

import pytest

from announcements.models import Announcement
from announcements.selectors import announcements_for, is_announcing
from announcements.services import (
    announcement_html,
    correct_announcement,
    note_announcements_read,
    plan_announcement,
    post_announcement,
    withdraw_announcement,
)
from course.models import Course
from foundation.refusals import Refusal
from mail.models import Mail
from people.models import Enrollment, LearnerGroup
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
LONG_AFTER = make.NOW + timedelta(days=8)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


def put_in_group(course, user, name):
    group, _ = LearnerGroup.objects.get_or_create(course=course, name=name)
    Enrollment.objects.get(user=user, course=course).groups.add(group)


def post(course, teacher, *, audience="everyone", group="", key="k", text="Bring *paper*.", now=LATER, title="Exam"):
    return post_announcement(
        course=course, author=teacher, key=key, title=title, text=text, audience=audience, group=group,
        is_mailed=True, now=now,
    )  # fmt: skip


def titles(user, course):
    return [each.title for each in announcements_for(user, [course.pk])]


def test_everyone_in_the_class_reads_an_announcement_and_nobody_else(course, teacher):
    ada, later, left, stranger = (
        make.enroll(course=course),
        make.make_user(),
        make.enroll(course=course),
        make.make_user(),
    )
    Enrollment.objects.filter(user=left).update(unenrolled_at=make.NOW)
    posted = post(course, teacher)
    make.enroll(course=course, user=later)
    assert (posted.people, posted.html.strip()) == (1, "<p>Bring <em>paper</em>.</p>")
    assert [titles(person, course) for person in (ada, later, left, stranger)] == [["Exam"], ["Exam"], [], []]


def test_only_the_members_of_a_group_read_what_is_for_the_group(course, teacher):
    ada, bob = make.enroll(course=course), make.enroll(course=course)
    put_in_group(course, ada, "Monday")
    assert post(course, teacher, audience="group", group="Monday").people == 1
    assert (titles(ada, course), titles(bob, course)) == (["Exam"], [])
    put_in_group(course, bob, "Monday")
    assert titles(bob, course) == ["Exam"]


def test_the_learners_at_risk_are_those_of_the_moment_of_posting(course, teacher):
    make.make_review(course=course)
    away, here = make.enroll(course=course), make.enroll(course=course)
    Enrollment.objects.filter(user=away).update(enrolled_at=make.NOW)
    Enrollment.objects.filter(user=here).update(enrolled_at=LONG_AFTER)
    posted = post(course, teacher, audience="at_risk", now=LONG_AFTER)
    assert (posted.people, titles(away, course), titles(here, course)) == (1, ["Exam"], [])


def test_a_plan_says_whom_it_reaches_and_writes_nothing(course, teacher):
    for _ in range(3):
        make.enroll(course=course)
    reach, html = plan_announcement(course=course, text="Hello", audience="everyone", group="", now=LATER)
    assert (reach.people, reach.mailed, reach.unconfirmed, html) == (3, 0, 3, "<p>Hello</p>\n")
    assert not Announcement.objects.exists()
    assert not Mail.objects.exists()


def test_the_same_form_twice_posts_once(course, teacher):
    make.enroll(course=course)
    assert post(course, teacher) == post(course, teacher)
    assert (Announcement.objects.count(), Mail.objects.count()) == (1, 1)


def test_an_announcement_is_new_until_it_was_read(course, teacher):
    ada = make.enroll(course=course)
    post(course, teacher)
    new = lambda: [each.is_new for each in announcements_for(ada, [course.pk])]  # noqa: E731
    assert new() == [True]
    note_announcements_read(user=ada, course=course, now=LATER)
    assert new() == [False]
    post(course, teacher, key="other", now=LATER + timedelta(minutes=1))
    assert new() == [True, False]


def test_what_was_announced_before_somebody_joined_is_not_new_to_them(course, teacher):
    post(course, teacher)
    ada = make.enroll(course=course)
    Enrollment.objects.filter(user=ada).update(enrolled_at=LATER + timedelta(days=1))
    assert [each.is_new for each in announcements_for(ada, [course.pk])] == [False]


def test_a_correction_changes_what_everyone_reads_and_a_withdrawal_removes_it(course, teacher):
    ada, posted = make.enroll(course=course), post(course, teacher)
    said = {"course": course, "announcement_id": posted.pk, "author": teacher, "now": LATER}
    corrected = correct_announcement(title="Midterm", text="Bring **two**.", **said)
    assert (corrected.edited_at, corrected.html) == (LATER, "<p>Bring <strong>two</strong>.</p>\n")
    assert titles(ada, course) == ["Midterm"]
    withdraw_announcement(**said)
    assert (titles(ada, course), is_announcing(course.pk)) == ([], False)
    with pytest.raises(Refusal, match="withdrawn"):
        correct_announcement(title="Again", text="x", **said)
    actions = AuditEntry.objects.filter(course=course).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["post_announcement", "correct_announcement", "withdraw_announcement"]


def test_a_course_announces_from_its_first_announcement_on(course, teacher):
    assert not is_announcing(course.pk)
    post(course, teacher)
    assert is_announcing(course.pk)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"audience": "group", "group": "Tuesday"}, "group_unknown"),
        ({"audience": "at_risk"}, "audience_empty"),
        ({"text": "![figure](secret.svg)"}, "announcement_unfit"),
        ({"text": "  "}, "announcement_unfit"),
    ],
)
def test_what_nobody_could_read_is_refused(course, teacher, facts, code):
    with pytest.raises(Refusal) as refused:
        post(course, teacher, **{"now": make.NOW, **facts})
    assert refused.value.code == code
    assert not Announcement.objects.exists()


def test_html_in_an_announcement_is_shown_as_text(course):
    assert announcement_html("<script>alert(1)</script>", course) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_nothing_is_announced_in_a_hidden_course(course, teacher):
    Course.objects.filter(pk=course.pk).update(visibility="hidden")
    with pytest.raises(Refusal) as refused:
        post(Course.objects.get(pk=course.pk), teacher)
    assert refused.value.code == "class_sees_nothing"
