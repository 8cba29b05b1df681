"""One learner's place in a class: remove them, bring them back, put them into groups."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.reasons import stated
from people.models import Enrollment, LearnerGroup
from people.refusals import Refusal
from people.rules.roster import LONGEST_GROUP
from records.services import record_audit

type Follower = Callable[[int, Collection[int], datetime], None]


@transaction.atomic
def remove_learner(*, course: Course, learner_id: int, author: User, reason: str, now: datetime) -> Enrollment:
    """End a learner's enrollment, so that only an instructor can bring them back. Their records stay.

    Raises Refusal reason_missing, not_found, not_in_class.
    """
    reason = stated(reason)
    enrollment = locked_learner(course, learner_id)
    if enrollment.removed_at is not None:
        return enrollment
    if enrollment.unenrolled_at is not None:
        raise Refusal("not_in_class")
    enrollment.unenrolled_at = enrollment.removed_at = now
    enrollment.save(update_fields=["unenrolled_at", "removed_at"])
    audit_membership("remove_learner", enrollment, author, now, reason=reason)
    return enrollment


@transaction.atomic
def restore_learner(*, course: Course, learner_id: int, author: User, now: datetime) -> Enrollment:
    """Enroll a learner again who was removed or left. They find everything they did. Restoring again is harmless.

    Raises Refusal not_found.
    """
    enrollment = locked_learner(course, learner_id)
    if enrollment.unenrolled_at is not None:
        enrollment.unenrolled_at = enrollment.removed_at = None
        enrollment.save(update_fields=["unenrolled_at", "removed_at"])
        audit_membership("restore_learner", enrollment, author, now)
    return enrollment


@transaction.atomic
def set_groups(*, course: Course, learner_id: int, names: Collection[str], author: User, now: datetime) -> list[str]:
    """Put a learner into exactly these groups. New names become groups, and groups that nothing needs end.

    Raises Refusal not_found, group_unfit.
    """
    lock_groups(course)
    enrollment = locked_learner(course, learner_id)
    before = list(enrollment.groups.values_list("name", flat=True))
    after = sorted({plain_name(name) for name in names})
    if after != before:
        enrollment.groups.set(ensured_groups(course, after))
        remove_empty_groups(course)
        follow_groups(course.pk, [learner_id], now)
        details: dict[str, object] = {"before": ", ".join(before), "after": ", ".join(after)}
        audit_membership("set_groups", enrollment, author, now, details=details)
    return after


def plain_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_GROUP or "|" in name or "\0" in name:
        raise Refusal("group_unfit", most=LONGEST_GROUP)
    return name


def lock_groups(course: Course) -> None:
    """Let nobody else change the course's groups until the transaction ends. Call it before locking an enrollment."""
    list(Course.objects.select_for_update(no_key=True).filter(pk=course.pk).values("pk"))


def ensured_groups(course: Course, names: Collection[str]) -> list[LearnerGroup]:
    """Return the groups with these names, creating the missing ones. Call it under `lock_groups`, so that
    nobody deletes one of them in between.
    """
    rows = [LearnerGroup(course=course, name=name) for name in names]
    LearnerGroup.objects.bulk_create(rows, ignore_conflicts=True)
    return list(LearnerGroup.objects.filter(course=course, name__in=names))


def remove_empty_groups(course: Course) -> None:
    """Delete the groups without learners. A group with dates stays, because its dates are kept, and so does one to which
    a role is limited: its learners may come back, and a new group of the same name would not be in the limit.
    """
    LearnerGroup.objects.filter(course=course, enrollments=None, dates=None, role_limits=None).delete()


_followers: list[Follower] = []


def register_group_follower(follower: Follower) -> None:
    """Let another room follow learners into other groups, which may have other dates. Call it once, at the start."""
    if follower not in _followers:
        _followers.append(follower)


def follow_groups(course_id: int, learner_ids: Collection[int], now: datetime) -> None:
    """Let everything follow that depends on the groups of these learners. Call it under their locks."""
    for follower in _followers:
        follower(course_id, learner_ids, now)


def locked_learner(course: Course, learner_id: int) -> Enrollment:
    """Return a learner's enrollment, locked, also one that has ended. Raises Refusal not_found."""
    rows = Enrollment.objects.select_for_update(of=("self",)).select_related("user")
    enrollment = rows.filter(course=course, user_id=learner_id, role=Enrollment.Role.LEARNER).first()
    if enrollment is None:
        raise Refusal("not_found")
    return enrollment


def audit_membership(
    action: str,
    enrollment: Enrollment,
    author: User,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=enrollment.course,
        target=f"user:{enrollment.user_id}",
        reason=reason,
        details=details,
    )
