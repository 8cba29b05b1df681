from collections.abc import Callable

from accounts.models import User


def choose_theme(*, user: User, theme: str) -> None:
    """Set the theme: light, dark, or "" for the system's."""
    user.theme = theme
    user.save(update_fields=["theme"])


def ensure_account(
    *,
    username: str,
    name: str,
    password_hash: Callable[[], str],
    is_staff: bool = False,
    is_superuser: bool = False,
    is_course_creator: bool = False,
) -> tuple[User, bool]:
    """Return the account with this username, and whether it is new.

    Create it if it is missing; leave an existing one unchanged. `password_hash` is called for a new one only.
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
        is_course_creator=is_course_creator,
        password=password_hash(),
    )
    user.save()
    return user, True
