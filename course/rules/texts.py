"""A course as its folder says it: what is read from text, rendered, and ready to be stored."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from hashlib import sha256
from typing import Any


def digest_of(text: Any) -> str:
    """SHA-256 of everything that a text says, but not of where it stands or what stands in it."""
    said = {each.name: getattr(text, each.name) for each in fields(text) if not each.metadata.get("is_apart")}
    return sha256(json.dumps(said, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else asdict(value)  # type: ignore[call-overload]  # dataclasses only


def apart(**options: Any) -> Any:
    """A field that an object's digest does not cover: its place, or other objects."""
    return field(metadata={"is_apart": True}, **options)


@dataclass(frozen=True)
class CategoryText:
    """A weighted group; `of` names the kind of assessment that it counts."""

    key: str
    title: str
    weight: Decimal
    pass_percent: Decimal
    of: str


@dataclass(frozen=True)
class LessonText:
    """`source` is the whole file, front matter included; the rest follows from it."""

    key: str
    title: str
    minutes: int
    objectives: Sequence[str]
    source: str
    html: str
    contents: Sequence[dict[str, Any]]
    listings: Sequence[dict[str, Any]]
    has_math: bool
    is_open: bool
    path: str = apart()
    position: int = apart()


@dataclass(frozen=True)
class ModuleText:
    """A section of the outline and its lessons."""

    key: str
    title: str
    objectives: Sequence[dict[str, str]]
    folder: str
    source: str
    position: int = apart()
    lessons: tuple[LessonText, ...] = apart(default=())


@dataclass(frozen=True)
class FileText:
    """A file that is no object of its own: a figure, data, a program."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class CourseText:
    """course.yaml; `attempts` per question type, `show` per kind of assessment."""

    slug: str
    title: str
    language: str
    summary: str
    attempts: dict[str, int]
    pass_percent: Decimal
    categories: tuple[CategoryText, ...]
    show: dict[str, Any]
    source: str
    modules: tuple[ModuleText, ...] = apart(default=())
    files: tuple[FileText, ...] = apart(default=())
