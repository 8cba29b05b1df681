"""The learners of a course, as its instructors look for them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from course.models import Accommodation, Enrollment


def learners_in(course_id: int, *, words: str = "", has_left: bool = False) -> QuerySet[Enrollment]:
    """Enrolments as learners, with their people, present ones or those that left; `words` look in names and user names."""
    rows = Enrollment.objects.filter(course_id=course_id, role=Enrollment.Role.LEARNER).select_related("user")
    rows = rows.exclude(unenrolled_at=None) if has_left else rows.filter(unenrolled_at=None)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(user__username__icontains=word) | Q(user__name__icontains=word))
    return rows


def accommodations_of(learner_id: int, course_id: int) -> QuerySet[Accommodation]:
    """A learner's time multipliers in a course, the one in force first."""
    rows = Accommodation.objects.filter(enrollment__user=learner_id, enrollment__course=course_id)
    return rows.select_related("author").order_by("-created_at", "-pk")


def learners_by_id(course_id: int, learner_ids: Collection[int]) -> dict[int, Enrollment]:
    """The enrolments of these people, ended ones too, by their ids."""
    rows = Enrollment.objects.filter(course_id=course_id, user__in=learner_ids).select_related("user")
    return {row.user_id: row for row in rows}


def learners_named(course_id: int, learner_ids: Collection[int]) -> dict[int, str]:
    """Their names in the course; the user name where there is none."""
    rows = Enrollment.objects.filter(course_id=course_id, user__in=learner_ids).select_related("user")
    return {row.user_id: row.name or row.user.get_full_name() for row in rows}
