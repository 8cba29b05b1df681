"""Delete an account: the person asks, may change their mind for some days, and is then erased (D18)."""

import re
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import ApiToken, Erasure, SignInFailure, User
from accounts.selectors.accounts import is_only_admin
from accounts.services.tokens import end_access
from announcements.models import Announcement, AnnouncementVisit
from course.models import TextDraft
from foundation.models import IdempotencyKey
from lessons.models import LessonVisit, StudyNote
from mail.models import ListedAddress, Mail, MutedMail
from people.models import AccommodationNote, DateExtensionNote, Enrollment, Invitation, RoleLimit
from people.selectors.inviting import invitations_about
from people.services import keep_group_dates
from portal.calendars.models import CalendarFeed
from portal.goals.models import StudyGoal
from portal.refusals import Refusal
from portal.rights.models import PersonalExport
from practice.models import PracticeMemory, PracticePlan
from records.models import AuditEntry, Seal
from records.services import record_audit

MOST = 100  # unused accounts per sweep
ALSO_A_WORD = re.compile(r"[A-Za-z]{1,5}")  # a name such as May, An or Grace; elsewhere a full name may be this short
# What identifies a person or says what they did, beside the account, the sessions and the API tokens. A reply that is
# stored for a retry may contain the name.
TRACES = (
    *(PersonalExport, EmailAddress, Authenticator, IdempotencyKey, TextDraft, LessonVisit, StudyNote, CalendarFeed),
    *(Mail, MutedMail, ListedAddress, AnnouncementVisit, StudyGoal, SignInFailure),
    *(PracticeMemory, PracticePlan),
)


@transaction.atomic
def request_erasure(*, user: User, now: datetime) -> datetime:
    """Note that the person wants their account deleted, and return when it will be. Asking again changes nothing.

    Raises Refusal last_admin for the only administrator.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.erasure_due_at is not None:
        return person.erasure_due_at
    refuse_last_admin(person)
    person.erasure_due_at = now + settings.TIME_TO_RECONSIDER
    person.save(update_fields=["erasure_due_at"])
    record_audit(actor=person, action="request_erasure", now=now, target=f"user:{person.pk}")
    return person.erasure_due_at


@transaction.atomic
def keep_account(*, user: User, now: datetime) -> None:
    """Withdraw the wish to delete the account. Without one, this changes nothing."""
    if User.objects.filter(pk=user.pk, erasure_due_at__isnull=False).update(erasure_due_at=None):
        record_audit(actor=user, action="keep_account", now=now, target=f"user:{user.pk}")


def schedule_unused_accounts(*, now: datetime) -> int:
    """Set the date of deletion for accounts that nobody used for `settings.UNUSED_ACCOUNTS_KEPT`. Return how many.

    An account is used while somebody is signed in to it or has a token, and so is the account of staff. Signing in and
    pressing Keep my account withdraws the deletion, as for people who asked for it.
    """
    if settings.UNUSED_ACCOUNTS_KEPT is None:
        return 0
    teaching = Enrollment.objects.filter(user=OuterRef("pk"), unenrolled_at=None).exclude(role=Enrollment.Role.LEARNER)
    signs = [UserSession.objects.filter(user=OuterRef("pk")), ApiToken.objects.filter(user=OuterRef("pk")), teaching]
    unused = User.objects.filter(
        *(~Exists(rows) for rows in signs),
        is_staff=False,
        is_superuser=False,
        is_course_creator=False,
        erased_at=None,
        erasure_due_at=None,
    ).annotate(used_at=Coalesce("last_login", "date_joined"))
    user_ids = list(unused.filter(used_at__lte=now - settings.UNUSED_ACCOUNTS_KEPT).values_list("pk", flat=True)[:MOST])
    for user_id in user_ids:
        User.objects.filter(pk=user_id).update(erasure_due_at=now + settings.TIME_TO_RECONSIDER)
        record_audit(actor=None, action="unused_account", now=now, target=f"user:{user_id}")
    return len(user_ids)


def erasures_due(*, now: datetime) -> list[int]:
    """Return the ids of people whose accounts are to be deleted by now."""
    rows = User.objects.filter(erasure_due_at__lte=now, erased_at=None)
    return list(rows.order_by("erasure_due_at").values_list("pk", flat=True))


@transaction.atomic
def record_kept(*, user_id: int, code: str, now: datetime) -> bool:
    """Record in the audit that an account which is due was not deleted, and why. Return False if that was known before.

    One entry for each wish and reason is enough, because the sweeper tries again every ten seconds.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if person.erasure_due_at is None:
        return False
    action, target = "defer_erasure", f"user:{user_id}"
    entries = AuditEntry.objects.filter(at__gte=person.erasure_due_at, action=action, target=target, details__code=code)
    if entries.exists():
        return False
    record_audit(actor=None, action=action, now=now, target=target, details={"code": code})
    return True


def refuse_last_admin(user: User) -> None:
    if is_only_admin(user):
        raise Refusal("last_admin")


def begin_erasure(*, user: User) -> None:
    """Open the guards of append-only tables for texts about this person, until `erase_person` closes them.

    Call it in the transaction that calls `erase_person`: the mark is never committed.
    """
    Erasure.objects.get_or_create(user=user)


@transaction.atomic
def erase_person(*, user: User, actor: User | None, reason: str, now: datetime, targets: Collection[str] = ()) -> None:
    """Anonymize the person, not the records (D18): nobody can sign in as them or recognize them any more.

    `targets` names what the audit knows of the person besides the account, such as "sitting:ID".
    """
    begin_erasure(user=user)
    names = {user.name, *Enrollment.objects.filter(user=user).values_list("name", flat=True)} - {""}
    named = {user.username, user.email, *_addresses_of(user)} - {""}
    words = {name for name in names if ALSO_A_WORD.fullmatch(name)} - named
    named |= names - words
    _forget_account(user, now)
    Enrollment.objects.filter(user=user).update(name="", student_number="")
    keep_group_dates(user.pk, now)
    Enrollment.groups.through.objects.filter(enrollment__user=user).delete()
    # The limit of a role stays, without groups, so that the role does not become that of the whole class.
    RoleLimit.groups.through.objects.filter(rolelimit__enrollment__user=user).delete()
    Announcement.readers.through.objects.filter(user=user).delete()
    AccommodationNote.objects.filter(accommodation__enrollment__user=user).delete()
    DateExtensionNote.objects.filter(extension__enrollment__user=user).delete()
    Seal.objects.filter(learner=user).exclude(salt="").update(
        salt=""
    )  # without it, no text can be guessed from its digest
    invitations_about(user.pk).delete()
    for model in TRACES:
        model.objects.filter(user=user).delete()
    PersonalExport.objects.filter(asked_by=user).delete()
    end_access(user=user)
    LogEntry.objects.filter(content_type__app_label="course", content_type__model="user", object_id=user.pk).delete()
    _forget_in_audit(user.pk, targets, named | words)
    _forget_replies_to_staff(named)
    _forget_in_notes(named, words)
    record_audit(actor=actor, action="erase_person", now=now, target=f"user:{user.pk}", reason=reason)
    Erasure.objects.filter(user=user).delete()


def _addresses_of(user: User) -> set[str]:
    """Return the addresses that the account has, and those under which it is on class lists."""
    listed = ListedAddress.objects.filter(user=user).values_list("email", flat=True)
    return {*EmailAddress.objects.filter(user=user).values_list("email", flat=True), *listed}


def _forget_account(user: User, now: datetime) -> None:
    user.username = _free_name(user)
    user.email = user.name = user.timezone = user.theme = ""
    user.is_active = user.is_staff = user.is_superuser = user.is_course_creator = False
    user.last_login = user.erasure_due_at = None
    user.erased_at = now
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _free_name(user: User) -> str:
    """Return a username that says nothing about the person. The usual one may be taken."""
    name = f"erased-{user.pk}"
    is_taken = User.objects.filter(username=name).exclude(pk=user.pk).exists()
    return f"{name}-{secrets.token_hex(4)}" if is_taken else name


def _forget_in_audit(user_id: int, targets: Collection[str], named: Collection[str]) -> None:
    """Blank the reasons of entries about the person, and what names the person in their details."""
    for entry in AuditEntry.objects.filter(target__in=[f"user:{user_id}", *targets]):
        details = {key: fact for key, fact in entry.details.items() if not (set(texts_in(fact)) & set(named))}
        if entry.reason or details != entry.details:
            AuditEntry.objects.filter(pk=entry.pk).update(reason="", details=details)


def _forget_in_notes(named: Collection[str], words: Collection[str]) -> None:
    """Blank the notes of invitations that name the person, by whole words: "mo" is not in "Monday class" or "Mo-Fr".

    A name that is also a word counts only as a whole note: the note of a "May term" is not about a learner called May.
    """
    names = [re.compile(token(name), re.IGNORECASE) for name in named]
    names += [re.compile(rf"\A\s*{word}\s*\Z", re.IGNORECASE) for word in words]
    notes = Invitation.objects.exclude(note="").values_list("pk", "note")
    naming = [pk for pk, note in notes.iterator(500) if any(name.search(note) for name in names)]
    Invitation.objects.filter(pk__in=naming).update(note="")


def token(name: str) -> str:
    """Return a pattern that finds a name, a username or an address where it is not a part of a longer one."""
    return rf"(?<![\w@+-])(?<!\w\.){r'\s+'.join(map(re.escape, name.split()))}(?![\w@+-])(?!\.\w)"


def _forget_replies_to_staff(named: Collection[str]) -> None:
    """Delete replies that name the person and are stored for retries of those who work or worked in a course."""
    working = Enrollment.objects.exclude(role=Enrollment.Role.LEARNER).values("user")
    worked = AuditEntry.objects.filter(action__startswith="enroll_dismissed_").values("actor")  # who learn there now
    is_theirs = Q(user__in=working) | Q(user__in=worked) | Q(user__is_staff=True) | Q(user__is_superuser=True)
    rows = IdempotencyKey.objects.filter(is_theirs).only("pk", "answer")
    naming = [row.pk for row in rows.iterator(500) if set(texts_in(row.answer)) & set(named)]
    IdempotencyKey.objects.filter(pk__in=naming).delete()


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
