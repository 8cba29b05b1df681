"""Read a lesson: front matter, then Markdown."""

from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from authoring.folder.document import Document
from authoring.folder.glossary import find_term
from authoring.folder.media import read_media
from authoring.folder.outputs import advise_on_outputs, read_outputs
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import LESSON
from course.markup import Listing, Page, render_page
from course.rules.texts import LessonText

FENCE = "---"


@dataclass(frozen=True)
class Front:
    """A lesson's front matter, read before any lesson is rendered, so that lessons can link to each other."""

    path: str
    source: str
    document: Document
    body: str
    body_line: int

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.document.data
        return data


def read_front(reading: FolderReading, path: str) -> Front | None:
    """Return the front matter, or None after reporting why it cannot be used."""
    source = reading.text(path)
    lines = source.splitlines(keepends=True)
    marks = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    if len(marks) < 2 or marks[0] != 0:
        reading.mistakes.report(
            path, 1, "a lesson starts with front matter: ---, then id, title, minutes and objectives, then ---."
        )
        return None
    document = reading.document(path, "".join(lines[1 : marks[1]]), first_line=2)
    reading.claim_in("lesson", path, document)
    if not reading.fits(path, document, LESSON):
        return None
    return Front(path, source, document, "".join(lines[marks[1] + 1 :]), marks[1] + 2)


def read_lesson(reading: FolderReading, front: Front, *, position: int, is_open: bool) -> LessonText:
    outputs = read_outputs(reading, front.path)
    setting = reading.setting(front.path, front.body_line)
    setting = replace(
        setting,
        find_outputs=outputs.find,
        find_term=partial(find_term, reading),
        find_media=partial(read_media, reading, front.path),
    )
    page = render_page(front.body, setting)
    reading.report_problems(front.path, page.problems)
    if not page.html.strip():
        reading.mistakes.report(front.path, front.body_line, "the lesson has no text.")
    for listing in page.listings:
        reading.claim("listing", listing.id, front.path, listing.line)
    _advise(reading, front.path, page)
    advise_on_outputs(reading, front.path, page.listings, outputs)
    return LessonText(
        key=front.data["id"],
        title=front.data["title"],
        minutes=front.data["minutes"],
        objectives=front.data["objectives"],
        source=front.source,
        html=page.html,
        contents=[asdict(heading) for heading in page.contents],
        listings=[_stored_listing(listing) for listing in page.listings],
        has_math="<math" in page.html,
        is_open=is_open,
        path=front.path,
        position=position,
    )


def _stored_listing(listing: Listing) -> dict[str, object]:
    practice = {
        "predicted": listing.prediction.name if listing.prediction else "",
        "solves": listing.solves,
        "test": listing.test,
    }
    return {
        "id": listing.id,
        "runtime": listing.runtime,
        "run": listing.is_runnable,
        "after": list(listing.after),
        "source": listing.source,
        "expect": None if listing.expect is None else [expected.text for expected in listing.expect],
        **{name: text for name, text in practice.items() if text},
    }


def _advise(reading: FolderReading, path: str, page: Page) -> None:
    for listing in page.listings:
        if listing.is_runnable and listing.expect is None:
            reading.mistakes.advise(path, listing.line, f"the listing “{listing.id}” runs, but it has no expect.")
        if listing.test and all(other.solves != listing.id for other in page.listings):
            reading.mistakes.advise(
                path, listing.line, f"the listing “{listing.id}” has a hidden test, but no listing solves it."
            )
