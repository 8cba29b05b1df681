"""Mail to people: how many it reaches, and how much of it has been sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.models import User
from mail.models import Mail, MutedMail
from mail.rules.delivery import KINDS, LEASE, SOONEST


@dataclass(frozen=True)
class Reach:
    """How many people an announcement is for, how many of them get a mail, and why the others get none."""

    people: int
    mailed: int
    unwanted: int
    unconfirmed: int


@dataclass(frozen=True)
class MailProgress:
    """How far the mail of an announcement is. `problem` is the last answer of a mail server that did not accept one."""

    total: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unwanted: int = 0
    unconfirmed: int = 0
    withdrawn: int = 0
    problem: str = ""


def confirmed_addresses(user_id: int | OuterRef) -> QuerySet[EmailAddress]:
    """Return the address to which a person's mail goes: only a confirmed one, because mail says what one learns."""
    return EmailAddress.objects.filter(user=user_id, verified=True, primary=True)


def reach_of(user_ids: Collection[int] | QuerySet[User, int], kind: str) -> Reach:
    """Return how many of these people get mail of this kind, and why the others get none. Runs one query."""
    rows = User.objects.filter(pk__in=user_ids).annotate(
        is_muted=Exists(MutedMail.objects.filter(user=OuterRef("pk"), kind=kind)),
        is_confirmed=Exists(confirmed_addresses(OuterRef("pk"))),
    )
    counts = rows.aggregate(
        people=Count("pk"),
        mailed=Count("pk", filter=Q(is_muted=False, is_confirmed=True)),
        unwanted=Count("pk", filter=Q(is_muted=True)),
        unconfirmed=Count("pk", filter=Q(is_muted=False, is_confirmed=False)),
    )
    return Reach(**counts)


def mail_progress(announcement_ids: Collection[int]) -> dict[int, MailProgress]:
    """Return how far the mail of each announcement is. Runs one query."""
    results = {result.value: Count("pk", filter=Q(result=result.value)) for result in Mail.Result}
    rows = Mail.objects.filter(announcement__in=announcement_ids).order_by().values("announcement")
    progress = rows.annotate(
        total=Count("pk"), waiting=Count("pk", filter=Q(result="")), last_problem=Max("problem"), **results
    )
    return {row.pop("announcement"): MailProgress(problem=row.pop("last_problem"), **row) for row in progress}


def mail_wanted(user: User) -> dict[str, bool]:
    """Return for each kind of mail whether the person wants it."""
    muted = set(MutedMail.objects.filter(user=user).values_list("kind", flat=True))
    return {kind: kind not in muted for kind in KINDS}


def address_for(user: User) -> str:
    """Return the confirmed address of a person, or ""."""
    return confirmed_addresses(user.pk).values_list("email", flat=True).first() or ""


def is_mail_moving(now: datetime) -> bool:
    """Return whether a worker has taken a message in the last minute and not finished it."""
    return Mail.objects.filter(result="", due_at__gt=now + LEASE - SOONEST, due_at__lte=now + LEASE).exists()


def has_mail_due(now: datetime) -> bool:
    """Return whether a message waits for a worker."""
    return Mail.objects.filter(result="", due_at__lte=now).exists()
