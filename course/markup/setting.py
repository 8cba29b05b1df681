from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """A file beside the text by its address, an SVG also by its source; size in pixels, 0 if unknown.

    `problem` says why a picture cannot be shown, as the end of a sentence about the file.
    """

    svg: str = ""
    url: str = ""
    width: int = 0
    height: int = 0
    problem: str = ""


@dataclass(frozen=True)
class InteractiveFigure:
    """A drawing that readers can change: `kind` names the product's script, and `values` is its data as JSON."""

    kind: str
    values: str


@dataclass(frozen=True)
class ShownOutput:
    """A part of what a listing showed when its author ran it: a text, a picture that the text describes, or curves.

    `curves` are those of a training: by name, the points (x, y), where `axis` says what x counts.
    """

    text: str = ""
    picture: Asset | None = None
    dark: Asset | None = None  # the same picture in the dark theme
    axis: str = ""
    curves: Mapping[str, Sequence[tuple[float, float]]] | None = None


@dataclass(frozen=True)
class MediaSource:
    """A file on another server, by its https address, and its media type."""

    address: str
    type: str


@dataclass(frozen=True)
class CaptionTrack:
    """Captions in one language: a file of the course by its address on this site."""

    url: str
    language: str
    label: str


@dataclass(frozen=True)
class TranscriptPart:
    """A paragraph of a transcript, with the second of the recording at which it begins, if that is known."""

    start: int | None
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Media:
    """A recording. `kind` is "video" or "audio". `poster` is the address of a picture, and `ratio` such as "16:9".

    `language` is that of the transcript if it may differ from the lesson's.
    """

    kind: str
    title: str
    sources: tuple[MediaSource, ...]
    poster: str = ""
    ratio: str = "16:9"
    captions: tuple[CaptionTrack, ...] = ()
    transcript: tuple[TranscriptPart, ...] = ()
    language: str = ""


def _nothing(_: str) -> None:
    return None


def _no_outputs(_: str, __: str) -> tuple[ShownOutput, ...]:
    return ()


def _no_media(_: str, __: int) -> None:
    return None


@dataclass(frozen=True)
class Setting:
    """The context of a text: how to find files by path and pages by lesson:ID or lab:ID, and the number of its first line.

    `find_interactive` returns None for a file that does not exist, and for one with mistakes, which it reports.
    `find_outputs` returns what the listing with this id showed, if the digest is still that of its code (code_digest).
    `find_term` returns the term of the glossary that a word means. `find_media` returns the recording that the text of a
    block describes, which begins at a line; it reports mistakes itself, and then returns None.
    """

    find_asset: Callable[[str], Asset | None] = _nothing
    find_page: Callable[[str], str | None] = _nothing
    find_interactive: Callable[[str], InteractiveFigure | None] = _nothing
    find_outputs: Callable[[str, str], tuple[ShownOutput, ...]] = _no_outputs
    find_term: Callable[[str], str | None] = _nothing
    find_media: Callable[[str, int], Media | None] = _no_media
    first_line: int = 1
