"""Accounts, their sessions and their tokens."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, Subquery

from accounts.models import ApiToken, User
from accounts.models.users import PERSON_FIELDS
from accounts.refusals import Refusal
from foundation.fast.prepared import PreparedQuery, instances


def accounts_named(login: str) -> list[User]:
    """Return the accounts that this username or email address may sign in to, matched as allauth does."""
    users = {user.pk: user for user in filter_users_by_email(login, prefer_verified=True, for_login=True)}
    by_name = get_user_by_username(login)
    return list((users | {by_name.pk: by_name} if by_name else users).values())


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
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, erased_at=None).first()
    if user is None:
        raise Refusal("not_found")
    return user


def lock_accounts(user_ids: Collection[int]) -> set[int]:
    """Return those of these accounts that exist and were not erased, locked until the end of the transaction."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=user_ids, erased_at=None)
    return set(rows.order_by("pk").values_list("pk", flat=True))


def count_sign_in_sessions(now: datetime) -> int:
    """Count the sign-in sessions that have not expired."""
    return Session.objects.filter(expire_date__gt=now).count()


def is_only_admin(user: User) -> bool:
    """Return whether nobody else can administer the site. Administrators whose account is to be deleted do not count."""
    others = User.objects.filter(is_superuser=True, is_active=True, erasure_due_at=None).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return a person's tokens, newest first. The secret texts are not stored."""
    return ApiToken.objects.filter(user=user).order_by("-created")


def active_account(username: str) -> User | None:
    """Return the account with this username, if it can sign in."""
    return User.objects.filter(username=username, is_active=True).first()
