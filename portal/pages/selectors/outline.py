"""The course outline on pages: modules, lessons, labs, review questions and exam, with the reader's state."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse

from course.rules.own_dates import OwnDates, in_force
from course.rules.schedule import UNDATED, Dates, has_opened
from course.selectors import part_of_snapshot, published, published_text
from grading.rules.category_grade import ItemGrade
from grading.rules.course_grade import CourseGrade
from labs.models import Lab
from labs.workbench import NO_WORK, LabWork, lab_work
from lessons.rules.reading import Visit, in_listed_order, module_numbers
from lessons.selectors import visits_of_reader
from people.selectors import dates_vary, own_dates
from portal.pages.selectors.resuming import ReaderSights, page_to_resume, sights_of_reader
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from course.models import Lesson, Module
    from quizzes.models import Assessment

FEW = 3  # lines that take no more room than what would hide them
CELLS = {"now": "now", "done": "done", "in_progress": "half", "opened": "half"}


@dataclass(frozen=True)
class OutlineEntry:
    """One line: a lesson, a lab, review questions or an exam.

    `state` is unopened, closed, todo, opened, now, in_progress or done: "unopened" waits for its opening date, and
    "closed" for an account.

    `grade` is the gradebook's cell of a graded line; `dates` are those in force. They `may_vary` if a group or a learner
    was given others.
    """

    kind: str
    id: str
    number: str
    title: str
    url: str
    state: str
    minutes: int = 0
    grade: ItemGrade | None = None
    has_begun: bool = False
    dates: Dates = UNDATED
    may_vary: bool = False

    @property
    def cell(self) -> str:
        """Return the state of the cell that draws the line."""
        return CELLS.get(self.state, "open")


@dataclass(frozen=True)
class OutlineSection:
    """A module with its lines; `number` is "" for about, summary, appendix and exam."""

    id: str
    number: str
    title: str
    objectives: tuple[str, ...]
    entries: tuple[OutlineEntry, ...]
    dates: Dates = UNDATED
    is_unopened: bool = False
    own_dated: tuple[OutlineEntry, ...] = ()

    @property
    def has_dates(self) -> bool:
        """Return whether there is a date to show: what has opened needs no opening date."""
        return self.is_unopened or self.dates.due_at is not None or self.dates.closes_at is not None

    @property
    def mark(self) -> str:
        return self.number or ("exam" if any(entry.kind == "exam" for entry in self.entries) else "plain")

    @property
    def cells(self) -> list[str]:
        return [entry.cell for entry in self.entries]

    @property
    def is_unfolded(self) -> bool:
        """Return whether a phone shows the lines at once: those at which the reader is, and those of a short module."""
        return len(self.entries) <= FEW or any(entry.state == "now" for entry in self.entries)

    @property
    def done(self) -> int:
        return sum(entry.state == "done" for entry in self.entries)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.entries)

    @property
    def has_begun(self) -> bool:
        return any(entry.has_begun for entry in self.entries)

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries if entry.kind == "lesson")

    @property
    def minutes_left(self) -> int:
        return sum(entry.minutes for entry in self.entries if entry.kind == "lesson" and entry.state != "done")


@dataclass(frozen=True)
class LearnerOutline:
    parts: tuple[OutlineSection, ...]

    @cached_property
    def entries(self) -> list[OutlineEntry]:
        return [entry for part in self.parts for entry in part.entries]

    @cached_property
    def numbered(self) -> list[OutlineSection]:
        return [part for part in self.parts if part.number]

    @cached_property
    def resume(self) -> OutlineEntry | None:
        """Return the lesson, the lab or the review questions at which to resume."""
        return next(iter([entry for entry in self.entries if entry.state == "now"]), None)

    @property
    def resume_module(self) -> str:
        """Return number and title of the module at whose line to resume, or "" if the line has the same title."""
        here = self.resume
        titles = [f"{part.number} {part.title}" for part in self.parts for entry in part.entries if entry is here]
        return "" if here is None or titles == [f" {here.title}"] else titles[0].strip()

    @property
    def untouched_review(self) -> tuple[str, OutlineEntry] | None:
        """Return title and review questions of the module that the reader is in or comes to, if nothing there is done yet."""
        entries, here = self.entries, self.resume
        following = entries[entries.index(here) :] if here else []
        part = next((part for part in self.numbered if part.entries and part.entries[-1] in following), None)
        if part is None or part.done:
            return None
        return next(
            ((part.title, entry) for entry in part.entries if (entry.kind, entry.state) == ("review", "todo")), None
        )

    @property
    def following(self) -> OutlineEntry | None:
        """Return the line after it."""
        entries, here = self.entries, self.resume
        index = entries.index(here) + 1 if here else len(entries)
        return entries[index] if index < len(entries) else None

    @property
    def just_finished(self) -> OutlineSection | None:
        """Return the module that is done, if the line at which to resume is in the next one and nothing there has begun."""
        here = self.resume
        index = next((index for index, part in enumerate(self.numbered) if here in part.entries), 0)
        before = self.numbered[index - 1] if index else None
        return before if before and before.is_done and not self.numbered[index].has_begun else None

    @property
    def first_open(self) -> OutlineEntry | None:
        """Return the first lesson of a numbered module, for visitors."""
        lessons = [entry for part in self.numbered for entry in part.entries if entry.kind == "lesson"]
        return lessons[0] if lessons else None

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @property
    def has_begun(self) -> bool:
        return any(part.has_begun for part in self.parts)

    @property
    def mapped(self) -> list[OutlineEntry]:
        """Return the lines on the map: those of the numbered modules."""
        return [entry for part in self.numbered for entry in part.entries]

    @property
    def mapped_done(self) -> int:
        return sum(part.done for part in self.numbered)

    @property
    def map(self) -> list[tuple[str, list[str]]]:
        """Return rows of cells for the numbered modules."""
        return [(part.number, part.cells) for part in self.numbered]

    @property
    def needle(self) -> str | None:
        """Return the reader's position in percent of the course's lines, for the scale below the page header."""
        return needle_at(self.entries, self.resume)


def needle_at(entries: list[OutlineEntry], here: OutlineEntry | None) -> str | None:
    if here is None:
        return None
    return f"{(2 * entries.index(here) + 1) * 100 / (2 * len(entries)):.1f}"


@dataclass(frozen=True)
class CourseContents:
    """The modules in order, as a snapshot holds them. Every line is as an anonymous reader sees it. `entries` are all lines.

    `lessons` are the ids of the lessons in the order of reading; `opening` has the opening time of those that have one.
    `dated` are the questions, exams and labs that have a date, or may have one for somebody, each with its title; review
    questions are named after their module.
    """

    parts: tuple[OutlineSection, ...]
    lessons: tuple[str, ...]
    opening: Mapping[str, datetime]
    dated: tuple[tuple[str, OutlineEntry], ...] = ()

    @cached_property
    def entries(self) -> tuple[OutlineEntry, ...]:
        return tuple(entry for part in self.parts for entry in part.entries)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Return the position of each line among the `entries`, by its id."""
        return {entry.id: position for position, entry in enumerate(self.entries)}

    @cached_property
    def varies(self) -> bool:
        """Return whether the dates of a line may be others for a group or a learner."""
        return any(entry.may_vary for entry in self.entries)

    def opened(self, now: datetime) -> tuple[str, ...]:
        """Return the ids of the lessons that have opened."""
        if not self.opening:
            return self.lessons
        return tuple(lesson for lesson in self.lessons if has_opened(self.opening.get(lesson), now))


def read_contents(course_id: int) -> CourseContents:
    """Read the modules, each with its lessons, its labs, and then its questions."""
    lessons = published_text(course_id).in_outline
    labs = Lab.objects.filter(course_id=course_id, is_retired=False).select_related("module", "course")
    labs = labs.annotate(dates_vary=dates_vary()).order_by("position", "pk")
    labs = labs.only("id", "key", "title", "minutes", "module", "course")
    modules: dict[Module, list[OutlineEntry]] = {}
    names: dict[str, str] = {}  # kind and key of each line, by its id
    for lesson in lessons:
        modules.setdefault(lesson.module, []).append(lesson_entry(lesson))
        names[lesson.pk] = f"lesson:{lesson.key}"
    for lab in labs:
        url = reverse("lab", args=[lab.pk])
        dates = {"dates": lab.dates, "may_vary": lab.dates_vary}
        entry = OutlineEntry("lab", lab.pk, "", lab.title, url, "todo", lab.minutes, **dates)
        modules.setdefault(lab.module, []).append(entry)
        names[lab.pk] = f"lab:{lab.key}"
    for assessment in assessments_of(course_id):
        modules.setdefault(assessment.module, []).append(assessment_entry(assessment))
        names[assessment.pk] = f"{assessment.kind}:{assessment.key}"
    ordered = sorted(modules, key=lambda module: (module.position, module.pk))
    numbers = module_numbers([module.folder for module in ordered])
    parts = tuple(
        outline_section(module, in_listed_order(modules[module], names, module.line_order), numbers[module.folder])
        for module in ordered
    )
    opening = {lesson.pk: lesson.opens_at for lesson in lessons if lesson.opens_at is not None}
    return CourseContents(parts, tuple(lesson.pk for lesson in lessons), opening, tuple(dated_entries(parts)))


def dated_entries(parts: Iterable[OutlineSection]) -> Iterator[tuple[str, OutlineEntry]]:
    for part in parts:
        for entry in part.entries:
            if entry.kind != "lesson" and (entry.may_vary or entry.dates != UNDATED):
                yield (f"{part.title}: {entry.title}" if entry.kind == "review" else entry.title), entry


def outline_section(module: "Module", entries: list[OutlineEntry], number: str) -> OutlineSection:
    """Return the module. If it has a number, its lines are numbered "2.1" and so on."""
    if number:
        entries = [replace(entry, number=f"{number}.{position}") for position, entry in enumerate(entries, start=1)]
    # Its own dates: the page names those of the whole course once.
    dates = Dates(module.dates.opens_at, module.due_at, module.closes_at)
    objectives = tuple(objective["text"] for objective in module.objectives)
    return OutlineSection(module.pk, number, module.title, objectives, tuple(entries), dates)


def lesson_entry(lesson: "Lesson") -> OutlineEntry:
    state = "todo" if lesson.is_open else "closed"
    url = reverse("lesson", args=[lesson.pk])
    dates = Dates(opens_at=lesson.opens_at) if lesson.opens_at else UNDATED
    return OutlineEntry("lesson", lesson.pk, "", lesson.title, url, state, lesson.minutes, dates=dates)


def assessment_entry(assessment: "Assessment") -> OutlineEntry:
    limit = assessment.time_limit
    minutes = int(limit.total_seconds() // 60) if limit else 0
    url = reverse("assessment", args=[assessment.pk])
    dates = {"dates": assessment.dates, "may_vary": assessment.dates_vary}
    return OutlineEntry(assessment.kind, assessment.pk, "", assessment.title, url, "todo", minutes, **dates)


CONTENTS = part_of_snapshot("contents", read_contents)
NOT_OPENED = Visit()
NOTHING_GIVEN: Mapping[str, OwnDates] = MappingProxyType({})


@dataclass(frozen=True)
class ReaderState:
    """What a reader did: visits by lesson, work by lab, scores by activity. `here` is the line to continue with, on pages
    that lead there.

    `visits` is None for anonymous readers, who have only the open lessons. `now` decides what has opened. `own` are the
    dates that the reader or their groups were given, by activity.
    """

    now: datetime

    visits: Mapping[str, Visit] | None
    work: Mapping[str, LabWork]
    grades: Mapping[str, ItemGrade]
    here: str | None
    own: Mapping[str, OwnDates] = NOTHING_GIVEN

    def section(self, part: OutlineSection) -> OutlineSection:
        """Return the module with this reader's state."""
        is_unopened = part.dates is not UNDATED and not has_opened(part.dates.opens_at, self.now)
        entries = tuple(map(self.entry, part.entries))
        own_dated = tuple(entry for entry in entries if entry.id in self.own) if self.own else ()
        return replace(part, entries=entries, is_unopened=is_unopened, own_dated=own_dated)

    def entry(self, entry: OutlineEntry) -> OutlineEntry:
        """Return the line with this reader's state."""
        if entry.id in self.own:
            entry = replace(entry, dates=in_force(entry.dates, self.own[entry.id]))
        if entry.dates.opens_at is not None and not has_opened(entry.dates.opens_at, self.now):
            return replace(entry, state="unopened")
        if entry.kind == "lesson":
            return self.lesson(entry)
        if entry.kind == "lab":
            return self.lab(entry)
        grade = self.grades.get(entry.id)
        if grade is None:
            return entry
        state = "now" if entry.id == self.here else grade.state if grade.state != "not_started" else "todo"
        return replace(entry, state=state, grade=grade, has_begun=state != "todo")

    def lesson(self, entry: OutlineEntry) -> OutlineEntry:
        if self.visits is None:
            return entry
        visit = self.visits.get(entry.id, NOT_OPENED)
        has_begun = visit.opened_at is not None
        state = "done" if visit.done_at else "now" if entry.id == self.here else "opened" if has_begun else "todo"
        if state == "now" and visit.section:
            return replace(entry, state=state, has_begun=has_begun, url=f"{entry.url}#{quote(visit.section)}")
        return replace(entry, state=state, has_begun=has_begun) if has_begun or state != entry.state else entry

    def lab(self, entry: OutlineEntry) -> OutlineEntry:
        work, grade = self.work.get(entry.id, NO_WORK), self.grades.get(entry.id)
        has_begun, is_here = work.touched_at is not None, entry.id == self.here
        state = "done" if work.has_passed else "now" if is_here else "in_progress" if has_begun else "todo"
        return replace(entry, state=state, grade=grade, has_begun=has_begun)


def outline_of(
    course_id: int,
    user_id: int | None,
    grade: CourseGrade | None,
    sights: ReaderSights | None = None,
    *,
    now: datetime,
) -> LearnerOutline:
    """Return the outline for a reader, who may be anonymous. `grade` fills the lines of what is graded.

    `sights` are the reader's, if the caller has read them. Otherwise this runs two queries for a reader.
    """
    grades = {item.activity: item for item in grade.items} if grade else {}
    if user_id is None:
        return LearnerOutline(parts_for(course_id, ReaderState(now, None, {}, grades, None)))
    sights = sights_of_reader(user_id) if sights is None else sights
    work, contents = lab_work(course_id, user_id), published(course_id)[CONTENTS]
    own = own_dates(user_id, course_id) if contents.varies else NOTHING_GIVEN
    here = page_to_resume(contents, sights, work, grades, own, now)
    return LearnerOutline(parts_for(course_id, ReaderState(now, sights.visits, work, grades, here, own)))


def parts_for(course_id: int, reader: ReaderState) -> tuple[OutlineSection, ...]:
    parts = published(course_id)[CONTENTS].parts
    return tuple(reader.section(part) for part in parts)


def reader_state(contents: CourseContents, course_id: int, user_id: int | None, *, now: datetime) -> ReaderState:
    """Return what a reader did in a course, without grades. Anonymous readers did nothing.

    Runs two queries for a reader, and one more if dates vary in the course.
    """
    if user_id is None:
        return ReaderState(now, None, {}, {}, None)
    own = own_dates(user_id, course_id) if contents.varies else NOTHING_GIVEN
    return ReaderState(now, visits_of_reader(user_id), lab_work(course_id, user_id), {}, None, own)
