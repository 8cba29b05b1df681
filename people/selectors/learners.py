"""The learners of a course, for its instructors."""

from collections.abc import Collection

from django.db.models import Model, OuterRef, Q, QuerySet

from people.models import Accommodation, AccommodationNote, Enrollment
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors.sight import within_sight


def learners_in(
    course_id: int | OuterRef,
    *,
    words: str = "",
    has_left: bool = False,
    group: str = "",
    sight: LearnerSight = EVERYONE,
) -> QuerySet[Enrollment]:
    """Return learners' enrollments with their accounts, current learners or those who left, of one group or all.

    `words` are searched in names, usernames, email addresses and student numbers. `sight` leaves those whom a person with
    a role sees; pages and calls of staff pass that of their reader.
    """
    rows = Enrollment.objects.filter(course_id=course_id, role=Enrollment.Role.LEARNER).select_related("user")
    rows = rows.exclude(unenrolled_at=None) if has_left else rows.filter(unenrolled_at=None)
    rows = within_sight(rows, sight, "user")
    if group:
        rows = rows.filter(groups__name=group)
    for word in words.split():
        named = Q(name__icontains=word) | Q(user__username__icontains=word) | Q(user__name__icontains=word)
        rows = rows.filter(named | Q(user__email__icontains=word) | Q(student_number__icontains=word))
    return rows


def learners_or(course_id: int, also: QuerySet[Model, int], *, after: int = 0) -> QuerySet[Enrollment, int]:
    """Return the ids of a course's current learners, and of people in `also` (a query of ids) who were ever enrolled,
    in order, starting after the id `after`.
    """
    present = Q(role=Enrollment.Role.LEARNER, unenrolled_at=None)
    rows = Enrollment.objects.filter(present | Q(user__in=also), course_id=course_id, user_id__gt=after)
    return rows.order_by("user_id").values_list("user_id", flat=True)


def accommodations_of(learner_id: int, course_id: int | OuterRef) -> QuerySet[Accommodation]:
    """Return a learner's time multipliers in a course, the current one first, without notes."""
    rows = Accommodation.objects.filter(enrollment__user=learner_id, enrollment__course=course_id)
    return rows.select_related("author").order_by("-created_at", "-pk")


def accommodation_notes(learner_id: int, course_id: int, written_by: int | None) -> dict[int, str]:
    """Return the private notes that still exist, by accommodation id: those of one author, or with None all.

    Only the page that manages them may use this.
    """
    rows = AccommodationNote.objects.filter(accommodation__enrollment__user=learner_id)
    if written_by is not None:
        rows = rows.filter(accommodation__author=written_by)
    return dict(rows.filter(accommodation__enrollment__course=course_id).values_list("accommodation_id", "text"))


def learners_by_id(course_id: int, learner_ids: Collection[int]) -> dict[int, Enrollment]:
    """Return these people's enrollments by learner id, ended ones included."""
    rows = Enrollment.objects.filter(course_id=course_id, user__in=learner_ids).select_related("user")
    return {row.user_id: row for row in rows}


def learners_named(course_id: int, learner_ids: Collection[int]) -> dict[int, str]:
    """Return "Name (username)" by learner id, because several learners may have the same name."""
    rows = Enrollment.objects.filter(course_id=course_id, user__in=learner_ids).select_related("user")
    return {row.user_id: display_name(row.name or row.user.get_full_name(), row.user.username) for row in rows}


def display_name(name: str, username: str) -> str:
    return username if name in ("", username) else f"{name} ({username})"


def enrollments_by_id(course_id: int, ids: Collection[int]) -> dict[int, Enrollment]:
    """Return the enrollments with these ids, and their accounts. Runs one query."""
    return {row.pk: row for row in Enrollment.objects.filter(course_id=course_id, pk__in=ids).select_related("user")}
