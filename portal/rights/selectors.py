"""What is stored about a person beside their work: for the archive that they, or an instructor, may download."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.models import ApiToken, User
from announcements.models import Announcement, AnnouncementVisit
from course.models import TextDraft
from lessons.models import LessonVisit, StudyNote
from mail.models import ListedAddress, Mail, MutedMail
from people.models import Accommodation, DateExtension, Enrollment, GroupDates, LearnerGroup, RoleLimit
from people.selectors.inviting import invitations_about
from portal.calendars.models import CalendarFeed
from portal.goals.models import StudyGoal
from portal.refusals import Refusal
from portal.rights.models import ExportPart, PersonalExport
from practice.models import PracticeMemory, PracticePlan
from records.models import AuditEntry

type Row = dict[str, object]
type Section = tuple[str, list[Row]]


def account_tables(user_id: int) -> list[Section]:
    """Return what belongs to the account, and what nobody else may read. Secrets are left out: hashes, keys, tokens."""
    account = (
        *("username", "name", "email", "timezone", "theme", "is_course_creator"),
        *("date_joined", "last_login", "erasure_due_at"),
    )
    emails = EmailAddress.objects.filter(user=user_id).values("email", "verified", "primary")
    listed = ListedAddress.objects.filter(user=user_id).order_by("pk")
    factors = [
        {
            "type": factor.type,
            "name": factor.data.get("name", ""),
            "created_at": factor.created_at,
            "last_used_at": factor.last_used_at,
        }
        for factor in Authenticator.objects.filter(user=user_id)
    ]
    sessions = UserSession.objects.filter(user=user_id).values("created_at", "last_seen_at", "ip", "user_agent")
    tokens = ApiToken.objects.filter(user=user_id).values("name", "scopes", "created", "expiry")
    drafts = TextDraft.objects.filter(user=user_id, text__isnull=False)
    notes = StudyNote.objects.filter(user=user_id).order_by("pk")
    goals = StudyGoal.objects.filter(user=user_id).order_by("pk")
    aimed = ("course__slug", "unit", "amount", "timezone", "reminder_day", "reminder_hour", "reminds_at", "saved_at")
    practiced = PracticeMemory.objects.filter(user=user_id).order_by("pk")
    remembered = (
        *("course__slug", "question__assessment__title", "question__position"),
        *("reviewed_on", "due_on", "stability", "difficulty"),
    )
    plans = PracticePlan.objects.filter(user=user_id).order_by("pk")
    planned = ("course__slug", "next_on", "next_count", "timezone", "reminder_hour", "reminds_at")
    noted = ("lesson__module__course__slug", "lesson__title", "section", "quote", "before", "after", "text", "saved_at")
    return [
        ("account", list(User.objects.filter(pk=user_id).values(*account))),
        ("email_addresses", list(emails)),
        ("addresses_on_class_lists", list(listed.values("course__slug", "email", "listed_at", "stopped_at"))),
        ("second_factors", factors),
        ("signed_in_devices", list(sessions)),
        ("api_tokens", list(tokens)),
        ("mail_not_wanted", list(MutedMail.objects.filter(user=user_id).values("kind"))),
        ("calendar", list(CalendarFeed.objects.filter(user=user_id).values("renewed_at"))),
        ("text_drafts", list(drafts.values("course__slug", "path", "key", "text", "saved_at"))),
        ("study_notes", list(notes.values(*noted))),
        ("weekly_goals", list(goals.values(*aimed))),
        ("practice", list(practiced.values(*remembered))),
        ("practice_ahead", list(plans.values(*planned))),
    ]


def course_tables(user_id: int, course_id: int | None) -> list[Section]:
    """Return the person's enrollments, groups, extra time, lessons, and what was done to their account or work.

    Of one course, or of all.
    """
    in_course = {} if course_id is None else {"course_id": course_id}
    enrollments = Enrollment.objects.filter(user=user_id, **in_course)
    times = Accommodation.objects.filter(enrollment__in=enrollments)
    later = DateExtension.objects.filter(enrollment__in=enrollments).order_by("pk")
    groups = LearnerGroup.objects.filter(enrollments__in=enrollments)
    limits = RoleLimit.objects.filter(enrollment__in=enrollments).order_by("pk", "groups__name")
    of_groups = GroupDates.objects.filter(group__in=groups).order_by("pk")
    given = ("activity", "opens_at", "due_at", "closes_at", "created_at")
    visits = LessonVisit.objects.filter(user=user_id)
    if course_id is not None:
        visits = visits.filter(lesson__module__course_id=course_id)
    mail = Mail.objects.filter(user=user_id, **in_course).order_by("pk")
    if course_id is not None:
        mail = mail.exclude(
            kind="reminders"
        )  # a goal is for its learner alone, and an instructor may read this archive
    invited = invitations_about(user_id).filter(**in_course)
    asked = (
        "course__slug",
        "email",
        "name",
        "student_number",
        "groups",
        "role",
        "created_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    )
    addressed = Announcement.objects.filter(readers=user_id, **in_course).order_by("pk")
    seen = AnnouncementVisit.objects.filter(user=user_id, **in_course)
    entries = AuditEntry.objects.filter(target=f"user:{user_id}", **in_course)
    reading = ("lesson__module__course__slug", "lesson__title", "opened_at", "seen_at", "done_at", "section")
    dated = (*given, "is_exact")
    columns = ("course__slug", "role", "name", "student_number", "enrolled_at", "unenrolled_at", "removed_at")
    return [
        ("enrollments", list(enrollments.values(*columns))),
        ("exam_time", list(times.values("enrollment__course__slug", "multiplier", "created_at"))),
        (
            "later_dates",
            list(later.values("enrollment__course__slug", *dated)),
        ),
        ("groups", list(groups.values("course__slug", "name"))),
        ("groups_of_role", list(limits.values("enrollment__course__slug", "groups__name"))),
        ("dates_of_groups", list(of_groups.values("group__course__slug", "group__name", *given))),
        ("lessons_read", list(visits.values(*reading))),
        ("mail", list(mail.values("course__slug", "kind", "key", "facts", "created_at", "finished_at", "result"))),
        ("invitations", list(invited.values(*asked))),
        ("announcements_to_learners_at_risk", list(addressed.values("course__slug", "title", "posted_at"))),
        ("announcements_read", list(seen.values("course__slug", "at"))),
        ("actions_recorded", list(entries.order_by("pk").values("at", "course__slug", "action"))),
    ]


def export_for(user_id: int, asked_by_id: int, course_id: int | None = None) -> PersonalExport | None:
    """Return the newest archive about this person that this reader asked for."""
    rows = PersonalExport.objects.filter(user=user_id, asked_by=asked_by_id, course=course_id)
    return rows.order_by("-pk").first()


def pieces_of(export: PersonalExport | None) -> tuple[PersonalExport, Iterator[bytes]]:
    """Return a finished archive and its content, piece by piece. Raises Refusal not_found for any other."""
    if export is None or export.finished_at is None:
        raise Refusal("not_found")
    rows = ExportPart.objects.filter(export=export).order_by("number").values_list("content", flat=True)
    return export, (bytes(content) for content in rows.iterator(1))
