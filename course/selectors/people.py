from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet

from course.models import Accommodation, ApiToken, Course, Enrollment, LessonVisit, User
from course.rules.refusals import Refusal
from course.selectors.catalogue import course_by_slug


def active_enrollment(user: object, course_id: int) -> Enrollment | None:
    """The enrolment of `user` (who may be anonymous) that is not ended, or None."""
    if not isinstance(user, User):
        return None
    return Enrollment.objects.filter(user=user, course_id=course_id, unenrolled_at=None).first()


def enrollments_of(user: User) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(user=user, unenrolled_at=None).select_related("course").order_by("enrolled_at")


def multiplier_for(enrollment: Enrollment) -> Decimal:
    """The newest accommodation of the learner, 1 without any (D15)."""
    newest = Accommodation.objects.filter(enrollment=enrollment).order_by("-created_at", "-pk").first()
    return newest.multiplier if newest else Decimal(1)


def visits_of(user: User, course: Course) -> dict[str, LessonVisit]:
    """The learner's visits by lesson id."""
    rows = LessonVisit.objects.filter(user=user, lesson__module__course=course)
    return {visit.lesson_id: visit for visit in rows}


def name_in_course(user_id: int, course_id: int) -> str:
    """The full name that a person enrolled with, also after leaving; empty for someone erased."""
    rows = Enrollment.objects.filter(user_id=user_id, course_id=course_id)
    return rows.values_list("name", flat=True).first() or ""


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's tokens, newest first; their texts are known to nobody."""
    return ApiToken.objects.filter(user=user).order_by("-created")


def course_for(user: object, slug: str) -> tuple[Course, Enrollment | None]:
    """A course and the enrolment of `user` (who may be anonymous) in it: one statement for its learners.

    Raises Refusal not_found.
    """
    if isinstance(user, User):
        rows = Enrollment.objects.select_related("course").filter(user=user, course__slug=slug, unenrolled_at=None)
        if (mine := rows.first()) is not None:
            return mine.course, mine
    return course_by_slug(slug), None


def teaches(user_id: int, course_id: int) -> bool:
    """Is this person an instructor of the course?"""
    role = Enrollment.Role.INSTRUCTOR
    return Enrollment.objects.filter(user_id=user_id, course_id=course_id, role=role, unenrolled_at=None).exists()


def course_taught(user: User, slug: str) -> Course:
    """The course, if this person may work in it: its instructors and superusers. Refusal not_found for anyone else."""
    course = course_by_slug(slug)
    if user.is_superuser or (user.is_staff and teaches(user.pk, course.pk)):
        return course
    raise Refusal("not_found")


def courses_taught(user: User) -> QuerySet[Course]:
    """Where this person may work: an instructor's own courses, a superuser's all."""
    if user.is_superuser:
        return Course.objects.order_by("title")
    role = Enrollment.Role.INSTRUCTOR
    mine = Enrollment.objects.filter(user=user, role=role, unenrolled_at=None)
    return Course.objects.filter(pk__in=mine.values("course")).order_by("title")


def lacks_second_factor(user: User) -> bool:
    """Staff must have a passkey or an authenticator app, but for a demo on the loopback."""
    if not settings.STAFF_NEED_SECOND_FACTOR or not user.is_staff:
        return False
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not Authenticator.objects.filter(user=user, type__in=kinds).exists()


def learner_in(course_id: int, learner_id: int) -> Enrollment:
    """A learner's enrolment, also an ended one; Refusal not_found for staff and strangers."""
    rows = Enrollment.objects.select_related("user").filter(course_id=course_id, user_id=learner_id)
    found = rows.filter(role=Enrollment.Role.LEARNER).first()
    if found is None:
        raise Refusal("not_found")
    return found


def instructors_of(course_id: int) -> list[Enrollment]:
    """Who teaches the course now, by name, with their accounts."""
    rows = Enrollment.objects.filter(course_id=course_id, role=Enrollment.Role.INSTRUCTOR, unenrolled_at=None)
    return list(rows.select_related("user").order_by("name", "pk"))
