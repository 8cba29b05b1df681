from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from course.models import ApiToken, Enrollment, IdempotencyKey, User
from course.services.audit import record_audit

# What says who someone is, or lets them in, beside the account itself: addresses, keys, where they signed in from,
# answers kept for a retry (an enrolment's holds the name).
TRACES = (EmailAddress, Authenticator, UserSession, ApiToken, IdempotencyKey)


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
    for model in TRACES:
        model.objects.filter(user=user).delete()
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
