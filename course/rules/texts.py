"""A course as parsed from its folder: read, rendered, and ready to be stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def content_digest(text: "DataclassInstance") -> str:
    """Return the SHA-256 digest of an object's text, without its position and without the objects inside it."""
    return sha256(json.dumps(_values(text), sort_keys=True, default=_plain).encode()).hexdigest()


_NEVER = object()


def _values(text: "DataclassInstance") -> dict[str, object]:
    values = {
        attribute: getattr(text, attribute.name) for attribute in fields(text) if not attribute.metadata.get("is_apart")
    }
    return {
        attribute.name: value
        for attribute, value in values.items()
        if attribute.metadata.get("left_out", _NEVER) != value
    }


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else _values(value)


def apart(**options: Any) -> Any:
    """Declare a field that an object's digest leaves out: its position, other objects, or what follows from the source.

    Everything that we render follows from the source, so another rendering of the same source is the same text.
    """
    return field(metadata={"is_apart": True}, **options)


def optional[T](default: T) -> T:
    """Declare a field that the digest leaves out while it has its default, so that digests stored earlier stay valid."""
    declared: T = field(default=default, metadata={"left_out": default})
    return declared


NEVER_LATE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class CategoryText:
    """A weighted group; `of` names the kind of activity in it.

    `items` are the ids of its activities. Without them, it takes all of its kind that no other category lists.
    `extra_items` are those of its activities that add to its mean. These fields follow from the source of the course.
    """

    key: str
    title: str
    weight: Decimal
    pass_percent: Decimal
    of: str
    drop_lowest: int = apart(default=0)
    is_extra: bool = apart(default=False)
    items: tuple[str, ...] = apart(default=())
    extra_items: tuple[str, ...] = apart(default=())


@dataclass(frozen=True)
class ColumnText:
    """A graded item without an activity, whose points instructors enter (D41). It names its `category` itself."""

    key: str
    title: str
    maximum: Decimal
    category: str
    due_at: datetime | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class LessonText:
    """`source` is the whole file, including front matter; the other fields are derived from it."""

    key: str
    source: str
    is_open: bool
    title: str = apart()
    minutes: int = apart()
    objectives: Sequence[str] = apart()
    html: str = apart()
    contents: Sequence[dict[str, Any]] = apart()
    listings: Sequence[dict[str, Any]] = apart()
    has_math: bool = apart()
    path: str = apart()
    position: int = apart()


@dataclass(frozen=True)
class ModuleText:
    """A section of the outline and its lessons.

    `line_order` names kind and id of each of its lines (“lesson:tensors”) in the author's order, if module.yaml lists it.
    """

    key: str
    title: str
    objectives: Sequence[dict[str, str]]
    folder: str
    source: str
    position: int = apart()
    lessons: tuple[LessonText, ...] = apart(default=())
    line_order: Sequence[str] = apart(default=())
    opens_at: datetime | None = optional(None)
    due_at: datetime | None = optional(None)
    closes_at: datetime | None = optional(None)


@dataclass(frozen=True)
class FileText:
    """A file that has no model: a figure, data, a program."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class CourseText:
    """course.yaml. `attempts` are per question type, `show` per kind of assessment."""

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
    columns: tuple[ColumnText, ...] = apart(default=())
    joining: str = apart(default="open")
    kept: frozenset[str] = apart(default=frozenset())  # files as edited on the site, in place of the folder's
    timezone: str = optional("UTC")
    opens_at: datetime | None = optional(None)
    due_at: datetime | None = optional(None)
    closes_at: datetime | None = optional(None)
