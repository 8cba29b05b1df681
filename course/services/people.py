from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from course.models import AccommodationNote, ApiToken, Enrollment, TextDraft, User
from course.services.audit import record_audit
from foundation.models import IdempotencyKey

# Data besides the account that identifies a person or lets them in: email addresses, keys, the addresses they signed in
# from, and replies stored for a retry (an enrollment's contains the name).
TRACES = (EmailAddress, Authenticator, UserSession, ApiToken, IdempotencyKey, TextDraft)


@transaction.atomic
def erase_person(*, user: User, actor: User, reason: str, now: datetime) -> None:
    """Anonymize the person, not the records (D18): nobody can sign in as them or recognize them any more."""
    user.username = f"erased-{user.pk}"
    user.email = user.name = user.timezone = ""
    user.is_active = False
    user.erased_at = now
    user.set_unusable_password()
    user.save()
    Enrollment.objects.filter(user=user).update(name="")
    AccommodationNote.objects.filter(accommodation__enrollment__user=user).delete()
    for model in TRACES:
        model.objects.filter(user=user).delete()
    record_audit(actor=actor, action="erase_person", now=now, target=f"user:{user.pk}", reason=reason)


def change_person(*, user: User, name: str, timezone: str) -> None:
    """Set a person's name and the time zone in which they read times ("" means the browser's)."""
    user.name, user.timezone = name, timezone
    user.save(update_fields=["name", "timezone"])


def choose_theme(*, user: User, theme: str) -> None:
    """Set the theme: light, dark, or "" for the system's."""
    user.theme = theme
    user.save(update_fields=["theme"])


def ensure_account(
    *, username: str, name: str, password_hash: str, is_staff: bool = False, is_superuser: bool = False
) -> tuple[User, bool]:
    """Return the account with this username, and whether it existed.

    Create it if it is missing; leave an existing one unchanged.
    """
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
