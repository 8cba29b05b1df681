"""The course as a reader sees it on pages: modules, lessons, labs, review questions and exam with their state."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from course.rules.reading import Visit, module_number, place_to_resume
from course.selectors import lessons_of
from grading.selectors import CourseGrade, ItemGrade
from portal.selectors.labs import labs_with_work, touched_at
from quizzes.selectors import assessments_of

CELLS = {"now": "now", "done": "done", "in_progress": "half", "opened": "half"}


@dataclass(frozen=True)
class Entry:
    """One line: a lesson, a lab, review questions or an exam. `state` is closed, todo, opened, now, in_progress or done.

    `grade` is the gradebook's cell of a graded line.
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

    @property
    def cell(self) -> str:
        """How components draw it."""
        return CELLS.get(self.state, "open")


@dataclass(frozen=True)
class Part:
    """A module with its lines; `number` is "" for about, summary, appendix and exam."""

    id: str
    number: str
    title: str
    objectives: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def mark(self) -> str:
        return self.number or ("exam" if any(entry.kind == "exam" for entry in self.entries) else "plain")

    @property
    def cells(self) -> list[str]:
        return [entry.cell for entry in self.entries]

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
class Outline:
    parts: tuple[Part, ...]

    @property
    def entries(self) -> list[Entry]:
        return [entry for part in self.parts for entry in part.entries]

    @property
    def numbered(self) -> list[Part]:
        return [part for part in self.parts if part.number]

    @property
    def resume(self) -> Entry | None:
        """The lesson or lab to go on with."""
        return next((entry for entry in self.entries if entry.state == "now"), None)

    @property
    def following(self) -> Entry | None:
        """What comes after that."""
        entries, here = self.entries, self.resume
        place = entries.index(here) + 1 if here else len(entries)
        return entries[place] if place < len(entries) else None

    @property
    def first_open(self) -> Entry | None:
        """The first lesson of a numbered module, for someone who looks around."""
        lessons = [entry for part in self.numbered for entry in part.entries if entry.kind == "lesson"]
        return lessons[0] if lessons else None

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @property
    def has_begun(self) -> bool:
        return any(part.has_begun for part in self.parts)

    @property
    def map(self) -> list[tuple[str, list[str]]]:
        """Rows of cells for the numbered modules."""
        return [(part.number, part.cells) for part in self.numbered]

    @property
    def needle(self) -> str | None:
        """Where the reader is, in percent of the course's lines, for the scale under the page's head."""
        return needle_at(self.entries, self.resume)


def needle_at(entries: list[Entry], here: Entry | None) -> str | None:
    if here is None:
        return None
    return f"{(2 * entries.index(here) + 1) * 100 / (2 * len(entries)):.1f}"


def outline_of(course_id: int, user_id: int | None, grade: CourseGrade | None) -> Outline:
    """Three statements: lessons, labs and assessments; `grade` fills the lines of what is graded."""
    return Outline(tuple(parts_of(content_of(course_id, user_id), user_id, grade)))


@dataclass(frozen=True)
class Content:
    """What a course's modules hold, each in order; lessons and labs with what this reader did in them."""

    lessons: list[Any]
    labs: list[Any]
    assessments: list[Any]


def content_of(course_id: int, user_id: int | None) -> Content:
    lessons, labs = lessons_of([course_id], user_id), labs_with_work([course_id], user_id)
    return Content(lessons, labs, assessments_of(course_id))


def parts_of(content: Content, user_id: int | None, grade: CourseGrade | None) -> list[Part]:
    """The modules in order, each with its lessons, its labs, and then its questions."""
    here = place_of_reader(content.lessons, content.labs) if user_id is not None else None
    cells = {item.activity: item for item in grade.items} if grade else {}
    modules: dict[Any, list[Entry]] = {}
    for lesson in content.lessons:
        modules.setdefault(lesson.module, []).append(lesson_entry(lesson, lesson_state(lesson, user_id, here)))
    for lab in content.labs:
        modules.setdefault(lab.module, []).append(lab_entry(lab, cells.get(lab.pk), is_here=lab.pk == here))
    for assessment in content.assessments:
        modules.setdefault(assessment.module, []).append(graded_entry(assessment, cells.get(assessment.pk)))
    return [part(module, modules[module]) for module in sorted(modules, key=lambda each: (each.position, each.pk))]


def place_of_reader(lessons: list[Any], labs: list[Any]) -> str | None:
    """The lab begun and not passed that was touched after the last lesson, else the lesson to go on with."""
    moments = [at for lesson in lessons for at in (lesson.opened_at, lesson.done_at) if at]
    last_read = max(moments, default=None)
    begun = [lab for lab in labs if not lab.has_passed and touched_at(lab)]
    newest = max(begun, key=touched_at, default=None)
    if newest is not None and (last_read is None or touched_at(newest) > last_read):
        return newest.pk
    resume = place_to_resume([Visit(lesson.opened_at, lesson.done_at) for lesson in lessons])
    return None if resume is None else lessons[resume].pk


def part(module: Any, entries: list[Entry]) -> Part:
    """The module with its lines numbered, "2.1", where the module has a number."""
    number = module_number(module.folder)
    if number:
        entries = [replace(entry, number=f"{number}.{place}") for place, entry in enumerate(entries, start=1)]
    return Part(module.pk, number, module.title, tuple(each["text"] for each in module.objectives), tuple(entries))


def lesson_entry(lesson: Any, state: str) -> Entry:
    url, has_begun = reverse("lesson", args=[lesson.pk]), lesson.opened_at is not None
    return Entry("lesson", lesson.pk, "", lesson.title, url, state, lesson.minutes, has_begun=has_begun)


def lesson_state(lesson: Any, user_id: int | None, here: str | None) -> str:
    if user_id is None:
        return "todo" if lesson.is_open else "closed"
    if lesson.done_at:
        return "done"
    if lesson.pk == here:
        return "now"
    return "opened" if lesson.opened_at else "todo"


def lab_entry(lab: Any, cell: ItemGrade | None, *, is_here: bool) -> Entry:
    has_begun = touched_at(lab) is not None
    state = "done" if lab.has_passed else "now" if is_here else "in_progress" if has_begun else "todo"
    return Entry("lab", lab.pk, "", lab.title, reverse("lab", args=[lab.pk]), state, grade=cell, has_begun=has_begun)


def graded_entry(assessment: Any, cell: ItemGrade | None) -> Entry:
    state = cell.state if cell and cell.state != "not_started" else "todo"
    limit = assessment.time_limit
    minutes = int(limit.total_seconds() // 60) if limit else 0
    url = reverse("assessment", args=[assessment.pk])
    return Entry(
        assessment.kind, assessment.pk, "", assessment.title, url, state, minutes, cell, has_begun=state != "todo"
    )
