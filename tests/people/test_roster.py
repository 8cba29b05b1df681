"""A class list put into effect: accounts, enrollments, groups; and leaving and coming back."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from course.refusals import Refusal
from people.models import Enrollment, LearnerGroup
from people.rules.roster import read_roster
from people.selectors import course_with_groups, group_names, learners_in
from people.services import (
    apply_roster,
    enroll,
    plan_roster,
    remove_learner,
    restore_learner,
    set_groups,
    unenroll,
    without_password,
)
from portal.rights.selectors import course_tables
from portal.rights.services import erase_person
from records.models import AuditEntry
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make.make_user(username="teacher", is_staff=True)


@pytest.fixture
def course():
    return make.make_course()


def confirmed(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def plan_of(course, text):
    found = read_roster(text)
    assert found.mistakes == ()
    return found.rows, plan_roster(course=course, rows=found.rows)


def apply(course, text, author):
    rows, plan = plan_of(course, text)
    assert plan.mistakes == ()
    return apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW)


def fates(course, text):
    return [found.kind for found in plan_of(course, text)[1].fates]


def refused(course, text):
    return [(each.number, each.sentence) for each in plan_of(course, text)[1].mistakes]


LIST = "email,name,group\nnew@example.org,New Comer,Monday\nold@example.org,,Monday | Lab\n"


def test_the_list_creates_enrolls_and_groups_and_repeats_without_effect(course, author):
    old = confirmed(make.make_user(username="old"))
    assert fates(course, LIST) == ["create", "enroll"]
    assert (User.objects.filter(username="new").exists(), Enrollment.objects.count()) == (False, 0)
    apply(course, LIST, author)
    new = User.objects.get(username="new")
    assert (new.email, new.name, new.has_usable_password(), new.is_staff) == (
        "new@example.org",
        "New Comer",
        False,
        False,
    )
    found = {
        row.user.username: (row.role, row.name, sorted(g.name for g in row.groups.all()))
        for row in learners_in(course.pk)
    }
    assert found == {"new": ("learner", "New Comer", ["Monday"]), "old": ("learner", old.name, ["Lab", "Monday"])}
    before = (AuditEntry.objects.count(), User.objects.count())
    assert fates(course, LIST) == ["unchanged", "unchanged"]
    assert [each.fate for each in apply(course, LIST, author)] == ["unchanged", "unchanged"]
    assert (AuditEntry.objects.count(), User.objects.count()) == before
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", "details"))
    assert actions == [
        ("list_learner", {"fate": "create", "groups": "Monday"}),
        ("list_learner", {"fate": "enroll", "groups": "Monday, Lab"}),
        ("import_roster", {"create": 1, "enroll": 1}),
    ]


def test_a_list_only_adds(course, author):
    apply(course, LIST, author)
    apply(course, "email,group\nnew@example.org,Tuesday\n", author)
    assert group_names(course_with_groups(course.slug)) == ["Lab", "Monday", "Tuesday"]
    assert learners_in(course.pk, group="Monday").count() == 2
    assert [row.user.username for row in learners_in(course.pk, group="Tuesday")] == ["new"]


def test_a_name_that_is_taken_gets_a_number(course, author):
    make.make_user(username="New")
    make.make_user(username="new2")
    listed = apply(course, "email\nnew@elsewhere.org\n", author)
    assert listed[0].user.username == "new3"


def test_those_who_left_come_back_and_staff_stay_staff(course, author):
    left = make.enroll(course=course, user=make.make_user(username="left"))
    unenroll(user=left, course=course, now=make.NOW)
    gone = make.enroll(course=course, user=make.make_user(username="gone"))
    remove_learner(course=course, learner_id=gone.pk, author=author, reason="moved", now=make.NOW)
    make.enroll(course=course, user=author, role="instructor")
    text = "username\nleft\nGONE\nteacher\n"
    assert fates(course, text) == ["return", "return", "staff"]
    apply(course, text, author)
    assert {row.user.username for row in learners_in(course.pk)} == {"left", "gone"}
    assert Enrollment.objects.get(user=author).role == "instructor"


def test_an_address_that_nobody_confirmed_is_not_a_persons(course, author):
    stranger = make.make_user(username="mallory")
    assert fates(course, "email\nmallory@example.org\n") == ["create"]
    listed = apply(course, "email\nmallory@example.org\n", author)
    assert listed[0].user.pk != stranger.pk
    assert fates(course, "email\nmallory@example.org\n") == ["unchanged"]


def test_rows_that_contradict_an_account_are_refused(course, author):
    make.enroll(course=course, user=confirmed(make.make_user(username="ada")))
    make.make_user(username="bob", is_active=False)
    assert refused(course, "username,email\nada,other@example.org\n") == [
        (2, "The account “ada” has another email address.")
    ]
    assert refused(course, "username\nnobody\n") == [
        (2, "No account is called “nobody”. Add an email address to create it.")
    ]
    assert refused(course, "username\nbob\n") == [(2, "This account was deactivated, so it cannot be enrolled.")]
    assert refused(course, "username,email\nada,\n,ada@example.org\n") == [(3, "Row 2 names the same account.")]


def test_a_list_that_changed_meanwhile_or_has_mistakes_changes_nothing(course, author):
    rows, plan = plan_of(course, LIST)
    make.enroll(course=course, user=confirmed(make.make_user(username="new")))
    with pytest.raises(Refusal) as refusal:
        apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW)
    assert refusal.value.code == "roster_stale"
    rows, plan = plan_of(course, "username\nnobody\n")
    with pytest.raises(Refusal):
        apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=make.NOW)
    assert (Enrollment.objects.count(), AuditEntry.objects.count(), LearnerGroup.objects.count()) == (1, 0, 0)


def test_only_accounts_of_this_class_get_a_link(course, author):
    listed = apply(course, LIST + "third@example.org,Third,\n", author)
    ids = [each.user.pk for each in listed]
    assert [user.username for user in without_password(course=course, user_ids=ids)] == ["new", "old", "third"]
    make.enroll(course=make.make_course(), user=User.objects.get(username="new"))
    User.objects.filter(username="old").update(last_login=make.NOW)
    third = User.objects.get(username="third")
    third.set_password("a-long-word")
    third.save()
    assert without_password(course=course, user_ids=ids) == []


def test_nobody_gets_a_link_to_an_account_that_may_do_more_than_learn(course, author):
    listed = apply(course, LIST, author)
    users = [each.user for each in listed]
    Enrollment.objects.filter(user=users[0]).update(role="observer")
    for right in ("is_staff", "is_superuser", "is_course_creator"):
        User.objects.filter(pk=users[1].pk).update(
            **dict.fromkeys(("is_staff", "is_superuser", "is_course_creator"), False) | {right: True}
        )
        assert without_password(course=course, user_ids=[user.pk for user in users[:2]]) == []


def test_the_plan_reads_the_same_number_of_rows_for_any_list(course):
    short = read_roster("email\n" + "a1@example.org\n").rows
    long = read_roster("email\n" + "".join(f"a{number}@example.org\n" for number in range(300))).rows
    with counted_statements() as few:
        plan_roster(course=course, rows=short)
    with counted_statements() as many:
        plan_roster(course=course, rows=long)
    assert len(few) == len(many)


def test_a_removed_learner_finds_everything_but_only_when_brought_back(course, author):
    learner = make.enroll(course=course)
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], author=author, now=make.NOW)
    for _ in range(2):
        remove_learner(course=course, learner_id=learner.pk, author=author, reason="moved", now=make.NOW)
    with pytest.raises(Refusal) as refusal:
        enroll(user=learner, course=course, now=make.NOW)
    assert refusal.value.code == "removed_from_class"
    for _ in range(2):
        restore_learner(course=course, learner_id=learner.pk, author=author, now=make.NOW)
    found = Enrollment.objects.get(user=learner)
    assert (found.is_learner, found.removed_at, [group.name for group in found.groups.all()]) == (
        True,
        None,
        ["Monday"],
    )
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", "reason"))
    assert actions == [("set_groups", ""), ("remove_learner", "moved"), ("restore_learner", "")]


def test_what_cannot_be_is_refused(course, author):
    learner, said = make.enroll(course=course), {"course": course, "author": author, "now": make.NOW}
    codes = []
    for act in (
        lambda: remove_learner(learner_id=learner.pk, reason=" ", **said),
        lambda: remove_learner(learner_id=author.pk, reason="moved", **said),
        lambda: restore_learner(learner_id=make.enroll(course=make.make_course()).pk, **said),
        lambda: set_groups(learner_id=learner.pk, names=["a|b"], **said),
        lambda: set_groups(learner_id=learner.pk, names=["x" * 81], **said),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        codes.append(refusal.value.code)
    unenroll(user=learner, course=course, now=make.NOW)
    with pytest.raises(Refusal) as refusal:
        remove_learner(learner_id=learner.pk, reason="moved", **said)
    assert [*codes, refusal.value.code] == [
        "reason_missing",
        "not_found",
        "not_found",
        "group_unfit",
        "group_unfit",
        "not_in_class",
    ]
    assert AuditEntry.objects.count() == 0


def test_the_archive_names_a_persons_groups_and_erasing_removes_them(course, author):
    learner = make.enroll(course=course)
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], author=author, now=make.NOW)
    assert dict(course_tables(learner.pk, None))["groups"] == [{"course__slug": course.slug, "name": "Monday"}]
    erase_person(user=learner, actor=None, reason="asked", now=make.NOW)
    assert dict(course_tables(learner.pk, None))["groups"] == []


def test_a_group_without_learners_ends(course, author):
    learner = make.enroll(course=course)
    said = {"course": course, "learner_id": learner.pk, "author": author, "now": make.NOW}
    set_groups(names=["Monday", " Lab  B "], **said)
    assert group_names(course_with_groups(course.slug)) == ["Lab B", "Monday"]
    set_groups(names=[], **said)
    assert group_names(course_with_groups(course.slug)) == []


def told(course, text):
    """Return everything that is shown of a list before it is applied, without the addresses and usernames in it."""
    rows, plan = plan_of(course, text)
    shown = [(each.public_kind, each.member, each.added) for each in plan.fates]
    return shown, [each.sentence for each in plan.mistakes], [row.number for row in rows]


@pytest.mark.parametrize("is_active", [True, False])
def test_before_it_is_applied_a_list_does_not_say_which_addresses_have_accounts(course, is_active):
    known = confirmed(make.make_user(username="known", is_active=is_active))
    for known_rows, unknown_rows in (
        ("email\nknown@example.org\n", "email\nunknown@example.org\n"),
        ("username,email\nfree,known@example.org\n", "username,email\nfree,unknown@example.org\n"),
        ("username,email\nknown,known@example.org\n", "username,email\nknown,unknown@example.org\n"),
    ):
        assert told(course, known_rows) == told(course, unknown_rows) == ([("add", None, ())], [], [2])
    make.enroll(course=course, user=known)
    assert told(course, "email\nknown@example.org\n")[0] == [("unchanged", known, ())]


def test_two_rows_that_turn_out_to_mean_one_person_enroll_them_once(course, author):
    confirmed(make.make_user(username="ada"))
    text = "username,email,group\nada,,Monday\n,ada@example.org,Lab\n"
    assert told(course, text) == ([("add", None, ("Monday",)), ("add", None, ("Lab",))], [], [2, 3])
    apply(course, text, author)
    assert sorted(group.name for group in Enrollment.objects.get().groups.all()) == ["Lab", "Monday"]


def test_the_digest_of_a_plan_does_not_depend_on_who_has_an_account(course):
    text = "email\nada@example.org\n"
    _rows, before = plan_of(course, text)
    confirmed(make.make_user(username="ada"))
    _rows, after = plan_of(course, text)
    assert (after.fates[0].kind, after.digest) == ("enroll", before.digest)


def test_a_list_with_a_username_that_was_taken_can_be_applied_again(course, author):
    make.make_user(username="ada")
    text = "username,email\nada,other@example.org\n"
    assert [each.user.username for each in apply(course, text, author)] == ["ada2"]
    assert fates(course, text) == ["unchanged"]


def test_the_address_decides_and_a_username_that_is_taken_gets_a_number(course, author):
    ada = confirmed(make.make_user(username="ada"))
    text = "username,email\nADA,other@example.org\nlovelace,ada@example.org\n"
    listed = apply(course, text, author)
    assert [(each.user.username, each.fate) for each in listed] == [("ADA2", "create"), (ada.username, "enroll")]
    again = apply(course, text, author)
    assert [(each.user.username, each.fate) for each in again] == [("ADA2", "unchanged"), ("ada", "unchanged")]


def test_a_list_with_another_username_renames_nobody_and_makes_no_second_account(course, author):
    make.enroll(course=course, user=confirmed(make.make_user(username="ada")))
    apply(course, "email\nother@example.org\n", author)
    text = "username,email\nlovelace,ada@example.org\nnobody,other@example.org\n"
    people = list(User.objects.order_by("pk").values_list("pk", "username"))
    assert [each.fate for each in apply(course, text, author)] == ["unchanged", "unchanged"]
    assert list(User.objects.order_by("pk").values_list("pk", "username")) == people


def test_a_username_of_the_class_does_not_say_whether_an_address_outside_of_it_has_an_account(course):
    make.enroll(course=course, user=confirmed(make.make_user(username="ada")))
    confirmed(make.make_user(username="known"))
    lists = [f"username,email\nada,{name}@example.org\n" for name in ("known", "unknown")]
    assert [refused(course, text) for text in lists] == [[(2, "The account “ada” has another email address.")]] * 2
