"""Roles in a course: instructors and superusers give and take them, with a reason. A role alone gives its rights (decision 58)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.reasons import stated
from people.access import permissions_in, refuse_to_give, refuse_unless_administrator
from people.models import Enrollment
from people.refusals import Refusal
from people.rules.roles import GROUPS_APART, ROLES, Permissions, groups_before, limit_after, role_before
from people.selectors.learning import has_begun_course
from people.selectors.roles import limit_of, role_changes
from people.services.membership import lock_groups, remove_empty_groups
from people.services.role_limits import limit_role, refuse_unfit_limit, refuse_unstated_limit
from records.services import record_audit

UNDONE = "An administrator undid the change."


@transaction.atomic
def appoint_staff(
    *,
    course: Course,
    username: str,
    role: str,
    author: User,
    reason: str,
    now: datetime,
    groups: Collection[str] | None = None,
    whole_class: bool = False,
) -> Enrollment:
    """Give an account a role in the course, in place of the one that it has. With `groups`, limit it to their learners.

    Appointing again is harmless, and with other groups, or for the `whole_class`, it changes the limit. Somebody who is
    limited is appointed again only with one of them. Raises Refusal role_insufficient, reason_missing, role_unknown,
    limit_contradictory, limit_unfit, limit_group_unknown, limit_unstated, unknown_account, takes_the_course, last_instructor.
    """
    permissions = permissions_in(author, course.pk)
    refuse_to_give(permissions, role)
    reason = stated(reason)
    lock_groups(course)
    refuse_unfit_limit(course, role, groups, is_whole_class=whole_class)
    user = locked_account(username.strip())
    if user is None or not user.is_active:
        raise Refusal("unknown_account")
    held = role_held(user, course)
    if held is not None:
        refuse_unstated_limit(role, limit_of(held), groups, is_whole_class=whole_class)
    return give_role(
        course=course,
        user=user,
        role=role,
        groups=groups,
        is_whole_class=whole_class,
        permissions=permissions,
        author=author,
        reason=reason,
        now=now,
    )


@transaction.atomic
def limit_staff(
    *, course: Course, staff_id: int, groups: Collection[str] | None, author: User, reason: str, now: datetime
) -> Enrollment:
    """Limit the role that this person has to the learners of these groups, or with None to the whole class: to no group.

    The same again changes nothing. Raises Refusal role_insufficient, reason_missing, not_found, limit_unfit,
    limit_group_unknown.
    """
    permissions = permissions_in(author, course.pk)
    refuse_to_give(permissions)
    reason = stated(reason)
    lock_groups(course)
    user = User.objects.select_for_update(no_key=True).filter(pk=staff_id).first()
    enrollment = role_held(user, course) if user else None
    if user is None or enrollment is None:
        raise Refusal("not_found")
    role, is_whole_class = enrollment.role, groups is None
    refuse_unfit_limit(course, role, groups, is_whole_class=is_whole_class)
    return give_role(
        course=course,
        user=user,
        role=role,
        groups=groups,
        is_whole_class=is_whole_class,
        permissions=permissions,
        author=author,
        reason=reason,
        now=now,
    )


@transaction.atomic
def dismiss_staff(*, course: Course, username: str, author: User, reason: str, now: datetime) -> None:
    """End a person's role in the course; the records of their work stay.

    Raises Refusal role_insufficient, reason_missing, no_instructor, last_instructor.
    """
    permissions = permissions_in(author, course.pk)
    refuse_to_give(permissions)
    reason = stated(reason)
    lock_groups(course)
    user = locked_account(username)
    enrollment = role_held(user, course) if user else None
    if user is None or enrollment is None:
        raise Refusal("no_instructor")
    refuse_to_take(enrollment, permissions, author)
    end_role(enrollment, user, author, reason, now)


@transaction.atomic
def undo_role_change(*, course: Course, entry_id: int, author: User, now: datetime) -> None:
    """Give a person the role back that they had before the newest change of it: a learner's, another, or none. A role
    gets back its limit, and a group of it that has ended since exists again. Only for superusers.

    Raises Refusal not_permitted, not_found, nothing_to_undo, takes_the_course.
    """
    refuse_unless_administrator(author)
    lock_groups(course)
    entry = role_changes(course.pk).filter(pk=entry_id).first()
    if entry is None:
        raise Refusal("not_found")
    user = User.objects.select_for_update(no_key=True).get(pk=int(entry.target.removeprefix("user:")))
    if role_changes(course.pk).filter(target=entry.target).first() != entry:
        raise Refusal("nothing_to_undo")
    role, enrollment = role_before(entry.action, entry.details), role_held(user, course)
    former = groups_before(entry.details)
    if role is None and enrollment is not None:
        end_role(enrollment, user, author, UNDONE, now, undoes=entry.pk)
    elif role == Enrollment.Role.LEARNER and enrollment is not None:
        return_to_class(enrollment, user, author, now, undoes=entry.pk)
    elif role in ROLES and user.is_active:
        give_role(
            course=course,
            user=user,
            role=role,
            groups=former,
            is_whole_class=former is None,
            permissions=permissions_in(author, course.pk),
            author=author,
            reason=UNDONE,
            now=now,
            undoes=entry.pk,
        )
    else:
        raise Refusal("nothing_to_undo")


def give_role(
    *,
    course: Course,
    user: User,
    role: str,
    permissions: Permissions,
    author: User,
    reason: str,
    now: datetime,
    groups: Collection[str] | None = None,
    is_whole_class: bool = False,
    **details: object,
) -> Enrollment:
    """Give a locked account a role, in place of the one that it has. `permissions` are those of the author, who may give it.
    Without `groups`, a limit of the former role stays, unless the new one `is_whole_class`.

    A learner who has not begun to work leaves the class for it. Call it under `lock_groups`, which changes of roles wait
    for, and under the lock of the account. Raises Refusal takes_the_course, role_insufficient, last_instructor.
    """
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        user=user, course=course, defaults={"role": role, "enrolled_at": now, "name": user.get_full_name()}
    )
    was = None if is_new or enrollment.unenrolled_at is not None else enrollment.role
    before = limit_of(enrollment)
    limit = limit_after(role, before, groups, is_whole_class=is_whole_class)
    if was == role and before == limit:
        return enrollment
    if enrollment.role == Enrollment.Role.LEARNER:
        leave_class(enrollment)
    elif was is not None:
        refuse_to_take(enrollment, permissions, author)
    enrollment.role, enrollment.unenrolled_at, enrollment.removed_at = role, None, None
    enrollment.save(update_fields=["role", "unenrolled_at", "removed_at"])
    limit_role(enrollment, limit)
    if was is not None:
        details["role_before"] = was
    details |= audited_limit("groups", limit) | audited_limit("groups_before", before)
    audit_role_change(f"appoint_{role}", course, user, author, reason, now, **details)
    return enrollment


def leave_class(enrollment: Enrollment) -> None:
    """Take a learner out of the groups. Raises Refusal takes_the_course for one who has begun to work in the course."""
    if has_begun_course(enrollment.user_id, enrollment.course_id):
        raise Refusal("takes_the_course")
    enrollment.groups.clear()
    remove_empty_groups(enrollment.course)


def return_to_class(enrollment: Enrollment, user: User, author: User, now: datetime, **details: object) -> None:
    """Make somebody a learner again whose appointment is undone, and record it."""
    action = f"dismiss_{enrollment.role}"
    details |= audited_limit("groups_before", limit_of(enrollment))
    limit_role(enrollment, None)
    enrollment.role = Enrollment.Role.LEARNER
    enrollment.save(update_fields=["role"])
    audit_role_change(action, enrollment.course, user, author, UNDONE, now, role_after=enrollment.role, **details)


def end_role(enrollment: Enrollment, user: User, author: User, reason: str, now: datetime, **details: object) -> None:
    """End a role with its limit, and record it."""
    details |= audited_limit("groups_before", limit_of(enrollment))
    limit_role(enrollment, None)
    Enrollment.objects.filter(pk=enrollment.pk).update(unenrolled_at=now)
    audit_role_change(f"dismiss_{enrollment.role}", enrollment.course, user, author, reason, now, **details)


def role_held(user: User, course: Course) -> Enrollment | None:
    """Return the enrollment in which the person has a role now, locked."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("course")
    return rows.filter(user=user, course=course, role__in=ROLES, unenrolled_at=None).first()


def refuse_to_take(enrollment: Enrollment, permissions: Permissions, author: User) -> None:
    """Refuse to end or replace a role that allows more than the author's, and that of the only instructor.

    A superuser may do both. Call it under `lock_groups`: otherwise two instructors who dismiss each other would both
    succeed. Raises Refusal role_insufficient, last_instructor.
    """
    refuse_to_give(permissions, enrollment.role)
    if author.is_superuser or enrollment.role != Enrollment.Role.INSTRUCTOR:
        return
    others = Enrollment.objects.filter(course=enrollment.course_id, role=enrollment.role, unenrolled_at=None)
    if not others.exclude(pk=enrollment.pk).exists():
        raise Refusal("last_instructor")


def locked_account(username: str) -> User | None:
    """Return the account, locked after the course's groups and before its enrollment.

    Other transactions can still insert rows that refer to the account: a person who enrolls needs only the enrollment.
    """
    return User.objects.select_for_update(no_key=True).filter(username=username).first()


def audited_limit(name: str, groups: Collection[str] | None) -> dict[str, object]:
    """Return what the audit says of the groups of a limit under this name: nothing for the whole class."""
    return {} if groups is None else {name: GROUPS_APART.join(groups)}


def audit_role_change(
    action: str, course: Course, user: User, author: User, reason: str, now: datetime, **details: object
) -> None:
    """Record the appointment or dismissal in the audit."""
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=course,
        target=f"user:{user.pk}",
        reason=reason,
        details={"username": user.username, **details},
    )
