from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import User
from course.models import Course
from course.selectors.catalogue import course_by_slug
from people.models import Accommodation, Enrollment
from people.rules.roles import ROLES
from people.selectors.enrollments import enrollment_seen


def courses_joined(user_id: int) -> list[int]:
    """Return the ids of the courses in which the person is or was enrolled, in order."""
    rows = Enrollment.objects.filter(user=user_id)
    return list(rows.order_by("course").values_list("course", flat=True))


def active_enrollment(user: object, course_id: int) -> Enrollment | None:
    """Return the enrollment of `user` (who may be anonymous) if it has not ended."""
    if not isinstance(user, User):
        return None
    return enrollment_seen(user.pk, course_id)


def enrollments_of(user: User) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(user=user, unenrolled_at=None).select_related("course").order_by("enrolled_at")


def multiplier_for(enrollment: Enrollment) -> Decimal:
    """Return the multiplier of the learner's newest accommodation, or 1 without any (D15)."""
    newest = Accommodation.objects.filter(enrollment=enrollment).order_by("-created_at", "-pk").first()
    return newest.multiplier if newest else Decimal(1)


def name_in_course(user_id: int, course_id: int) -> str:
    """Return the full name that a person enrolled with, also after they left. Empty for an erased person."""
    rows = Enrollment.objects.filter(user_id=user_id, course_id=course_id)
    return rows.values_list("name", flat=True).first() or ""


def name_of_learner(user_id: int, slug: str) -> str:
    """Return the name under which a course's staff see a learner: the one of the enrollment, else the account's."""
    enrollment = Enrollment.objects.select_related("user").filter(user_id=user_id, course__slug=slug).first()
    return enrollment.name or enrollment.user.get_full_name() if enrollment else ""


def course_for(user: object, slug: str) -> tuple[Course, Enrollment | None]:
    """Return a course and the enrollment of `user` (who may be anonymous) in it. Runs one query for learners.

    Raises Refusal not_found.
    """
    if isinstance(user, User):
        rows = Enrollment.objects.select_related("course").filter(user=user, course__slug=slug, unenrolled_at=None)
        if (mine := rows.first()) is not None:
            return mine.course, mine
    return course_by_slug(slug), None


def was_enrolled(user_id: int, course_id: int) -> bool:
    """Return whether this person was ever enrolled in the course, in any role."""
    return Enrollment.objects.filter(user=user_id, course=course_id).exists()


def staff_of(course_id: int) -> list[Enrollment]:
    """Return those who have a role in the course now, by name, with their accounts."""
    return list(working_in(course_id).order_by("name", "pk"))


def working_in(course_id: int) -> QuerySet[Enrollment]:
    """Return the enrollments of those who have a role in the course now, with their accounts."""
    rows = Enrollment.objects.filter(course_id=course_id, role__in=ROLES, unenrolled_at=None)
    return rows.select_related("user")


def people_called(course_id: int, words: str) -> QuerySet[Enrollment]:
    """Return enrollments of any role whose name or username contains every word."""
    rows = Enrollment.objects.filter(course_id=course_id)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(user__username__icontains=word) | Q(user__name__icontains=word))
    return rows
