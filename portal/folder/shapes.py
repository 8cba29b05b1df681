"""What each YAML file of a course must hold, as data, and the walk that compares."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.folder.document import Document, Path

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
LONGEST_KEY = 80

type Check = Callable[[Any], str | None]
type Shape = Mapping[str, "Field"]
type Report = Callable[[Path, str], None]


@dataclass(frozen=True)
class Field:
    """`check` says what is wrong with a value; `shape` is what it, or with `is_list` each of its rows, must hold."""

    check: Check
    is_needed: bool = True
    shape: Shape | None = None
    is_list: bool = False


def text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "needs a text"


def key(value: Any) -> str | None:
    fits = isinstance(value, str) and KEY.match(value) and len(value) <= LONGEST_KEY
    return None if fits else "needs a short kebab-case word"


def keys(value: Any) -> str | None:
    fits = isinstance(value, list) and all(key(each) is None for each in value)
    return None if fits else "needs a list of ids, [] if there are none"


def rows(value: Any) -> str | None:
    return None if isinstance(value, list) else "needs a list"


def mapping(value: Any) -> str | None:
    return None if isinstance(value, dict) else "needs names with values"


def one_of(*choices: Any) -> Check:
    named = ", ".join(str(choice) for choice in choices)
    return lambda value: None if value in choices else f"needs one of {named}"


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if fits else f"needs a whole number from {least} to {most}"

    return check


def amount(least: Decimal, most: Decimal) -> Check:
    def check(value: Any) -> str | None:
        fits = isinstance(value, int | Decimal) and not isinstance(value, bool) and least <= value <= most
        return None if fits else f"needs a number from {least} to {most}"

    return check


PERCENT = amount(Decimal(0), Decimal(100))
POINTS = amount(Decimal("0.01"), Decimal(1000))

COURSE: Shape = {
    "slug": Field(key),
    "title": Field(text),
    "language": Field(text),
    "summary": Field(text),
    "attempts": Field(mapping),
    "pass_percent": Field(PERCENT),
    "categories": Field(
        rows,
        is_list=True,
        shape={
            "id": Field(key),
            "title": Field(text),
            "weight": Field(PERCENT),
            "pass_percent": Field(PERCENT),
            "of": Field(one_of("review", "exam", "lab")),
        },
    ),
    "show": Field(
        mapping,
        shape={
            "review": Field(mapping, shape={"verdict": Field(one_of("attempt")), "key": Field(one_of("final"))}),
            "exam": Field(mapping, shape={"verdict": Field(one_of("attempt")), "key": Field(one_of("settled"))}),
        },
    ),
}
GLOSSARY: Shape = {
    "terms": Field(rows, is_list=True, shape={"term": Field(text), "lesson": Field(key), "text": Field(text)}),
}
MODULE: Shape = {
    "id": Field(key),
    "title": Field(text),
    "objectives": Field(rows, is_list=True, shape={"id": Field(key), "text": Field(text)}),
}
LESSON: Shape = {
    "id": Field(key),
    "title": Field(text),
    "minutes": Field(whole(1, 600)),
    "objectives": Field(keys),
}
QUESTION: Shape = {
    "id": Field(key),
    "type": Field(text),
    "objective": Field(key),
    "level": Field(one_of("recall", "apply", "analyse")),
    "difficulty": Field(one_of(1, 2, 3)),
    "points": Field(POINTS),
    "prompt": Field(text),
    "explanation": Field(text),
    "computed": Field(text, is_needed=False),
}
EXAM: Shape = {
    "id": Field(key),
    "title": Field(text),
    "time_limit": Field(whole(1, 24 * 60)),
    "draw": Field(
        rows,
        is_list=True,
        shape={
            "module": Field(key),
            "difficulty": Field(one_of(1, 2, 3)),
            "count": Field(whole(1, 500)),
            "points": Field(POINTS),
        },
    ),
}
LAB: Shape = {
    "id": Field(key),
    "title": Field(text),
    "runtime": Field(one_of("tf1", "tf2")),
    "objectives": Field(keys),
    "limits": Field(mapping, is_needed=False),
    "data": Field(rows, is_needed=False),
}


def check_shape(data: Any, shape: Shape, report: Report, *, path: Path = (), is_closed: bool = True) -> bool:
    """Report everything in which `data` differs from `shape`; with `is_closed`, names it does not know, too."""
    if not isinstance(data, dict):
        report(path, "names with values should stand here.")
        return False
    is_right = True
    for name, entry in shape.items():
        is_right &= _check_field(data, name, entry, report, (*path, name))
    for name in data.keys() - shape.keys() if is_closed else ():
        report((*path, name), f"“{name}” is not known here (known are {', '.join(shape)}).")
        is_right = False
    return is_right


def _check_field(data: dict[str, Any], name: str, entry: Field, report: Report, path: Path) -> bool:
    if data.get(name) is None:
        if entry.is_needed:
            report(path, f"“{name}” is missing.")
        return not entry.is_needed
    if problem := entry.check(data[name]):
        report(path, f"“{name}” {problem}.")
        return False
    if entry.shape is None:
        return True
    if not entry.is_list:
        return check_shape(data[name], entry.shape, report, path=path)
    checked = [check_shape(row, entry.shape, report, path=(*path, index)) for index, row in enumerate(data[name])]
    return all(checked)


def reporter(document: Document, report: Callable[[int, str], None], prefix: Path = ()) -> Report:
    """Reports at the line of a path."""
    return lambda path, message: report(document.line((*prefix, *path)), message)
