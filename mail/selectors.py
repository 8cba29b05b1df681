"""Mail to people: to which address it goes, who gets none and why, and how much of it has been sent."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from accounts.models import User
from mail.models import ListedAddress, Mail, MutedMail
from mail.rules.delivery import KINDS, LEASE, SOONEST
from mail.rules.reasons import NoMail, result_without_mail

type AnnotatedPeople = QuerySet[Any, Any]  # with columns of which the type checker knows nothing


@dataclass(frozen=True)
class Reach:
    """How many people an announcement is for, how many of them get a mail, and why the others get none."""

    people: int
    mailed: int
    unwanted: int
    unconfirmed: int


@dataclass(frozen=True)
class ClassReach:
    """How many people of a class get its announcements by mail. `reasons` says how many get none, by why.

    `failing` are people whose last message was not accepted by their mail server; they are counted with the others, too.
    """

    people: int
    mailed: int
    reasons: dict[str, int]
    failing: int


@dataclass(frozen=True)
class MailState:
    """Whether a person gets the mail of a course: `reason` says why they get no announcements, or "".

    `is_listed` says that mail goes to the address on the class list, which the person has not confirmed. `misses_notices`
    says that they switched off notices, and `problem` is the answer of a mail server that did not accept the last message.
    """

    reason: str
    is_listed: bool
    misses_notices: bool
    problem: str


@dataclass(frozen=True)
class Destination:
    """Where the mail of a course goes to a person, "" for nowhere. `listing` is the class list's entry, if it decides."""

    address: str
    listing: ListedAddress | None = None


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

    @property
    def mailed(self) -> int:
        """Return how many people get the message: as many as the preview says, unless they have stopped mail since."""
        return self.total - self.unwanted - self.unconfirmed


def confirmed_addresses(user_id: int | OuterRef) -> QuerySet[EmailAddress]:
    """Return the confirmed address to which a person's mail goes, because mail says what one learns."""
    return EmailAddress.objects.filter(user=user_id, verified=True, primary=True)


def usable_listings() -> QuerySet[ListedAddress]:
    """Return the addresses of class lists to which mail may go, whatever the site's policy says: people have kept them in
    their accounts, and nobody else has confirmed them.
    """
    own = EmailAddress.objects.filter(user=OuterRef("user"), email=OuterRef("email"))
    confirmed = EmailAddress.objects.filter(email=OuterRef("email"), verified=True)
    is_kept = Q(Exists(own)) | Q(email=Lower("user__email"))
    return ListedAddress.objects.filter(is_kept, ~Exists(confirmed.exclude(user=OuterRef("user"))))


def with_reasons(people: QuerySet[User], *, course_id: int, kind: str) -> AnnotatedPeople:
    """Add to each person as `no_mail` why they get no mail of this kind in this course, "" for those who do.

    Everything that counts, shows or sends mail asks this, so that all agree.
    """
    muted = MutedMail.objects.filter(user=OuterRef("pk"), kind=kind)
    cases = [
        When(is_active=False, then=Value(NoMail.INACTIVE.value)),
        When(Exists(muted), then=Value(NoMail.UNWANTED.value)),
        When(Exists(confirmed_addresses(OuterRef("pk"))), then=Value("")),
    ]
    if settings.MAILS_CLASS_LISTS:
        usable = usable_listings().filter(user=OuterRef("pk"), course=course_id)
        cases += [
            When(Exists(usable.filter(stopped_at=None)), then=Value("")),
            When(Exists(usable), then=Value(NoMail.STOPPED.value)),
        ]
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    cases.append(When(Q(~Exists(addresses), email=""), then=Value(NoMail.NO_ADDRESS.value)))
    reason = Case(*cases, default=Value(NoMail.UNCONFIRMED.value), output_field=CharField())
    return people.annotate(no_mail=reason)


def with_failures(people: AnnotatedPeople, course_id: int) -> AnnotatedPeople:
    """Add to each person as `failure` how a mail server answered the last message of the course, if it did not accept it."""
    newest = Mail.objects.filter(user=OuterRef("pk"), course=course_id, result__in=("sent", "failed")).order_by("-pk")
    failure = Case(When(result="failed", then=F("problem")), default=Value(""), output_field=CharField())
    return people.annotate(failure=Coalesce(Subquery(newest.annotate(why=failure).values("why")[:1]), Value("")))


def reach_of(user_ids: Collection[int] | QuerySet[Model, int], *, kind: str, course_id: int) -> Reach:
    """Return how many of these people get mail of this kind, and why the others get none. Runs one query."""
    people = with_reasons(User.objects.filter(pk__in=user_ids), course_id=course_id, kind=kind)
    counts = dict(people.order_by().values_list("no_mail").annotate(number=Count("pk")))
    results = Counter[str]()
    for reason, number in counts.items():
        results[result_without_mail(reason)] += number
    return Reach(sum(counts.values()), results[""], results["unwanted"], results["unconfirmed"])


def results_without_mail(user_ids: Collection[int], *, kind: str, course_id: int) -> dict[int, str]:
    """Return by person the result of a message to those of these people who get none. Runs one query."""
    people = with_reasons(User.objects.filter(pk__in=user_ids), course_id=course_id, kind=kind).exclude(no_mail="")
    return {user_id: result_without_mail(reason) for user_id, reason in people.values_list("pk", "no_mail")}


def class_reach(user_ids: QuerySet[Model, int], course_id: int) -> ClassReach:
    """Return how many of these people get the announcements of the course by mail, and why not. Runs one query."""
    people = with_mail_states(user_ids, course_id).annotate(
        fails=Case(When(failure="", then=Value(0)), default=Value(1), output_field=IntegerField())
    )
    reasons, failing = Counter[str](), 0
    for reason, fails, number in people.order_by().values_list("no_mail", "fails").annotate(number=Count("pk")):
        reasons[reason] += number
        failing += number if fails else 0
    mailed = reasons.pop("", 0)
    ordered = {reason.value: reasons[reason] for reason in NoMail if reason in reasons}
    return ClassReach(mailed + reasons.total(), mailed, ordered, failing)


def with_mail_states(user_ids: Collection[int] | QuerySet[Model, int], course_id: int) -> AnnotatedPeople:
    people = with_reasons(User.objects.filter(pk__in=user_ids), course_id=course_id, kind="announcements")
    return with_failures(people, course_id)


def without_mail(user_ids: QuerySet[Model, int], course_id: int) -> QuerySet[Model, int]:
    """Return the ids of those of these people who get no announcements by mail, or whose last message failed."""
    return with_mail_states(user_ids, course_id).exclude(no_mail="", failure="").values_list("pk", flat=True)


def mail_states(user_ids: Collection[int], course_id: int) -> dict[int, MailState]:
    """Return by person whether they get the mail of the course. Runs one query."""
    muted = MutedMail.objects.filter(user=OuterRef("pk"), kind="notices")
    people = with_mail_states(user_ids, course_id).annotate(
        misses_notices=Exists(muted), is_confirmed=Exists(confirmed_addresses(OuterRef("pk")))
    )
    return {
        person.pk: MailState(
            reason=person.no_mail,
            is_listed=not person.no_mail and not person.is_confirmed,
            misses_notices=person.misses_notices,
            problem=person.failure,
        )
        for person in people
    }


def mail_progress(
    announcement_ids: Collection[int], readers: QuerySet[Model, int] | None = None
) -> dict[int, MailProgress]:
    """Return how far the mail of each announcement is, to `readers` alone if given. Runs one query."""
    results = {result.value: Count("pk", filter=Q(result=result.value)) for result in Mail.Result}
    rows = Mail.objects.filter(announcement__in=announcement_ids).order_by().values("announcement")
    if readers is not None:
        rows = rows.filter(user__in=readers)
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


def destination_of(user: User, course_id: int) -> Destination:
    """Return where the mail of a course goes: to the confirmed address, else to the one on the class list if the site's
    policy allows it.
    """
    if address := address_for(user):
        return Destination(address)
    if not settings.MAILS_CLASS_LISTS:
        return Destination("")
    listing = usable_listings().filter(user=user, course=course_id, stopped_at=None).first()
    return Destination(listing.email, listing) if listing else Destination("")


def listings_of(user: User) -> list[ListedAddress]:
    """Return the addresses of class lists to which mail of a person's courses goes until they confirm one, stopped ones
    too. Runs one query at most.
    """
    if not settings.MAILS_CLASS_LISTS:
        return []
    return list(usable_listings().filter(user=user).select_related("course").order_by("course__title", "pk"))


def is_mail_moving(now: datetime) -> bool:
    """Return whether a worker has taken a message in the last minute and not finished it."""
    return Mail.objects.filter(result="", due_at__gt=now + LEASE - SOONEST, due_at__lte=now + LEASE).exists()


def has_mail_due(now: datetime) -> bool:
    """Return whether a message waits for a worker."""
    return Mail.objects.filter(result="", due_at__lte=now).exists()
