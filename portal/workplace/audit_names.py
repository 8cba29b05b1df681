"""The audit of a course for people: objects by name, with links."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.selectors import announcements_called, announcements_named
from labs.selectors import lab_titles
from lessons.help.selectors import help_called, help_requests_in
from people.selectors import invitations_called, invitations_named, learners_by_id, people_called
from people.templatetags.workplace import words as spaced
from quizzes.rules.names import assessment_name
from quizzes.selectors import assessments_of, questions_named, reports_named, sittings_named, targets_called
from records.selectors import AuditSearch, as_targets, audit_entries, entries_after

if TYPE_CHECKING:
    from course.models import Course
    from records.models import AuditEntry

CHUNK = 500
HEADER = ["at", "actor_username", "actor_name", "action", "object", "object_name", "reason", "details"]
NAMED = ("user", "sitting", "question", "report", "help", "file", "course", "announcement", "lab", "invitation")
OURS = "Finalcheck"  # shown as the author when no person acted


@dataclass(frozen=True)
class Named:
    """The object of an entry in words; `url` is empty if it has no page."""

    words: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True)
class AuditRow:
    entry: Any
    object: Named
    details: tuple[tuple[str, str], ...]


def with_names(course_id: int, search: AuditSearch) -> AuditSearch:
    """Return the search with words that also match the names of people and objects."""
    words = search.words
    if not words:
        return search
    people = people_called(course_id, words)
    called = [key for key, name in activity_names(course_id).items() if words.casefold() in name.casefold()]
    targets = (
        as_targets(people, "user", "user"),
        as_targets(announcements_called(course_id, words), "announcement", "pk"),
        as_targets(invitations_called(course_id, words), "invitation", "pk"),
        *targets_called(course_id, words, people.values("user")),
        help_called(course_id, words, people.values("user")),
        [f"lab:{key}" for key in called],
    )
    return replace(search, targets=targets, activities=called)


def activity_names(course_id: int) -> dict[str, str]:
    """Return the names of a course's assessments and labs by id. Runs two queries."""
    return {assessment.pk: assessment_name(assessment) for assessment in assessments_of(course_id)} | lab_titles(
        course_id
    )


def audit_rows(course: "Course", entries: "Sequence[AuditEntry]") -> list[AuditRow]:
    """Return the entries with the names of their objects. Runs a constant number of queries."""
    names = Names(course, entries)
    return [AuditRow(entry, names.object(entry.target), names.details(entry.details)) for entry in entries]


def audit_table(course: "Course", search: AuditSearch, zone: tzinfo) -> Iterator[list[str]]:
    """Yield header and entries as text, newest first, for exports. Instants are in `zone`."""
    yield HEADER
    rows, last = audit_entries(course.pk, search), None
    while chunk := list(entries_after(rows, last)[:CHUNK]):
        for row in audit_rows(course, chunk):
            yield as_line(row, zone)
        last = chunk[-1]


def as_line(row: AuditRow, zone: tzinfo) -> list[str]:
    entry = row.entry
    who = (entry.actor.username, entry.actor.get_full_name()) if entry.actor else ("", OURS)
    what = (entry.action, entry.target, row.object.words, entry.reason, json.dumps(entry.details, ensure_ascii=False))
    return [entry.at.astimezone(zone).isoformat(timespec="seconds"), *who, *what]


class Names:
    """The names of all objects of some entries of a course, read at once."""

    def __init__(self, course: "Course", entries: "Sequence[AuditEntry]") -> None:
        ids: dict[str, set[str]] = {}
        for entry in entries:
            kind, _colon, key = entry.target.partition(":")
            ids.setdefault(kind, set()).add(key)
            ids.setdefault("sitting", set()).update(map(str, entry.details.get("sittings", ())))
            if isinstance(learner := entry.details.get("learner"), int):
                ids.setdefault("user", set()).add(str(learner))
        self.course = course
        self.sittings = sittings_named(course.pk, ids.get("sitting", ()))
        self.people = learners_by_id(course.pk, numbers(ids.get("user", ())) | self.sitting_learners())
        self.questions = questions_named(course.pk, ids.get("question", ()))
        self.reports = reports_named(course.pk, numbers(ids.get("report", ())))
        asked = help_requests_in(course.pk).filter(pk__in=numbers(ids.get("help", ())))
        self.help_requests = {help_request.pk: help_request for help_request in asked}
        self.announcements = announcements_named(course.pk, numbers(ids.get("announcement", ())))
        self.invitations = invitations_named(course.pk, numbers(ids.get("invitation", ())))
        self.activities = activity_names(course.pk)

    def sitting_learners(self) -> set[int]:
        return {sitting.learner_id for sitting in self.sittings.values()}

    def object(self, target: str) -> Named:
        kind, _colon, key = target.partition(":")
        if kind not in NAMED:
            return Named(target)
        return getattr(self, f"_{kind}")(key) or Named(target)

    def _user(self, key: str) -> Named | None:
        person = self.people.get(int(key)) if key.isdecimal() else None
        if person is None:
            return None
        url = reverse("learner", args=[self.course.slug, person.user_id]) if person.role == "learner" else ""
        return Named(person.name or person.user.get_full_name(), url, person.user.username)

    def _sitting(self, key: str) -> Named | None:
        sitting = self.sittings.get(key)
        if sitting is None:
            return None
        person = self._user(str(sitting.learner_id)) or Named(sitting.learner.get_full_name())
        url = reverse("gradebook_cell", args=[self.course.slug, sitting.learner_id, sitting.assessment_id])
        return Named(f"{assessment_name(sitting.assessment)}, {person.words}", person.url and url, person.more)

    def _question(self, key: str) -> Named | None:
        question = self.questions.get(key)
        url = question and reverse("question_analysis", args=[self.course.slug, question.pk])
        return Named(question.key, url or "", assessment_name(question.assessment)) if question else None

    def _report(self, key: str) -> Named | None:
        report = self.reports.get(int(key)) if key.isdecimal() else None
        if report is None:
            return None
        url = reverse("report_page", args=[self.course.slug, report.pk])
        return Named(_("Report on %s") % report.question.key, url, assessment_name(report.question.assessment))

    def _help(self, key: str) -> Named | None:
        help_request = self.help_requests.get(int(key)) if key.isdecimal() else None
        if help_request is None:
            return None
        return Named(
            _("Question about %s") % help_request.title,
            reverse("help_request", args=[self.course.slug, help_request.pk]),
        )

    def _lab(self, key: str) -> Named | None:
        title = self.activities.get(key)
        return Named(title, reverse("regrade_lab", args=[self.course.slug, key])) if title else None

    def _announcement(self, key: str) -> Named | None:
        title = self.announcements.get(int(key)) if key.isdecimal() else None
        return Named(title, reverse("announcement_page", args=[self.course.slug, key])) if title else None

    def _invitation(self, key: str) -> Named | None:
        email = self.invitations.get(int(key)) if key.isdecimal() else None
        return Named(email, reverse("inviting", args=[self.course.slug])) if email else None

    def _file(self, key: str) -> Named:
        return Named(key, reverse("edit_text", args=[self.course.slug, key]))

    def _course(self, key: str) -> Named:
        return Named(self.course.title, reverse("dashboard", args=[self.course.slug]))

    def details(self, details: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return the other recorded details, with names in place of ids. Keys that only guard against repeats are left out."""
        return tuple((spaced(name), self._fact(name, fact)) for name, fact in details.items() if name != "key")

    def _fact(self, name: str, fact: Any) -> str:
        match name:
            case "assessment" | "lab":
                return self.activities.get(fact, str(fact))
            case "learner" if isinstance(fact, int):
                person = self._user(str(fact))
                return person.words if person else str(fact)
            case "sittings":
                return self._sitters(fact)
            case _:
                return _("none") if fact is None else str(fact)

    def _sitters(self, ids: Sequence[str]) -> str:
        people = [self._user(str(self.sittings[key].learner_id)) for key in ids if key in self.sittings]
        named = ", ".join(person.words for person in people[:5] if person)
        rest = len(ids) - 5
        more = ngettext("%d more", "%d more", rest) % rest if rest > 0 else ""
        return " + ".join(filter(None, (named, more))) or str(len(ids))


def numbers(keys: Iterable[str]) -> set[int]:
    return {int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19}
