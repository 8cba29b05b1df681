"""Enrolling never grants a role, and leaving never ends one: instructors and administrators do, and the audit says so."""

from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.refusals import Refusal
from people.access import course_with_permission
from people.models import Enrollment
from people.rules.roles import ROLES, Permission
from people.selectors import course_with_groups, group_names, learners_in, role_changes, staff_of
from people.services import appoint_staff, dismiss_staff, enroll, set_groups, undo_role_change, unenroll
from quizzes.services import override_score, save_draft, start_sitting
from records.models import AuditEntry
from tests import factories as make
from tests.labs.making import make_lab, make_test_run

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def admin():
    return make.make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def teacher(course, admin):
    user = make.make_user(username="ines")
    appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="new here", now=NOW)
    user.refresh_from_db()
    return user


def dismiss(course, admin, user):
    dismiss_staff(course=course, username=user.username, author=admin, reason="left", now=NOW)
    user.refresh_from_db()


def by_service(user, course, client):
    return enroll(user=user, course=course, now=NOW)[0].role


def by_page(user, course, client):
    client.force_login(user)
    assert client.post(reverse("enroll", args=[course.slug]), {"name": "Ines"}).status_code == 302
    return Enrollment.objects.get(user=user, course=course).role


def by_api(user, course, client):
    client.force_login(user)
    return client.post(f"/api/v1/courses/{course.slug}/enrollment/", {}, content_type="application/json").json()["role"]


WAYS = pytest.mark.parametrize("enroll", [by_service, by_page, by_api])


@WAYS
def test_a_dismissed_instructor_who_enrolls_is_a_learner(course, admin, teacher, client, enroll):
    dismiss(course, admin, teacher)
    assert enroll(teacher, course, client) == "learner"
    assert Enrollment.objects.get(user=teacher).is_learner is True
    assert staff_of(course.pk) == []
    with pytest.raises(Refusal, match="couldn’t find"):
        course_with_permission(teacher, course.slug, Permission.SEE_GRADES)
    assert client.get(reverse("dashboard", args=[course.slug])).status_code in (302, 404)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "target")
    target = f"user:{teacher.pk}"
    assert list(entries) == [
        ("appoint_instructor", admin.pk, target),
        ("dismiss_instructor", admin.pk, target),
        ("enroll_dismissed_instructor", teacher.pk, target),
    ]


@WAYS
def test_an_instructor_who_enrolls_stays_instructor_and_nothing_is_stored(course, teacher, client, enroll):
    before = list(Enrollment.objects.values())
    assert enroll(teacher, course, client) == "instructor"
    assert list(Enrollment.objects.values()) == before
    assert AuditEntry.objects.count() == 1


def test_a_learner_who_comes_back_is_a_learner_and_needs_no_audit(course):
    learner = make.enroll(course=course)
    unenroll(user=learner, course=course, now=NOW)
    assert enroll(user=learner, course=course, now=NOW)[0].role == "learner"
    assert AuditEntry.objects.count() == 0


def test_an_instructor_cannot_leave_by_the_service_the_page_or_the_api(course, teacher, client):
    with pytest.raises(Refusal) as refused:
        unenroll(user=teacher, course=course, now=NOW)
    assert refused.value.code == "teaches_the_course"
    client.force_login(teacher)
    answer = client.delete(f"/api/v1/courses/{course.slug}/enrollment/")
    assert (answer.status_code, answer.json()["code"]) == (409, "teaches_the_course")
    page = client.post(reverse("unenroll", args=[course.slug]))
    assert (page.status_code, b"remove you" in page.content) == (409, True)
    assert [row.user for row in staff_of(course.pk)] == [teacher]
    assert b"Leave this course" not in client.get(reverse("course", args=[course.slug])).content


def test_a_learner_of_the_course_sees_how_to_leave_it(course, client):
    client.force_login(make.enroll(course=course))
    assert b"Leave this course" in client.get(reverse("course", args=[course.slug])).content


def test_a_dismissed_instructor_is_appointed_again(course, admin, teacher):
    dismiss(course, admin, teacher)
    appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="back", now=NOW)
    assert [row.user for row in staff_of(course.pk)] == [teacher]


def answer(user, course):
    """Let a learner save a draft, which is the least work that is stored."""
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    save_draft(learner=user, question_id=question.pk, response="1", revision=0, now=NOW)


def test_a_former_instructor_who_works_in_the_course_as_a_learner_is_not_appointed(course, admin, teacher):
    dismiss(course, admin, teacher)
    enroll(user=teacher, course=course, now=NOW)
    answer(teacher, course)
    with pytest.raises(Refusal) as refused:
        appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="back", now=NOW)
    assert refused.value.code == "takes_the_course"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_given_replaced_and_ended_and_the_audit_says_by_whom(course, admin, role):
    user = make.make_user(username="omar")
    said = {"course": course, "username": "omar", "author": admin, "reason": "for the term", "now": NOW}
    appoint_staff(role=role, **said)
    appoint_staff(role=role, **said)  # again changes nothing
    other = next(each for each in ROLES if each != role)
    appoint_staff(role=other, **said)
    assert [(row.user, row.role) for row in staff_of(course.pk)] == [(user, other)]
    dismiss(course, admin, user)
    assert (staff_of(course.pk), user.is_staff) == ([], False)
    assert enroll(user=user, course=course, now=NOW)[0].role == "learner"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "details")) == [
        (f"appoint_{role}", admin.pk, {"username": "omar"}),
        (f"appoint_{other}", admin.pk, {"username": "omar", "role_before": role}),
        (f"dismiss_{other}", admin.pk, {"username": "omar"}),
        (f"enroll_dismissed_{other}", user.pk, {"username": "omar"}),
    ]


@pytest.mark.parametrize("is_staff", [True, False])
def test_neither_an_appointment_nor_its_end_decides_whether_an_account_opens_the_admin(course, admin, is_staff):
    user = make.make_user(username="omar", is_staff=is_staff)
    appoint_staff(course=course, username="omar", role="instructor", author=admin, reason="for the term", now=NOW)
    user.refresh_from_db()
    before = user.is_staff
    dismiss(course, admin, user)
    assert (before, user.is_staff) == (is_staff, is_staff)


@pytest.mark.parametrize("role", ["learner", "owner", ""])
def test_no_other_role_can_be_given(course, admin, role):
    make.make_user(username="omar")
    with pytest.raises(Refusal) as refused:
        appoint_staff(course=course, username="omar", role=role, author=admin, reason="for the term", now=NOW)
    assert (refused.value.code, Enrollment.objects.count()) == ("role_unknown", 0)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "instructor"])
def test_nobody_below_an_instructor_gives_or_takes_a_role(course, role):
    person = make.enroll(course=course, role=role)
    make.make_user(username="omar")
    change = {"course": course, "username": "omar", "author": person, "reason": "for the term", "now": NOW}
    for act in (lambda: appoint_staff(role="observer", **change), lambda: dismiss_staff(**change)):
        assert code_of(act) == "role_insufficient"


def test_an_instructor_of_another_course_gives_no_role_here(course):
    person = make.enroll(course=make.make_course(), role="instructor")
    make.make_user(username="omar")
    change = {"course": course, "username": "omar", "author": person, "reason": "for the term", "now": NOW}
    assert code_of(lambda: appoint_staff(role="observer", **change)) == "role_insufficient"


@pytest.mark.parametrize("role", ROLES)
def test_an_instructor_gives_every_role_and_takes_it(course, teacher, role):
    omar = make.make_user(username="omar")
    change = {"course": course, "username": "omar", "author": teacher, "reason": "for the term", "now": NOW}
    appoint_staff(role=role, **change)
    assert (omar, role) in [(row.user, row.role) for row in staff_of(course.pk)]
    dismiss_staff(**change)
    assert [row.user for row in staff_of(course.pk)] == [teacher]


def test_a_course_keeps_an_instructor_unless_an_administrator_ends_the_last_role(course, admin, teacher):
    own = {"course": course, "username": "ines", "author": teacher, "reason": "moved", "now": NOW}
    assert code_of(lambda: dismiss_staff(**own)) == "last_instructor"
    assert code_of(lambda: appoint_staff(role="author", **own)) == "last_instructor"
    second = make.enroll(course=course, role="instructor")
    dismiss_staff(**own)
    assert [row.user for row in staff_of(course.pk)] == [second]
    dismiss(course, admin, second)
    assert staff_of(course.pk) == []


def newest_change(course):
    return role_changes(course.pk).first().pk


def held(course):
    return {row.user.username: row.role for row in staff_of(course.pk)}


def test_an_administrator_undoes_the_newest_change_of_a_person_and_the_undoing_too(course, admin, teacher):
    make.make_user(username="omar")
    change = {"course": course, "username": "omar", "author": teacher, "reason": "for the term", "now": NOW}
    undone = {"course": course, "author": admin, "now": NOW}
    appoint_staff(role="observer", **change)
    appoint_staff(role="assistant", **change)
    undo_role_change(entry_id=newest_change(course), **undone)
    assert held(course) == {"ines": "instructor", "omar": "observer"}
    undo_role_change(entry_id=newest_change(course), **undone)
    assert held(course) == {"ines": "instructor", "omar": "assistant"}
    dismiss_staff(**change)
    undo_role_change(entry_id=newest_change(course), **undone)
    assert held(course) == {"ines": "instructor", "omar": "assistant"}
    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.action, entry.actor, entry.details["undoes"]) == ("appoint_assistant", admin, entry.pk - 1)


def test_an_appointment_that_is_undone_ends(course, admin, teacher):
    undo_role_change(course=course, entry_id=newest_change(course), author=admin, now=NOW)
    assert held(course) == {}


def test_only_an_administrator_undoes_and_only_the_newest_change_of_a_person(course, admin, teacher):
    make.make_user(username="omar")
    change = {"course": course, "username": "omar", "author": teacher, "reason": "for the term", "now": NOW}
    appoint_staff(role="observer", **change)
    first = newest_change(course)
    undone = {"course": course, "now": NOW}
    assert code_of(lambda: undo_role_change(entry_id=first, author=teacher, **undone)) == "not_permitted"
    appoint_staff(role="assistant", **change)
    assert code_of(lambda: undo_role_change(entry_id=first, author=admin, **undone)) == "nothing_to_undo"
    elsewhere = {"course": make.make_course(), "now": NOW}
    assert code_of(lambda: undo_role_change(entry_id=first, author=admin, **elsewhere)) == "not_found"
    assert held(course) == {"ines": "instructor", "omar": "assistant"}


def test_the_end_of_a_role_is_not_undone_for_somebody_who_works_as_a_learner_since(course, admin, teacher):
    dismiss(course, admin, teacher)
    enroll(user=teacher, course=course, now=NOW)
    answer(teacher, course)
    undo = {"course": course, "entry_id": newest_change(course), "author": admin, "now": NOW}
    assert code_of(lambda: undo_role_change(**undo)) == "takes_the_course"
    assert Enrollment.objects.get(user=teacher).is_learner is True


def test_somebody_of_the_class_who_has_not_begun_gets_a_role_and_leaves_the_groups(course, teacher):
    learner = make.enroll(course=course)
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], author=teacher, now=NOW)
    change = {"course": course, "username": learner.username, "author": teacher, "reason": "helps", "now": NOW}
    appoint_staff(role="assistant", **change)
    assert held(course)[learner.username] == "assistant"
    assert (learners_in(course.pk).count(), group_names(course_with_groups(course.slug))) == (0, [])
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry.details == {"username": learner.username, "role_before": "learner"}


def work_in_an_exam(course, learner, teacher):
    start_sitting(learner=learner, assessment=make.make_exam(course=course), now=NOW)


def work_in_a_lab(course, learner, teacher):
    make_test_run(make_lab(course=course), learner, "passed")


def get_points(course, learner, teacher):
    review = make.make_review(course=course, kinds=["numeric"])
    given = {"points": Decimal(1), "author": teacher, "reason": "an oral exam", "now": NOW}
    override_score(course=course, assessment_id=review.pk, learner_id=learner.pk, **given)


@pytest.mark.parametrize("begin", [work_in_an_exam, work_in_a_lab, get_points])
def test_a_learner_who_has_begun_stays_a_learner(course, teacher, begin):
    learner = make.enroll(course=course)
    begin(course, learner, teacher)
    change = {"course": course, "username": learner.username, "author": teacher, "reason": "helps", "now": NOW}
    assert code_of(lambda: appoint_staff(role="assistant", **change)) == "takes_the_course"
    assert Enrollment.objects.get(user=learner).is_learner is True


def test_work_in_another_course_is_no_obstacle(course, teacher):
    other = make.make_course()
    learner = make.enroll(course=other)
    answer(learner, other)
    enroll(user=learner, course=course, now=NOW)
    change = {"course": course, "username": learner.username, "author": teacher, "reason": "helps", "now": NOW}
    assert appoint_staff(role="author", **change).role == "author"


def test_undoing_the_appointment_of_a_learner_brings_them_back_into_the_class(course, admin, teacher):
    learner = make.enroll(course=course)
    change = {"course": course, "username": learner.username, "author": teacher, "reason": "helps", "now": NOW}
    appoint_staff(role="assistant", **change)
    undo_role_change(course=course, entry_id=newest_change(course), author=admin, now=NOW)
    assert Enrollment.objects.get(user=learner).is_learner is True
    undo_role_change(course=course, entry_id=newest_change(course), author=admin, now=NOW)
    assert held(course)[learner.username] == "assistant"


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code
