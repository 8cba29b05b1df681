"""Accounts for people of a class list who have none yet."""

import re
from contextlib import suppress

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from accounts.models import User
from people.refusals import Refusal
from people.rules.roster import RosterRow

MOST_NAMES_TRIED = 3  # for one account


def create_account(row: RosterRow) -> User:
    """Create an account that nobody can sign in to until its password is set."""
    user = save_with_free_name(row)
    EmailAddress.objects.create(user=user, email=row.email.lower(), primary=True, verified=False)
    return user


def save_with_free_name(row: RosterRow) -> User:
    """Store the account of a row. A list of another course may take its username in the same moment."""
    for _ in range(MOST_NAMES_TRIED):
        user = User(username=free_username(row), email=row.email, name=row.name)
        user.set_unusable_password()
        with suppress(IntegrityError), transaction.atomic():
            user.save()
            return user
    raise Refusal("roster_stale")


def free_username(row: RosterRow) -> str:
    """Return a username that nobody has: as the row wishes or as its address begins, with a number if it is taken."""
    stem = row.username[:140] or re.sub(r"[^a-z0-9._-]", "", row.email.partition("@")[0].casefold())[:140] or "learner"
    like = User.objects.annotate(low=Lower("username")).filter(low__startswith=stem.casefold())
    taken = set(like.values_list("low", flat=True))
    number = 1
    while (name := stem if number == 1 else f"{stem}{number}").casefold() in taken:
        number += 1
    return name
