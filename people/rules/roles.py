"""What each role in a course may do. Every page of the workplace and every instructors' call of the API needs one of these."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum


class Permission(StrEnum):
    """Something that a role may allow its holder to do in one course."""

    SEE_GRADES = "see_grades"  # the dashboard, the gradebook, a learner's points and attempts
    SEE_ANALYSIS = "see_analysis"  # statistics on questions, with their keys
    COMPUTE_ANALYSIS = "compute_analysis"
    GRADE = "grade"  # give points, exempt learners
    EXTEND = "extend"  # exam time, later dates and minutes for learners
    ANNOUNCE = "announce"  # to the class, to a group, to those at risk; on the course's page and by mail
    ANSWER_REPORTS = "answer_reports"
    READ_LAB_WORK = "read_lab_work"
    VIEW_AS_LEARNER = "view_as_learner"
    EDIT_TEXTS = "edit_texts"  # all texts but the policy, as long as no grade changes
    CHANGE_POLICY = "change_policy"  # course.yaml, all dates, texts that change grades
    VOID_SITTINGS = "void_sittings"
    REGRADE = "regrade"
    RELEASE = "release"  # correct answers that an assessment holds back
    MANAGE_CLASS = "manage_class"  # class list, groups, removing learners, who may join, who sees the course
    EXPORT_LEARNER_DATA = "export_learner_data"
    SEE_PRIVATE_NOTES = "see_private_notes"  # why others gave a learner more time; one's own notes need nothing
    SEE_AUDIT = "see_audit"
    SEE_STAFF = "see_staff"  # who has a role here
    GIVE_ROLES = "give_roles"  # and take them, none that allows more than one's own
    SEE_RECORDS = "see_records"  # the rows of the course in Django's admin


type Permissions = frozenset[Permission]

NOTHING: Permissions = frozenset()
OBSERVING = frozenset({Permission.SEE_GRADES, Permission.SEE_ANALYSIS})
ASSISTING = OBSERVING | {
    Permission.COMPUTE_ANALYSIS,
    Permission.GRADE,
    Permission.EXTEND,
    Permission.ANNOUNCE,
    Permission.ANSWER_REPORTS,
    Permission.READ_LAB_WORK,
    Permission.VIEW_AS_LEARNER,
}
ROLES: dict[str, Permissions] = {
    "instructor": frozenset(Permission),
    "assistant": ASSISTING,
    "author": frozenset({Permission.EDIT_TEXTS}),
    "observer": OBSERVING,
}


LIMITABLE = ("assistant", "observer")  # roles that may be limited to groups of learners
# What no limited role allows: figures and answers of learners in other groups are part of it.
OF_WHOLE_CLASS = frozenset({Permission.SEE_ANALYSIS, Permission.COMPUTE_ANALYSIS})


def permissions_of(role: str | None, *, is_limited: bool = False) -> Permissions:
    """Return what a role allows in its course: nothing for a learner's, and for None.

    A role that is limited to groups allows nothing that counts learners of other groups too (D42).
    """
    allowed = ROLES.get(role or "", NOTHING)
    return allowed - OF_WHOLE_CLASS if is_limited else allowed


def limit_after(
    role: str, before: Collection[str] | None, groups: Collection[str] | None, *, is_whole_class: bool
) -> list[str] | None:
    """Return the groups to which a role is limited after a change, sorted, None for no limit.

    A limit ends only on purpose: with `is_whole_class`, or with a role that no limit fits. Without either and without
    `groups`, the limit from `before` the change stays.
    """
    if groups is not None:
        return sorted({*groups})
    if is_whole_class or before is None or role not in LIMITABLE:
        return None
    return sorted(before)


def may_give(permissions: Permissions, role: str) -> bool:
    """Tell whether somebody with these permissions in a course may give a role there, or take it: none above their own."""
    return Permission.GIVE_ROLES in permissions and permissions_of(role) <= permissions


def role_before(action: str, details: Mapping[str, object]) -> str | None:
    """Return the role that a person had before a change that the audit records, also a learner's, None without one."""
    change, _, role = action.partition("_")
    before = details.get("role_before") if change == "appoint" else role
    return str(before) if before else None


GROUPS_APART = " | "  # between names of groups, which have no bar in them


def groups_before(details: Mapping[str, object]) -> list[str] | None:
    """Return the groups to which a role was limited before a change that the audit records, None for no limit."""
    return named_groups(details.get("groups_before"))


def groups_after(details: Mapping[str, object]) -> list[str] | None:
    """Return the groups to which a change that the audit records limits a role, None for no limit."""
    return named_groups(details.get("groups"))


def named_groups(joined: object) -> list[str] | None:
    return None if joined is None else [name for name in str(joined).split(GROUPS_APART) if name]


def roles_with(permission: Permission) -> list[str]:
    """Return the roles that allow this."""
    return [role for role, allowed in ROLES.items() if permission in allowed]


def by_name(permissions: Iterable[Permission]) -> dict[str, bool]:
    """Return for each permission, by its name, whether it is among these, as templates ask."""
    held = set(permissions)
    return {permission.value: permission in held for permission in Permission}
