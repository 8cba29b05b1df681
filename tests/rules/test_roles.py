"""The table of roles, and what the guide says about it."""

import re
from pathlib import Path

import pytest

from people.rules.roles import (
    GROUPS_APART,
    OF_WHOLE_CLASS,
    ROLES,
    Permission,
    by_name,
    groups_after,
    groups_before,
    limit_after,
    may_give,
    permissions_of,
    role_before,
    roles_with,
)

GUIDE = Path(__file__).parents[2] / "docs/for-instructors.md"


WHAT = {  # each row of the table in docs/for-instructors.md
    "dashboard, gradebook, learners' points and attempts": Permission.SEE_GRADES,
    "question statistics": Permission.SEE_ANALYSIS,
    "compute the statistics now": Permission.COMPUTE_ANALYSIS,
    "give points, exempt learners, upload overrides": Permission.GRADE,
    "exam time, dates of one learner, extra attempts, minutes and pauses of running exams": Permission.EXTEND,
    "reports, questions about lessons and labs, and replies": Permission.ANSWER_REPORTS,
    "announcements to the class, a group or learners at risk": Permission.ANNOUNCE,
    "open a learner's work in a lab, with a reason": Permission.READ_LAB_WORK,
    "view the course as a learner": Permission.VIEW_AS_LEARNER,
    "edit and publish texts that change no grade": Permission.EDIT_TEXTS,
    "`course.yaml`, all dates of the course, texts that change grades": Permission.CHANGE_POLICY,
    "void and restore sittings": Permission.VOID_SITTINGS,
    "regrades": Permission.REGRADE,
    "release correct answers that are held back": Permission.RELEASE,
    "the class: lists, groups, removing, who may join, who sees the course": Permission.MANAGE_CLASS,
    "archive of a learner's data": Permission.EXPORT_LEARNER_DATA,
    "private notes of others": Permission.SEE_PRIVATE_NOTES,
    "audit": Permission.SEE_AUDIT,
    "who has which role": Permission.SEE_STAFF,
    "give and take roles": Permission.GIVE_ROLES,
    "records in the admin": Permission.SEE_RECORDS,
}


def test_the_guide_for_instructors_says_what_the_table_of_roles_says():
    section = GUIDE.read_text().split("## Roles\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    (_what, *roles), _rule, *told = rows
    assert {what: {role for role, cell in zip(roles, cells, strict=True) if cell} for what, *cells in told} == {
        what: {role for role, allowed in ROLES.items() if permission in allowed} for what, permission in WHAT.items()
    }
    assert (set(WHAT.values()), set(roles)) == (set(Permission), set(ROLES))


@pytest.mark.parametrize(
    ("role", "before", "groups", "is_whole_class", "after"),
    [
        ("assistant", None, ["b", "a", "b"], False, ["a", "b"]),
        ("observer", ["a"], ["b"], False, ["b"]),
        ("observer", ["b", "a"], None, False, ["a", "b"]),
        ("assistant", [], None, False, []),
        ("assistant", ["a"], None, True, None),
        ("assistant", None, None, False, None),
        ("author", ["a"], None, False, None),
        ("instructor", ["a"], None, False, None),
    ],
)
def test_a_limit_ends_only_on_purpose_or_with_a_role_that_has_none(role, before, groups, is_whole_class, after):
    assert limit_after(role, before, groups, is_whole_class=is_whole_class) == after


@pytest.mark.parametrize(
    ("joined", "groups"),
    [(None, None), ("", []), ("Monday", ["Monday"]), ("Friday, late | Monday", ["Friday, late", "Monday"])],
)
def test_the_audit_of_a_change_says_to_which_groups_the_role_is_limited(joined, groups):
    assert GROUPS_APART.join(groups or []) == (joined or "")
    details = {} if joined is None else {"groups": joined, "groups_before": "another"}
    assert groups_after(details) == groups
    details = {} if joined is None else {"groups": "another", "groups_before": joined}
    assert groups_before(details) == groups


def test_a_limited_role_allows_a_part_of_what_the_role_allows():
    for role in ("assistant", "observer"):
        assert permissions_of(role, is_limited=True) == ROLES[role] - OF_WHOLE_CLASS
        assert permissions_of(role, is_limited=True) < ROLES[role]


def test_a_learner_and_a_stranger_may_do_nothing_as_staff():
    assert permissions_of("learner") == permissions_of(None) == permissions_of("owner") == frozenset()


def test_instructors_do_everything_and_they_alone_give_roles():
    assert roles_with(Permission.GIVE_ROLES) == ["instructor"]
    assert permissions_of("instructor") == set(Permission)


def test_nobody_gives_a_role_that_allows_more_than_their_own():
    givers = {role: {given for given in ROLES if may_give(permissions_of(role), given)} for role in (*ROLES, "learner")}
    assert {role: given for role, given in givers.items() if given} == {"instructor": set(ROLES)}
    appointing_assistant = permissions_of("assistant") | {Permission.GIVE_ROLES}
    assert {role for role in ROLES if may_give(appointing_assistant, role)} == {"assistant", "observer"}


@pytest.mark.parametrize(
    ("action", "details", "before"),
    [
        ("appoint_assistant", {"username": "omar"}, None),
        ("appoint_observer", {"username": "omar", "role_before": "assistant"}, "assistant"),
        ("dismiss_author", {"username": "omar"}, "author"),
    ],
)
def test_the_audit_of_a_change_says_which_role_was_held_before(action, details, before):
    assert role_before(action, details) == before


def test_templates_ask_for_each_permission_by_its_name():
    assert {name for name, may in by_name(permissions_of("author")).items() if may} == {"edit_texts"}
    assert by_name(()).keys() == {each.value for each in Permission}


def test_templates_ask_only_for_permissions_that_exist():
    asked = {
        name
        for folder in ("workplace", "admin")
        for template in (GUIDE.parents[1] / "templates" / folder).glob("*.html")
        for name in re.findall(r"\bmay\.(\w+)", template.read_text())
    }
    assert asked <= set(Permission)


def test_a_permission_is_called_by_its_name():
    assert [each.value for each in Permission] == [each.name.lower() for each in Permission]
