"""What the command palette lists of a course: its pages, their sections, and the terms of its glossary."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from course.rules.own_dates import NOTHING_OWN, OwnDates, in_force
from course.rules.schedule import has_opened
from course.selectors import published
from lessons.selectors import PlaceToOpen, address_of_place, places_to_open
from people.selectors import own_dates
from portal.pages.selectors.outline import CONTENTS, NOTHING_GIVEN, CourseContents

LABEL = {"lesson": "section", "lab": "step", "term": "term"}


class PaletteLine(NamedTuple):
    """A line of the palette. `detail` is where it belongs: the module of a page with its number, the page of a section."""

    kind: str
    title: str
    detail: str
    url: str


def palette_lines(course_id: int, *, is_reader: bool, now: datetime, reader_id: int | None = None) -> list[PaletteLine]:
    """Return what this reader may open, in the course's order. Visitors get only what needs no account (D28).

    What has not opened for them is left out, as in a search, also for staff (D22, D39). Runs one query, and one more if
    dates vary in the course.
    """
    contents = published(course_id)[CONTENTS]
    own = own_dates(reader_id, course_id) if contents.varies and reader_id is not None else NOTHING_GIVEN
    places = places_to_open(course_id, is_reader=is_reader, now=now, reader_id=reader_id)
    open_to_visitors = {destination.subject for destination in places}
    pages = [line for line_id, line in _pages(contents, own, now) if is_reader or line_id in open_to_visitors]
    return pages + [
        _line_of(destination) for destination in places if destination.section or destination.kind == "term"
    ]


def _pages(contents: CourseContents, own: Mapping[str, OwnDates], now: datetime) -> Iterator[tuple[str, PaletteLine]]:
    for part in contents.parts:
        module = (
            _("Module %(number)s: %(title)s") % {"number": part.number, "title": part.title}
            if part.number
            else part.title
        )
        for entry in part.entries:
            if has_opened(in_force(entry.dates, own.get(entry.id, NOTHING_OWN)).opens_at, now):
                title = f"{entry.number} {entry.title}".strip()
                yield entry.id, PaletteLine(entry.kind, title, module, entry.url)


def _line_of(entry: PlaceToOpen) -> PaletteLine:
    title, detail = (entry.title, "") if entry.kind == "term" else (entry.section, entry.title)
    return PaletteLine(LABEL[entry.kind], title, detail, address_of_place(entry))
