"""Who may see or do what in a course (D28). Pages, endpoints and services of every app ask here, so all get the same answer."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors import works_as_staff
from course.models import Course, Lesson
from course.rules.schedule import has_opened, refuse_before_opening
from course.rules.visibility import may_see
from course.selectors import CourseLine, published_course
from foundation.refusals import refuses
from people.models import Enrollment
from people.refusals import Refusal
from people.rules.roles import (
    NOTHING,
    OF_WHOLE_CLASS,
    ROLES,
    Permission,
    Permissions,
    may_give,
    permissions_of,
    roles_with,
)
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import (
    course_with_groups,
    enrollments_of,
    groups_in_sight,
    is_in_sight,
    lines_with_roles,
    only_groups,
    visibility_and_enrollment,
)


class CourseAccess(Enum):
    """What a person may do in a course.

    LEARNER: takes the course, so responses, runs and reading are stored. PREVIEW: those with another role in the course,
    and administrators, see what learners see, and nothing is stored. NONE: everyone else, including learners who left and
    those with a role in other courses only. UNSEEN: a private or hidden course does not exist for this person, so
    everything in it is not found.
    """

    LEARNER = "learner"
    PREVIEW = "preview"
    NONE = "none"
    UNSEEN = "unseen"


class Rights(Protocol):
    """What decides about a person besides their enrollment."""

    @property
    def is_superuser(self) -> bool: ...


def access_from(enrollment: Enrollment | None, *, visibility: str, person: Rights) -> CourseAccess:
    """Return the access of a person with this enrollment in the course, which may have ended, or with none."""
    active = enrollment if enrollment is not None and enrollment.unenrolled_at is None else None
    role = None if active is None else active.role
    if visibility != "listed" and not may_see(visibility, role=role, is_superuser=person.is_superuser):
        return CourseAccess.UNSEEN
    if active is None:
        return CourseAccess.PREVIEW if person.is_superuser else CourseAccess.NONE
    return CourseAccess.LEARNER if active.is_learner else CourseAccess.PREVIEW


def access_of(user: User | AnonymousUser, course_id: int) -> CourseAccess:
    """Return the access of a person, who may be anonymous. Runs one query."""
    visibility, enrollment = visibility_and_enrollment(user.pk, course_id)
    return access_from(enrollment, visibility=visibility, person=user)


def refuse_unseen(access: CourseAccess) -> None:
    """Refuse people who may not know that the course exists. Every part of a course that strangers may see calls this.

    Raises Refusal not_found.
    """
    if access is CourseAccess.UNSEEN:
        raise Refusal("not_found")


def refuse_to_show(user: User | AnonymousUser, course: Course) -> None:
    """Refuse people who may not know that a course exists. Runs no query if it is listed. Raises Refusal not_found."""
    if course.visibility != "listed":
        refuse_unseen(access_of(user, course.pk))


def course_seen(user: User | AnonymousUser, slug: str) -> Course:
    """Return a course as published, if this person sees it. Raises Refusal not_found."""
    course = published_course(slug)
    refuse_to_show(user, course)
    return course


def lines_seen(user: User | AnonymousUser) -> list[CourseLine]:
    """Return the courses that this person sees, by title. Lists of courses come from here. Runs at most one query."""
    return [line for line, is_seen in _lines_of(user) if is_seen]


def courses_unseen(user: User | AnonymousUser) -> list[int]:
    """Return the ids of the courses that a search must not find for this person. Runs at most one query."""
    return [line.id for line, is_seen in _lines_of(user) if not is_seen]


def _lines_of(user: User | AnonymousUser) -> list[tuple[CourseLine, bool]]:
    is_superuser = user.is_superuser
    return [
        (line, line.visibility == "listed" or may_see(line.visibility, role=role, is_superuser=is_superuser))
        for line, role in lines_with_roles(user.pk)
    ]


def enrollments_seen(user: User) -> list[Enrollment]:
    """Return a person's enrollments that have not ended, with their courses, but not those in hidden courses."""
    rows = [(row, access_from(row, visibility=row.course.visibility, person=user)) for row in enrollments_of(user)]
    return [row for row, access in rows if access is not CourseAccess.UNSEEN]


def courses_taken(user: User) -> list[Course]:
    """Return the courses that a person takes now and sees."""
    return [row.course for row in enrollments_seen(user) if row.is_learner]


@refuses("preview_only", "not_enrolled")
def refuse_unless_learner(access: CourseAccess) -> None:
    """Refuse anyone but a learner. Answering questions and running a course's code need a learner.

    Raises Refusal preview_only, not_enrolled, not_found.
    """
    refuse_in_preview(access)
    refuse_stranger(access)


@refuses("not_enrolled")
def refuse_stranger(access: CourseAccess) -> None:
    """Refuse people without access. Questions, labs' data and grades are for learners, and for the course's staff to
    preview.

    Raises Refusal not_enrolled, or not_found if the course does not exist for the person.
    """
    refuse_unseen(access)
    if access is CourseAccess.NONE:
        raise Refusal("not_enrolled")


@refuses("preview_only")
def refuse_in_preview(access: CourseAccess) -> None:
    """Refuse a preview, because a preview stores nothing. Reading is remembered for anyone with an account.

    Raises Refusal preview_only.
    """
    if access is CourseAccess.PREVIEW:
        raise Refusal("preview_only")


@refuses("course_archived")
def refuse_archived(course: Course) -> None:
    """Refuse every change in a course that is archived. Reading, grades and certificates stay.

    Raises Refusal course_archived.
    """
    if course.archived_at is not None:
        raise Refusal("course_archived")


def refuse_archived_by_now(course_id: int) -> None:
    """Refuse every change in a course that is archived by now, whatever was read before. Runs one query.

    Call it under the learner's lock, for which archiving waits. Raises Refusal course_archived.
    """
    if Course.objects.filter(pk=course_id, archived_at__isnull=False).exists():
        raise Refusal("course_archived")


@refuses(refuse_unless_learner, refuse_archived)
def refuse_unless_working(user: User, course: Course) -> None:
    """Refuse anyone but a learner of a course that is not archived.

    Raises Refusal not_found, preview_only, not_enrolled, course_archived.
    """
    refuse_unless_learner(access_of(user, course.pk))
    refuse_archived(course)


@refuses("not_enrolled")
def refuse_unless_enrolled(enrollment: Enrollment | None) -> Enrollment:
    """Return the enrollment, in any role. For actions outside a course's own work, such as running one's own code.

    Raises Refusal not_enrolled without an enrollment, also if it has ended.
    """
    if enrollment is None or enrollment.unenrolled_at is not None:
        raise Refusal("not_enrolled")
    return enrollment


@refuses(refuse_stranger)
def learner_or_preview(user: User, course_id: int) -> int | None:
    """Return the id of the learner whose state a page shows, or None for a preview.

    Raises Refusal not_enrolled, not_found.
    """
    access = access_of(user, course_id)
    refuse_stranger(access)
    return user.pk if access is CourseAccess.LEARNER else None


def can_read_all_lessons(user: User | AnonymousUser) -> bool:
    """Tell whether this person may read every lesson: anyone with an account."""
    return user.is_authenticated


def can_read_lesson(user: User | AnonymousUser, lesson: Lesson) -> bool:
    """Tell whether this person may read the lesson: anyone may read the open ones."""
    return lesson.is_open or can_read_all_lessons(user)


@refuses("module_not_open")
def refuse_to_open(user: User | AnonymousUser, course_id: int, opens_at: datetime | None, now: datetime) -> None:
    """Refuse a page of a module before the module opens, except to people who preview the course (D22).

    Runs a query only before the opening. Raises Refusal module_not_open.
    """
    if not has_opened(opens_at, now) and access_of(user, course_id) is not CourseAccess.PREVIEW:
        refuse_before_opening("module", opens_at=opens_at, now=now)


class Standing(NamedTuple):
    """What a person may do as staff of a course, and whose work they see there."""

    permissions: Permissions
    sight: LearnerSight


def standing_in(user: User | AnonymousUser, course_id: int) -> Standing:
    """Return what this person may do as staff of the course, and whose work they see: superusers do and see everything.

    Runs one query, and none for superusers and visitors.
    """
    if user.is_superuser:
        return Standing(frozenset(Permission), EVERYONE)
    if user.pk is None:
        return Standing(NOTHING, EVERYONE)
    rows = Enrollment.objects.filter(user_id=user.pk, course_id=course_id, unenrolled_at=None)
    role, limit_id = rows.values_list("role", "limit").first() or (None, None)
    return Standing(permissions_of(role, is_limited=limit_id is not None), LearnerSight(limit_id))


def permissions_in(user: User | AnonymousUser, course_id: int) -> Permissions:
    """Return what this person may do as staff of the course: what their role allows, or everything for superusers.

    Runs one query, and none for superusers and visitors.
    """
    return standing_in(user, course_id).permissions


@refuses("role_insufficient")
def course_with_permission(user: User | AnonymousUser, slug: str, needed: Permission) -> tuple[Course, Standing]:
    """Return the course if this person's role allows what is needed, with everything else that it allows.

    If the role is limited to groups, the course has only these for `group_names`. Raises Refusal not_found for those
    without a role, and role_insufficient for other roles.
    """
    course = course_with_groups(slug)
    standing = standing_in(user, course.pk)
    if not standing.permissions:
        raise Refusal("not_found")
    refuse_unless_permitted(standing.permissions, needed)
    if standing.sight.is_limited:
        course = only_groups(course, groups_in_sight(standing.sight))
    return course, standing


@refuses("role_insufficient")
def refuse_out_of_sight(sight: LearnerSight, learner_id: int | None, *, is_for_limited: bool) -> None:
    """Refuse somebody whose role is limited to groups what shows other learners too, and learners of other groups (D42).

    Runs no query without a limit. Raises Refusal role_insufficient unless the page or call `is_for_limited`, and
    not_found for a learner who is not in sight.
    """
    if sight.is_limited and not is_for_limited:
        raise Refusal("role_insufficient")
    if learner_id is not None and not is_in_sight(sight, learner_id):
        raise Refusal("not_found")


def refuse_unless_permitted(permissions: Permissions, needed: Permission) -> None:
    """Refuse those whose role in the course does not allow what is needed. Raises Refusal role_insufficient."""
    if needed not in permissions:
        raise Refusal("role_insufficient")


def courses_with_permission(user: User | AnonymousUser, needed: Permission) -> QuerySet[Course]:
    """Return the courses in which `course_with_permission` gives this to the person, by title."""
    if user.is_superuser:
        return Course.objects.order_by("title")
    mine = Enrollment.objects.filter(user=user.pk, role__in=roles_with(needed), unenrolled_at=None)
    if needed in OF_WHOLE_CLASS:
        mine = mine.filter(limit=None)
    return Course.objects.filter(pk__in=mine.values("course")).order_by("title")


def workplaces_of(user: User | AnonymousUser) -> list[tuple[Course, Permissions]]:
    """Return the courses in which this person has a role, by title, each with what they may do. Runs one query."""
    if user.is_superuser:
        return [(course, frozenset(Permission)) for course in Course.objects.order_by("title")]
    rows = Enrollment.objects.filter(user=user.pk, role__in=ROLES, unenrolled_at=None)
    rows = rows.select_related("course", "limit").order_by("course__title")
    return [(row.course, permissions_of(row.role, is_limited=hasattr(row, "limit"))) for row in rows]


def lacks_second_factor(user: User) -> bool:
    """Tell whether somebody who works as staff still needs a passkey or an authenticator app. A demo on the loopback needs
    neither.
    """
    if not settings.STAFF_NEED_SECOND_FACTOR or not works_as_staff(user):
        return False
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not Authenticator.objects.filter(user=user, type__in=kinds).exists()


def refuse_to_give(permissions: Permissions, role: str | None = None) -> None:
    """Refuse those who may not give this role or take it, None for any. Raises Refusal role_insufficient, role_unknown."""
    refuse_unless_permitted(permissions, Permission.GIVE_ROLES)
    if role is not None and role not in ROLES:
        raise Refusal("role_unknown", known=", ".join(ROLES))
    if role is not None and not may_give(permissions, role):
        raise Refusal("role_insufficient")


def refuse_unless_administrator(user: User) -> None:
    """Refuse everyone but superusers. Raises Refusal not_permitted."""
    if not user.is_superuser:
        raise Refusal("not_permitted")


def known_learner(enrollment: Enrollment | None) -> Enrollment:
    """Return the enrollment if instructors may look at it and change what it counts: a learner's, also one who left.

    Raises Refusal not_found for staff and strangers.
    """
    if enrollment is None or enrollment.role != Enrollment.Role.LEARNER:
        raise Refusal("not_found")
    return enrollment


def learner_in(course_id: int, learner_id: int) -> Enrollment:
    """Return a learner's enrollment with its account, also one that has ended. Raises Refusal not_found."""
    rows = Enrollment.objects.select_related("user").filter(course_id=course_id, user_id=learner_id)
    return known_learner(rows.first())
