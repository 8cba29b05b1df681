"""A role that is limited to groups: giving, changing, undoing and ending the limit, and what becomes of the groups (D42)."""

import pytest

from foundation.refusals import Refusal
from people.access import permissions_in, standing_in
from people.forms import AccountForm
from people.models import Enrollment, LearnerGroup, RoleLimit
from people.rules.roles import ROLES, Permission
from people.selectors import learners_in, limit_of, role_changes
from people.services import appoint_staff, dismiss_staff, enroll, set_groups, undo_role_change
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def admin():
    return make.make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def learners(course, admin):
    """Two learners in groups, one in both, and one in none."""
    people = {}
    for name, groups in (("mona", ["Monday"]), ("tina", ["Tuesday"]), ("bo", ["Monday", "Tuesday"]), ("nora", [])):
        people[name] = make.enroll(course=course, user=make.make_user(username=name))
        put(course, admin, people[name], groups)
    return people


@pytest.fixture
def omar():
    return make.make_user(username="omar")


def put(course, admin, learner, groups):
    set_groups(course=course, learner_id=learner.pk, names=groups, author=admin, now=NOW)


def appoint(course, admin, groups, role="assistant", **stated):
    order = {"course": course, "username": "omar", "author": admin, "reason": "helps", "now": NOW}
    return appoint_staff(role=role, groups=groups, **order, **stated)


def seen(course, person):
    rows = learners_in(course.pk, sight=standing_in(person, course.pk).sight)
    return sorted(rows.values_list("user__username", flat=True))


def limit(person):
    return limit_of(Enrollment.objects.get(user=person))


def code(act, *args, **order):
    with pytest.raises(Refusal) as refused:
        act(*args, **order)
    return refused.value.code


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (None, ["bo", "mona", "nora", "tina"]),
        (["Monday"], ["bo", "mona"]),
        (["Monday", "Tuesday"], ["bo", "mona", "tina"]),
    ],
)
def test_a_limited_assistant_sees_each_learner_of_the_groups_once_and_nobody_without_a_group(
    course, admin, learners, omar, groups, names
):
    appoint(course, admin, groups)
    assert seen(course, omar) == names


@pytest.mark.parametrize("role", ["assistant", "observer"])
def test_a_limited_role_allows_nothing_that_counts_the_whole_class(course, admin, learners, omar, role):
    appoint(course, admin, ["Monday"], role)
    whole = {Permission.SEE_ANALYSIS, Permission.COMPUTE_ANALYSIS}
    assert permissions_in(omar, course.pk) == ROLES[role] - whole


@pytest.mark.parametrize("role", ["instructor", "author"])
def test_no_other_role_can_be_limited(course, admin, learners, omar, role):
    assert code(appoint, course, admin, ["Monday"], role) == "limit_unfit"
    assert not Enrollment.objects.filter(user=omar).exists()


@pytest.mark.parametrize(("groups", "refusal"), [([], "limit_unfit"), (["Monday", "Sunday"], "limit_group_unknown")])
def test_a_limit_names_groups_of_the_course(course, admin, learners, omar, groups, refusal):
    assert code(appoint, course, admin, groups) == refusal
    assert not LearnerGroup.objects.filter(name="Sunday").exists()


def test_a_group_of_another_course_with_the_same_name_gives_nothing(course, admin, learners, omar):
    other = make.make_course()
    stranger = make.enroll(course=other, user=make.make_user(username="stranger"))
    put(other, admin, stranger, ["Monday"])
    appoint(course, admin, ["Monday"])
    assert seen(other, omar) == ["stranger"]  # no role there, so no limit; and no permission
    assert permissions_in(omar, other.pk) == frozenset()
    assert seen(course, omar) == ["bo", "mona"]


def test_appointing_again_changes_the_limit_and_the_audit_keeps_both(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    appoint(course, admin, ["Monday"])  # again changes nothing
    appoint(course, admin, ["Tuesday", "Monday"])
    appoint(course, admin, None, whole_class=True)
    assert list(role_changes(course.pk).order_by("pk").values_list("action", "details")) == [
        ("appoint_assistant", {"username": "omar", "groups": "Monday"}),
        (
            "appoint_assistant",
            {
                "username": "omar",
                "role_before": "assistant",
                "groups": "Monday | Tuesday",
                "groups_before": "Monday",
            },
        ),
        (
            "appoint_assistant",
            {"username": "omar", "role_before": "assistant", "groups_before": "Monday | Tuesday"},
        ),
    ]
    assert limit(omar) is None


def test_a_change_of_the_limit_is_undone_and_so_is_a_dismissal(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    appoint(course, admin, None, whole_class=True)
    undo_role_change(course=course, entry_id=role_changes(course.pk)[0].pk, author=admin, now=NOW)
    assert limit(omar) == ["Monday"]
    dismiss_staff(course=course, username="omar", author=admin, reason="over", now=NOW)
    assert (limit(omar), permissions_in(omar, course.pk)) == (None, frozenset())
    undo_role_change(course=course, entry_id=role_changes(course.pk)[0].pk, author=admin, now=NOW)
    assert (limit(omar), seen(course, omar)) == (["Monday"], ["bo", "mona"])


def test_a_limited_assistant_who_is_dismissed_returns_without_the_groups_as_a_learner(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    dismiss_staff(course=course, username="omar", author=admin, reason="over", now=NOW)
    enrollment, _ = enroll(user=omar, course=course, now=NOW)
    assert (enrollment.role, list(enrollment.groups.all()), limit(omar)) == ("learner", [], None)


@pytest.mark.parametrize("role", ["assistant", "observer"])
def test_appointing_a_limited_person_again_without_saying_anything_about_groups_is_refused(
    course, admin, learners, omar, role
):
    appoint(course, admin, ["Tuesday", "Monday"])
    with pytest.raises(Refusal) as refused:
        appoint(course, admin, None, role)
    assert (refused.value.code, refused.value.facts) == ("limit_unstated", {"groups": "Monday, Tuesday"})
    assert (limit(omar), Enrollment.objects.get(user=omar).role) == (["Monday", "Tuesday"], "assistant")
    assert role_changes(course.pk).count() == 1


def test_a_limit_whose_groups_are_gone_does_not_end_silently_either(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    LearnerGroup.objects.filter(name="Monday").delete()
    assert code(appoint, course, admin, None) == "limit_unstated"
    assert seen(course, omar) == []
    appoint(course, admin, None, whole_class=True)
    assert len(seen(course, omar)) == 4


def test_the_whole_class_together_with_groups_is_refused(course, admin, learners, omar):
    assert code(appoint, course, admin, ["Monday"], whole_class=True) == "limit_contradictory"
    assert not Enrollment.objects.filter(user=omar).exists()


@pytest.mark.parametrize("whole_class", [False, True])
def test_a_person_without_a_limit_has_none_after_being_appointed_again(course, admin, learners, omar, whole_class):
    appoint(course, admin, None, whole_class=whole_class)
    appoint(course, admin, None, "observer")
    assert (limit(omar), len(seen(course, omar))) == (None, 4)


def test_undoing_the_first_limit_of_a_role_ends_it(course, admin, learners, omar):
    appoint(course, admin, None)
    appoint(course, admin, ["Monday"])
    undo_role_change(course=course, entry_id=role_changes(course.pk)[0].pk, author=admin, now=NOW)
    assert limit(omar) is None


def test_a_role_that_replaces_a_limited_one_is_not_limited(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    appoint(course, admin, None, "author")
    assert (limit(omar), RoleLimit.objects.count()) == (None, 0)


def test_a_group_that_nobody_is_in_any_more_stays_as_long_as_a_role_is_limited_to_it(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    put(course, admin, learners["mona"], ["Late Monday"])
    put(course, admin, learners["bo"], [])
    assert (seen(course, omar), limit(omar)) == ([], ["Monday"])  # nobody, and not the group that they went to
    put(course, admin, learners["mona"], ["Monday"])
    assert seen(course, omar) == ["mona"]
    put(course, admin, learners["mona"], [])
    dismiss_staff(course=course, username="omar", author=admin, reason="over", now=NOW)
    assert not LearnerGroup.objects.filter(name="Monday").exists()


def test_losing_the_last_group_leaves_nobody_and_not_everybody(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    LearnerGroup.objects.filter(name="Monday").delete()
    assert (limit(omar), seen(course, omar)) == ([], [])
    again = LearnerGroup.objects.create(course=course, name="Monday")
    Enrollment.objects.get(user=learners["mona"]).groups.add(again)
    assert seen(course, omar) == []


def test_a_group_under_another_name_keeps_its_learners_in_sight_and_brings_no_others(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    LearnerGroup.objects.filter(name="Monday").update(name="Mornings")
    assert (limit(omar), seen(course, omar)) == (["Mornings"], ["bo", "mona"])


def test_undoing_brings_back_a_limit_to_a_group_that_has_ended_and_never_widens_it(course, admin, learners, omar):
    appoint(course, admin, ["Monday"])
    appoint(course, admin, ["Tuesday"])
    put(course, admin, learners["mona"], [])
    put(course, admin, learners["bo"], [])
    assert not LearnerGroup.objects.filter(name="Monday").exists()
    undo_role_change(course=course, entry_id=role_changes(course.pk)[0].pk, author=admin, now=NOW)
    assert (limit(omar), seen(course, omar)) == (["Monday"], [])


def test_an_instructor_gives_limits_and_a_limited_assistant_gives_none(course, learners, omar):
    instructor = make.enroll(course=course, role="instructor")
    appoint(course, instructor, ["Monday"])
    order = {"course": course, "username": "omar", "role": "assistant", "reason": "more", "now": NOW}
    assert code(appoint_staff, author=omar, groups=None, **order) == "role_insufficient"
    assert AuditEntry.objects.filter(action="appoint_assistant").count() == 1


@pytest.mark.parametrize(
    ("groups", "has_limits", "fields"),
    [
        ([], False, []),
        ([], True, ["whole_class"]),
        (["Monday"], False, ["groups", "whole_class"]),
    ],
)
def test_the_form_can_end_a_limit_though_its_groups_and_all_others_are_gone(groups, has_limits, fields):
    form = AccountForm(known_groups=groups, has_limits=has_limits)
    assert list(form.fields) == ["username", "role", *fields, "reason"]
