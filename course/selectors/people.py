from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, Subquery

from course.models import Accommodation, ApiToken, CalendarFeed, Course, Enrollment, User
from course.models.people import PERSON_FIELDS
from course.refusals import Refusal
from course.rules.roles import ROLES
from course.selectors.catalogue import course_by_slug
from course.selectors.snapshots import enrollment_seen
from foundation.prepared import PreparedQuery, instances


def accounts_named(login: str) -> list[User]:
    """Return the accounts that this username or email address may sign in to, matched as allauth does."""
    found = {user.pk: user for user in filter_users_by_email(login, prefer_verified=True, for_login=True)}
    by_name = get_user_by_username(login)
    return list((found | {by_name.pk: by_name} if by_name else found).values())


def account_ids() -> Iterator[int]:
    """Yield the ids of all accounts in order. Runs one query."""
    return User.objects.order_by("pk").values_list("pk", flat=True).iterator()


def with_session(user_id: int, session_key: str, now: datetime) -> QuerySet[User, tuple[Any, ...]]:
    """Return a person, with what the session with this key holds if it has not expired."""
    alive = Session.objects.filter(session_key=session_key, expire_date__gt=now)
    held = Subquery(alive.values("session_data")[:1])
    return User.objects.filter(pk=user_id).annotate(held=held).values_list("held", *PERSON_FIELDS)


WITH_SESSION = PreparedQuery(with_session, user_id=int, session_key=str, now=datetime)


def person_with_session(user_id: int, session_key: str, now: datetime) -> tuple[User, str | None] | None:
    """Return an account with what a session holds (None if it is over), or None for an unknown account.

    The content of the session says whose session it is. Runs one query.
    """
    for held, *values in WITH_SESSION(user_id=user_id, session_key=session_key, now=now):
        (person,) = instances(User, [tuple(values)], PERSON_FIELDS)
        return person, held
    return None


def person_by_id(user_id: int) -> User:
    """Return a person who was not erased, locked. Raises Refusal not_found."""
    found = User.objects.select_for_update(no_key=True).filter(pk=user_id, erased_at=None).first()
    if found is None:
        raise Refusal("not_found")
    return found


def lock_accounts(user_ids: Collection[int]) -> set[int]:
    """Return those of these accounts that exist and were not erased, locked until the end of the transaction."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=user_ids, erased_at=None)
    return set(rows.order_by("pk").values_list("pk", flat=True))


def courses_joined(user_id: int) -> list[int]:
    """Return the ids of the courses in which the person is or was enrolled, in order."""
    rows = Enrollment.objects.filter(user=user_id)
    return list(rows.order_by("course").values_list("course", flat=True))


def count_sign_in_sessions(now: datetime) -> int:
    """Count the sign-in sessions that have not expired."""
    return Session.objects.filter(expire_date__gt=now).count()


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
    found = Enrollment.objects.select_related("user").filter(user_id=user_id, course__slug=slug).first()
    return found.name or found.user.get_full_name() if found else ""


def is_only_admin(user: User) -> bool:
    """Return whether nobody else can administer the site. Administrators whose account is to be deleted do not count."""
    others = User.objects.filter(is_superuser=True, is_active=True, erasure_due_at=None).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return a person's tokens, newest first. The secret texts are not stored."""
    return ApiToken.objects.filter(user=user).order_by("-created")


def calendar_of(user: User) -> CalendarFeed | None:
    """Return the address of a person's calendar, if they have created one."""
    return CalendarFeed.objects.filter(user=user).first()


def owner_of_calendar(token: str) -> User:
    """Return the person whose calendar has this token. Raises Refusal not_found, also if the account is closed."""
    feed = CalendarFeed.objects.select_related("user").filter(token=token, user__is_active=True).first()
    if feed is None:
        raise Refusal("not_found")
    return feed.user


def course_for(user: object, slug: str) -> tuple[Course, Enrollment | None]:
    """Return a course and the enrollment of `user` (who may be anonymous) in it. Runs one query for learners.

    Raises Refusal not_found.
    """
    if isinstance(user, User):
        rows = Enrollment.objects.select_related("course").filter(user=user, course__slug=slug, unenrolled_at=None)
        if (mine := rows.first()) is not None:
            return mine.course, mine
    return course_by_slug(slug), None


def staff_named(username: str) -> User | None:
    """Return the active staff account with this username."""
    return User.objects.filter(username=username, is_active=True, is_staff=True).first()


def was_enrolled(user_id: int, course_id: int) -> bool:
    """Return whether this person was ever enrolled in the course, in any role."""
    return Enrollment.objects.filter(user=user_id, course=course_id).exists()


def staff_of(course_id: int) -> list[Enrollment]:
    """Return those who have a role in the course now, by name, with their accounts."""
    rows = Enrollment.objects.filter(course_id=course_id, role__in=ROLES, unenrolled_at=None)
    return list(rows.select_related("user").order_by("name", "pk"))
