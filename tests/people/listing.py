"""Class lists with addresses, for tests."""

from typing import Any

from accounts.models import User
from mail.models import ListedAddress
from mail.services import send_due_mail
from people.rules.roster import read_roster
from people.services import apply_roster, plan_roster
from tests import factories as make


def put_on_list(course: Any, author: User, *emails: str, now: Any = make.NOW) -> list[User]:
    """Apply a class list with these addresses. Return the accounts, in the order of the list."""
    rows = read_roster("\n".join(["email", *emails])).rows
    plan = plan_roster(course=course, rows=rows)
    listed = apply_roster(course=course, rows=rows, expected=plan.digest, author=author, now=now)
    return [person.user for person in listed if person.user is not None]


def send_mail(at: Any = make.NOW) -> int:
    return send_due_mail(clock=lambda: at)


def listing_of(user: User) -> ListedAddress:
    return ListedAddress.objects.get(user=user)
