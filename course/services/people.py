from datetime import datetime

from django.db import transaction

from course.models import Enrollment, User
from course.services.audit import record_audit


@transaction.atomic
def erase_person(*, user: User, actor: User, reason: str, now: datetime) -> None:
    """Anonymise the person, not the records (D18): nobody can sign in as or recognise them any more."""
    user.username = f"erased-{user.pk}"
    user.email = user.name = user.timezone = ""
    user.is_active = False
    user.erased_at = now
    user.set_unusable_password()
    user.save()
    Enrollment.objects.filter(user=user).update(name="")
    record_audit(actor=actor, action="erase_person", now=now, target=f"user:{user.pk}", reason=reason)


def change_person(*, user: User, name: str, timezone: str) -> None:
    """How a person is called, and in which zone they read times ("" leaves it to the browser)."""
    user.name, user.timezone = name, timezone
    user.save(update_fields=["name", "timezone"])


def choose_theme(*, user: User, theme: str) -> None:
    """Light, dark, or "" for the system's."""
    user.theme = theme
    user.save(update_fields=["theme"])


def ensure_account(
    *, username: str, name: str, password_hash: str, is_staff: bool = False, is_superuser: bool = False
) -> tuple[User, bool]:
    """The account of this name, made where it is missing; True where it was. An existing one is left as it is."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing, False
    user = User(
        username=username,
        name=name,
        email=f"{username}@example.org",
        is_staff=is_staff,
        is_superuser=is_superuser,
        password=password_hash,
    )
    user.save()
    return user, True
