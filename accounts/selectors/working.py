"""Whose account works as staff. Accounts know no courses, so the rooms above register who works in them."""

from collections.abc import Callable

from accounts.models import User

type WorkCheck = Callable[[User], bool]

_checks: list[WorkCheck] = []


def register_work(check: WorkCheck) -> None:
    """Let `check` tell who works in a room. Call it once, when the app is ready."""
    _checks.append(check)


def works_as_staff(person: object) -> bool:
    """Tell whether a person, who may be anonymous, opens the admin, may create courses, or has a role in one. Such accounts
    need a second factor.
    """
    if not isinstance(person, User):
        return False
    may_more = person.is_staff or person.is_superuser or person.is_course_creator
    return may_more or any(check(person) for check in _checks)


def may_create_courses(person: object) -> bool:
    """Tell whether a person, who may be anonymous, may create courses: superusers, and people with their permission."""
    return isinstance(person, User) and (person.is_superuser or person.is_course_creator)
