"""Read what the listings of a lesson showed: outputs/<name of the lesson's file>.json, written by `course run-listings`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from authoring.folder.document import Path
from authoring.folder.files import find_asset, resolve
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import Shape, ShapeField, check_shape, mapping, rows, text
from course.markup import Asset, Listing, ShownOutput, code_digest, unmet_expectations

FOLDER = "outputs"
MOST_PICTURES = 40_000  # bytes of the pictures of one page in one theme
LARGEST = 1e100  # of the numbers of a curve; the axis needs differences of them
RUN_AGAIN = "run `manage.py course run-listings`"


def any_text(value: object) -> str | None:
    return None if isinstance(value, str) else "needs a text"


def curves(value: object) -> str | None:
    """Check the curves of a training: by name, a list of points."""
    is_named = isinstance(value, dict) and all(isinstance(points, list) for points in value.values())
    fits = is_named and all(_is_point(point) for points in value.values() for point in points)
    return None if fits else "needs names, each with a list of points [x, y]"


def _is_point(value: object) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and all(type(number) in (int, float) and abs(number) <= LARGEST for number in value)


OUTPUT: Shape = {
    "text": ShapeField(any_text, is_needed=False),
    "picture": ShapeField(text, is_needed=False),
    "dark": ShapeField(text, is_needed=False),
    "axis": ShapeField(text, is_needed=False),
    "curves": ShapeField(curves, is_needed=False),
}
RUN: Shape = {"code": ShapeField(text), "outputs": ShapeField(rows, is_list=True, shape=OUTPUT)}
OUTPUTS: Shape = {
    "versions": ShapeField(mapping),
    "listings": ShapeField(mapping, shape=RUN, is_by_name=True),
}


@dataclass(frozen=True)
class ListingRun:
    """What one listing showed, and the digest of the code that ran."""

    code: str
    outputs: tuple[ShownOutput, ...]

    @property
    def printed(self) -> str:
        return "".join(output.text for output in self.outputs if output.picture is None)


@dataclass
class LessonOutputs:
    """What the listings of one lesson showed, by id. `weight` is the size of their pictures in one theme, in bytes."""

    path: str
    runs: dict[str, ListingRun] = field(default_factory=dict)
    weight: int = 0

    def find(self, listing_id: str, digest: str) -> tuple[ShownOutput, ...]:
        """Return what a listing showed, or nothing if its code has changed since."""
        run = self.runs.get(listing_id)
        return run.outputs if run is not None and run.code == digest else ()


def output_path(lesson_path: str) -> str:
    """Return where the outputs of a lesson are stored: for 01-basics/10-tensors.md, 01-basics/outputs/10-tensors.json."""
    folder, _, name = lesson_path.rpartition("/")
    return f"{folder}/{FOLDER}/{name.removesuffix('.md')}.json"


def is_output(path: str) -> bool:
    """Return whether `course run-listings` writes this file, so that nobody edits it."""
    return path.split("/")[-2:-1] == [FOLDER]


def read_outputs(reading: FolderReading, lesson_path: str) -> LessonOutputs:
    """Return what the listings of a lesson showed: nothing if nothing is stored, or if the file has mistakes."""
    outputs = LessonOutputs(output_path(lesson_path))
    if outputs.path not in reading.files:
        return outputs
    report = partial(_report, reading, outputs.path)
    try:
        data = json.loads(reading.text(outputs.path))
    except (ValueError, RecursionError) as error:
        report((), f"this file is not JSON: {error}.")
        return outputs
    if check_shape(data, OUTPUTS, report):
        for name, run in data["listings"].items():
            shown = tuple(_output(reading, outputs, row, partial(report, ("listings", name))) for row in run["outputs"])
            outputs.runs[name] = ListingRun(run["code"], shown)
    return outputs


def _report(reading: FolderReading, path: str, keys: Path, problem: str) -> None:
    """Report a mistake in a file that nobody writes by hand, so it has a place and no line."""
    reading.mistakes.report(path, 1, f"{' → '.join(map(str, keys))}: {problem}" if keys else problem)


def _output(
    reading: FolderReading, outputs: LessonOutputs, row: Mapping[str, Any], report: Callable[[str], None]
) -> ShownOutput:
    picture, dark = (_picture(reading, outputs, row.get(name), report) for name in ("picture", "dark"))
    if row.get("picture"):
        outputs.weight += len(reading.files.get(_place(outputs, row["picture"]), b""))
    return ShownOutput(
        text=row.get("text", ""),
        picture=picture,
        dark=dark,
        axis=row.get("axis", ""),
        curves=row.get("curves"),
    )


def _picture(
    reading: FolderReading, outputs: LessonOutputs, written: str | None, report: Callable[[str], None]
) -> Asset | None:
    if not written:
        return None
    path = _place(outputs, written)
    reading.used.add(path)
    asset = find_asset(reading.files, path, partial(reading.addresses.file, reading.slug))
    if asset is None or not asset.width:
        report(f"the picture “{written}” does not exist, or it is broken.")
        return None
    return asset


def _place(outputs: LessonOutputs, written: str) -> str:
    return resolve(written, outputs.path.rpartition("/")[0])


def advise_on_outputs(
    reading: FolderReading, lesson_path: str, listings: Sequence[Listing], outputs: LessonOutputs
) -> None:
    """Report listings that did not run, whose code has changed, or that did not print what they promise.

    A lesson of which nothing is stored shows no outputs before somebody runs its listings, and that is not a mistake.
    """
    if outputs.path not in reading.files:
        return
    running = [listing for listing in listings if listing.is_runnable]
    for listing in running:
        for problem in _problems(listing, code_digest(listing, listings), outputs.runs.get(listing.id)):
            reading.mistakes.advise(lesson_path, listing.line, f"the listing “{listing.id}” {problem}")
    if outputs.weight > MOST_PICTURES:
        too_heavy = f"the pictures have {outputs.weight // 1000} kB together, but those of a page have at most 40."
        reading.mistakes.advise(outputs.path, 1, too_heavy)
    for unknown in sorted(outputs.runs.keys() - {listing.id for listing in running}):
        reading.mistakes.advise(outputs.path, 1, f"the lesson has no listing “{unknown}” that runs: {RUN_AGAIN}.")


def _problems(listing: Listing, digest: str, run: ListingRun | None) -> Iterator[str]:
    if run is None:
        yield f"has no stored output: {RUN_AGAIN}."
    elif run.code != digest:
        yield f"has changed since its output was stored: {RUN_AGAIN}."
    else:
        for promise in unmet_expectations(listing.expect or (), run.printed):
            yield f"promises “{promise.text}”, which its stored output does not have: {RUN_AGAIN}, or correct expect."
