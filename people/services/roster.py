"""Put a class list into effect: create the accounts that are missing, enroll everyone, and set groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from course.models import Course
from foundation.queue import SEND_MAIL, wake
from people.models import Enrollment, LearnerGroup, PersonalInvitation
from people.refusals import Refusal
from people.rules.inviting import is_acceptable
from people.rules.roster import RosterMistake, RosterRow
from people.rules.student_numbers import is_same_number, number_key
from people.selectors.inviting import just_mailed, open_invitations
from people.selectors.student_numbers import number_holders
from people.services.group_previews import GradeMovedByGroup, grades_moved_by
from people.services.inviting import add_to_invitation, invitations_left, refuse_to_invite, send_invitation
from people.services.listed_accounts import create_account
from people.services.listing import ListedPerson, note_listed_addresses
from people.services.locks import lock_learners
from people.services.membership import audit_membership, ensured_groups, follow_groups, lock_groups
from records.services import record_audit

FATES = ("add", "create", "enroll", "invite", "invited", "return", "group", "number", "unchanged", "staff")
NEW = ("create", "enroll")  # fates of people who are not in the class yet: it must not learn who has an account
BY_MAIL = ("invite", "invited")  # fates of people who join by themselves, with an account or without


@dataclass(frozen=True)
class RosterFate:
    """What becomes of a row of the list.

    `kind` is one of FATES, `user` the account that the row names, and `added` the groups that it adds. `number` is the
    student number that it sets in place of `old_number`, or "". Show only `public_kind` and `member` before the list is
    applied: they do not say whether an address has an account.
    """

    row: RosterRow
    kind: str
    user: User | None
    added: tuple[str, ...]
    number: str = ""
    old_number: str = ""

    @property
    def public_kind(self) -> str:
        return "add" if self.kind in NEW else self.kind

    @property
    def is_change(self) -> bool:
        return bool(self.added or self.number) if self.kind == "invited" else self.kind not in ("unchanged", "staff")

    @property
    def member(self) -> User | None:
        return None if self.kind in (*NEW, *BY_MAIL) else self.user


@dataclass(frozen=True)
class RosterPlan:
    """The fate of every row, and the grades that move because groups have other dates. It can be applied only without
    mistakes.
    """

    fates: tuple[RosterFate, ...]
    mistakes: tuple[RosterMistake, ...]
    moved_grades: tuple[GradeMovedByGroup, ...] = ()

    @property
    def digest(self) -> str:
        contents = [
            (fate.row, fate.public_kind, fate.member and fate.member.pk, fate.added, fate.number, fate.old_number)
            for fate in self.fates
        ]
        return sha256(repr((*contents, *self.moved_grades)).encode()).hexdigest()

    @property
    def named_grades(self) -> list[tuple[User, GradeMovedByGroup]]:
        """Return the moved grades with their learners, in the order of the list."""
        moved = {grade.learner_id: grade for grade in self.moved_grades}
        members = [fate.member for fate in self.fates if fate.member is not None]
        return [(member, moved[member.pk]) for member in members if member.pk in moved]

    @property
    def public_counts(self) -> dict[str, int]:
        """Return how many rows have each fate, as far as people may see it before the list is applied."""
        return counted_fates(fate.public_kind for fate in self.fates)

    @property
    def counts(self) -> dict[str, int]:
        return counted_fates(fate.kind for fate in self.fates)


def counted_fates(fates: Iterable[str]) -> dict[str, int]:
    counts = Counter(fates)
    return {fate: counts[fate] for fate in FATES if fate in counts}


@dataclass(frozen=True)
class Listed:
    """A person of the list after it was applied. Those who were invited have no enrollment yet."""

    row: RosterRow
    enrollment: Enrollment | None
    user: User | None
    fate: str


def plan_roster(
    *,
    course: Course,
    rows: Sequence[RosterRow],
    inviting_at: datetime | None = None,
    now: datetime | None = None,
) -> RosterPlan:
    """Return what each row would do. Writes nothing. Runs a constant number of queries.

    With `now`, the plan also says whose grades would move. That takes more queries if groups of the course have dates.
    With `inviting_at`, the present, the list invites by email whoever is not in the class and has an address in it.
    Mistakes say nothing about the accounts of people outside of the class, except that a username is unknown.

    Raises Refusal no_mail_server, invitation_unseen for a list that invites.
    """
    people = People(course, rows) if inviting_at is None else InvitedPeople(course, rows, inviting_at)
    fates: list[RosterFate] = []
    mistakes: list[RosterMistake] = []
    taken: dict[int, int] = {}
    for row in rows:
        user, sentence = people.find(row)
        fate = people.fate(row, user)
        sentence = sentence or people.refusal(fate)
        sentence = sentence or people.number_refusal(row, user)
        if fate.member is not None and fate.member.pk in taken:
            sentence = f"Row {taken[fate.member.pk]} names the same account."
        if sentence:
            mistakes.append(RosterMistake(row.number, sentence))
            continue
        if fate.member is not None:
            taken[fate.member.pk] = row.number
        fates.append(fate)
    plan = RosterPlan(tuple(fates), tuple(mistakes))
    return plan if now is None or mistakes else with_moved_grades(plan, course, now)


def with_moved_grades(plan: RosterPlan, course: Course, now: datetime) -> RosterPlan:
    """Return the plan with the grades that move because members join groups with other dates (D39)."""
    joining = {fate.member.pk: fate.added for fate in plan.fates if fate.member is not None and fate.added}

    def join() -> None:
        lock_groups(course)
        lock_learners(course_id=course.pk, learner_ids=joining)
        groups = {group.name: group for group in LearnerGroup.objects.filter(course=course)}
        for enrollment in Enrollment.objects.filter(course=course, user_id__in=joining):
            names = joining[enrollment.user_id]
            enrollment.groups.add(*(groups[name] for name in names if name in groups))
        follow_groups(course.pk, joining, now)

    moved = grades_moved_by(join, course_id=course.pk, learner_ids=joining, now=now) if joining else ()
    return replace(plan, moved_grades=moved)


@transaction.atomic
def apply_roster(
    *, course: Course, rows: Sequence[RosterRow], expected: str, author: User, now: datetime, invites: bool = False
) -> list[Listed]:
    """Do what the plan with the digest `expected` says, all or nothing. The same list again changes nothing.

    Raises Refusal roster_stale if the plan is another one by now, or has mistakes.
    """
    lock_groups(course)
    plan = plan_roster(course=course, rows=rows, inviting_at=now if invites else None)
    lock_learners(course_id=course.pk, learner_ids={fate.user.pk for fate in plan.fates if fate.user})
    if plan.mistakes or with_moved_grades(plan, course, now).digest != expected:
        raise Refusal("roster_stale")
    names = {name for fate in plan.fates if fate.kind not in BY_MAIL for name in fate.added}
    groups = {group.name: group for group in ensured_groups(course, names)}
    emails = [fate.row.email.lower() for fate in plan.fates if fate.kind in BY_MAIL]
    invitations = open_invitations(course.pk, emails) if emails else {}
    listed = [listed_now(course, fate, groups, invitations, author, now) for fate in plan.fates]
    learners = [person for person in listed if person.user is not None and person.fate != "staff"]
    moved = {person.user.pk for person, fate in zip(listed, plan.fates, strict=True) if person.user and fate.added}
    if moved:
        follow_groups(course.pk, moved, now)
    note_listed_addresses(course=course, people=map(listed_person, learners), author=author, now=now)
    if any(fate.kind == "invite" for fate in plan.fates):
        wake(SEND_MAIL)
    if any(fate.is_change for fate in plan.fates):
        record_audit(
            actor=author,
            action="import_roster",
            now=now,
            course=course,
            target=f"course:{course.slug}",
            details=dict(plan.counts),
        )
    return listed


def listed_person(person: Listed) -> ListedPerson:
    assert person.user is not None
    return ListedPerson(person.user, person.row.email, is_new=person.fate == "create")


def listed_now(
    course: Course,
    fate: RosterFate,
    groups: Mapping[str, LearnerGroup],
    invitations: dict[str, PersonalInvitation],
    author: User,
    now: datetime,
) -> Listed:
    """Put one row into effect. `invitations` are the open ones of the list, by address; a new one joins them."""
    row = fate.row
    if fate.kind in BY_MAIL:
        new = PersonalInvitation(course=course, email=row.email.lower(), created_at=now)
        invitation = invitations.setdefault(row.email.lower(), new)
        if fate.kind == "invite":
            invitation.student_number = fate.number or invitation.student_number
            send_invitation(invitation=invitation, name=row.name, groups=row.groups, author=author, now=now)
        elif fate.is_change:
            add_to_invitation(invitation=invitation, groups=fate.added, student_number=fate.number)
        return Listed(row, None, None, fate.kind)
    user = fate.user or create_account(row)
    enrollment = enrolled(course, user, fate, now)
    if fate.added:
        enrollment.groups.add(*(groups[name] for name in fate.added))
    if fate.is_change:
        details: dict[str, object] = {"fate": fate.kind, "groups": ", ".join(fate.added)}
        audit_membership("list_learner", enrollment, author, now, details=details)
    return Listed(row, enrollment, user, fate.kind)


def enrolled(course: Course, user: User, fate: RosterFate, now: datetime) -> Enrollment:
    """Return the person's enrollment, created or reactivated as the fate says."""
    if fate.kind in NEW:
        defaults = {
            "enrolled_at": now,
            "name": fate.row.name or user.get_full_name(),
            "student_number": fate.number,
        }
        return Enrollment.objects.get_or_create(user=user, course=course, defaults=defaults)[
            0
        ]  # two rows may mean one person
    enrollment = Enrollment.objects.select_for_update().get(user=user, course=course)
    if fate.kind == "return":
        enrollment.unenrolled_at = enrollment.removed_at = None
        enrollment.role = Enrollment.Role.LEARNER
        enrollment.save(update_fields=["unenrolled_at", "removed_at", "role"])
    if fate.number:
        enrollment.student_number = fate.number
        enrollment.save(update_fields=["student_number"])
    return enrollment


def without_password(*, course: Course, user_ids: Collection[int]) -> list[User]:
    """Return those of these people who have never had a password and belong to this course alone.

    Only their links may be given to the course's instructors: any other account has another owner, and that of somebody
    with a role could do more than theirs.
    """
    rows = User.objects.filter(pk__in=user_ids, is_active=True, last_login=None).order_by("pk")
    others = Enrollment.objects.filter(user__in=user_ids).exclude(course=course, role=Enrollment.Role.LEARNER)
    rows = rows.filter(is_staff=False, is_superuser=False, is_course_creator=False).exclude(
        pk__in=others.values("user")
    )
    return [user for user in rows if not user.has_usable_password()]


class People:
    """The accounts and enrollments that a list may mean, read at once."""

    def __init__(self, course: Course, rows: Sequence[RosterRow]) -> None:
        names = {row.username.casefold() for row in rows if row.username}
        emails = {row.email.casefold() for row in rows if row.email}
        self.by_name = {user.username.casefold(): user for user in lowered(User.objects.all(), "username", names)}
        verified = lowered(EmailAddress.objects.filter(verified=True).select_related("user"), "email", emails)
        self.by_email = {address.email.casefold(): address.user for address in verified}
        same = lowered(User.objects.filter(is_active=True).order_by("-pk"), "email", emails)
        enrollments = Enrollment.objects.filter(course=course)
        known = {user.pk for user in (*self.by_name.values(), *self.by_email.values(), *same)}
        self.enrollments = {row.user_id: row for row in enrollments.filter(user__in=known).prefetch_related("groups")}
        has_numbers = any(row.student_number for row in rows)
        self.holders = number_holders(course.pk) if has_numbers else {}
        for user in same:  # an address that nobody confirmed counts only for those who are in this class already
            if user.pk in self.enrollments:
                self.by_email.setdefault(user.email.casefold(), user)

    def find(self, row: RosterRow) -> tuple[User | None, str]:
        """Return the account of a row, None for a new one, and what is wrong, if anything."""
        by_email = self.by_email.get(row.email.casefold()) if row.email else None
        by_name = self.by_name.get(row.username.casefold()) if row.username else None
        if not row.email:
            if by_name is None:
                return None, f"No account is called “{row.username}”. Add an email address to create it."
            return by_name, "" if by_name.is_active else "This account was deactivated, so it cannot be enrolled."
        if by_name is not None and (by_name == by_email or by_name.email.casefold() == row.email.casefold()):
            return by_name, ""
        if by_email is not None and by_email.pk in self.enrollments:
            return by_email, ""  # the address decides, and the username is a wish for a new account
        if by_name is not None and by_name.pk in self.enrollments:  # also if somebody outside the class has the address
            return None, f"The account “{row.username}” has another email address."
        return by_email, ""

    def refusal(self, fate: RosterFate) -> str:
        """Return why this cannot happen to a row now, or ""."""
        return ""

    def number_refusal(self, row: RosterRow, user: User | None) -> str:
        """Return why the row cannot have its student number, or ""."""
        holder = self.holders.get(number_key(row.student_number)) if row.student_number else None
        if holder is None or (user is not None and holder.user_id == user.pk):
            return ""
        return (
            f"“{holder.user.username}” has the student number {holder.student_number} already. Correct this row, or "
            "that learner’s place in the class."
        )

    def fate(self, row: RosterRow, user: User | None) -> RosterFate:
        enrollment = self.enrollments.get(user.pk) if user else None
        if user is None or enrollment is None:
            return RosterFate(row, "create" if user is None else "enroll", user, row.groups, row.student_number)
        has = {group.name for group in enrollment.groups.all()}
        added = tuple(name for name in row.groups if name not in has)
        numbers = changed_number(row, enrollment)
        if enrollment.unenrolled_at is not None:
            return RosterFate(row, "return", user, added, *numbers)
        if enrollment.role != Enrollment.Role.LEARNER:
            return RosterFate(row, "staff", user, ())
        kind = "group" if added else "number" if numbers[0] else "unchanged"
        return RosterFate(row, kind, user, added, *numbers)


class InvitedPeople(People):
    """The same for a list that invites by email: people who are not in the class join by themselves."""

    def __init__(self, course: Course, rows: Sequence[RosterRow], now: datetime) -> None:
        refuse_to_invite(course)
        super().__init__(course, rows)
        emails = {row.email.lower() for row in rows if row.email}
        self.now, self.left = now, invitations_left(course, now)
        self.open, self.just_mailed = open_invitations(course.pk, emails), just_mailed(course.pk, emails, now)

    def fate(self, row: RosterRow, user: User | None) -> RosterFate:
        fate = super().fate(row, user)
        if fate.kind not in NEW or not row.email:
            return fate
        invitation = self.open.get(row.email.lower())
        if invitation is None or not is_acceptable(invitation, self.now):
            return RosterFate(row, "invite", None, row.groups, row.student_number)
        added = tuple(name for name in row.groups if name not in invitation.groups)
        return RosterFate(row, "invited", None, added, *changed_number(row, invitation))

    def refusal(self, fate: RosterFate) -> str:
        if fate.kind != "invite":
            return ""
        if fate.row.email.lower() in self.just_mailed:
            return "This address got an invitation less than an hour ago. Leave out the row, or wait an hour."
        self.left -= 1
        most = settings.INVITATIONS_PER_DAY
        return (
            "" if self.left >= 0 else f"A course can mail {most} invitations in 24 hours. Leave the row for tomorrow."
        )


def changed_number(row: RosterRow, stored: Enrollment | PersonalInvitation) -> tuple[str, str]:
    """Return the number that a row sets and the one that is stored. Both are "" if the row sets none.

    A row without a number leaves it alone, and so does one in which a spreadsheet has dropped the zeros in front.
    """
    if not row.student_number or is_same_number(row.student_number, stored.student_number):
        return "", ""
    return row.student_number, stored.student_number


def lowered[Row: Model](rows: "QuerySet[Row, Row]", field: str, wanted: Collection[str]) -> list[Row]:
    """Return the rows with one of the wanted values, in any case."""
    return list(rows.annotate(low=Lower(field)).filter(low__in=wanted))
