"""The groups to which a role in a course is limited (D42)."""

from collections.abc import Collection

from course.models import Course
from people.models import Enrollment, LearnerGroup, RoleLimit
from people.refusals import Refusal
from people.rules.roles import LIMITABLE
from people.services.membership import ensured_groups, remove_empty_groups


def refuse_unfit_limit(course: Course, role: str, groups: Collection[str] | None, *, is_whole_class: bool) -> None:
    """Refuse to limit a role that no limit fits, or to limit one to no group, to groups that the course does not have, or to
    groups and the whole class.

    Call it under `lock_groups`. Raises Refusal limit_contradictory, limit_unfit, limit_group_unknown.
    """
    if groups is None:
        return
    if is_whole_class:
        raise Refusal("limit_contradictory")
    if role not in LIMITABLE or not groups:
        raise Refusal("limit_unfit")
    known = LearnerGroup.objects.filter(course=course, name__in=groups).values_list("name", flat=True)
    if unknown := sorted({*groups} - {*known}):
        raise Refusal("limit_group_unknown", name=unknown[0])


def refuse_unstated_limit(
    role: str, limit: Collection[str] | None, groups: Collection[str] | None, *, is_whole_class: bool
) -> None:
    """Refuse to change something that has a `limit` without saying whether the limit stays.

    Raises Refusal limit_unstated.
    """
    is_stated = is_whole_class or groups is not None
    if limit is not None and role in LIMITABLE and not is_stated:
        raise Refusal("limit_unstated", groups=", ".join(limit) or "groups that do not exist any more")


def limit_role(enrollment: Enrollment, groups: Collection[str] | None) -> None:
    """Limit a role to the learners of these groups, or with None to none, so that it sees everyone. Call it under `lock_groups`.

    A group that has ended since exists again, without learners. One that only the former limit needed ends.
    """
    former = RoleLimit.objects.filter(enrollment=enrollment).delete()[0]
    if groups is not None:
        limit = RoleLimit.objects.create(enrollment=enrollment)
        limit.groups.set(ensured_groups(enrollment.course, groups))
    if former:
        remove_empty_groups(enrollment.course)
