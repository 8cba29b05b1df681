"""The required shape of each YAML file of a course, as data, and the comparison."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from authoring.folder.document import Path
from authoring.folder.value_functions import names_function
from course.rules.joining import WAYS
from foundation.moments import YEARS
from labs.rules.solutions import MOST_RUNS_ASKED, OPENINGS
from questions.variants import FEWEST, MOST
from quizzes.rules.disclosure import SHOWN_AT

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
LONGEST_KEY = 80
LONGEST_TARGET = 200  # of a lesson and its section
NONE = "none"  # as a time limit: no clock
ALL = "all"  # as objectives of each paper: those of the modules that it is drawn from
LONGEST_LIMIT = 24 * 60  # minutes

type Check = Callable[[Any], str | None]
type Shape = Mapping[str, "ShapeField"]
type Report = Callable[[Path, str], None]


@dataclass(frozen=True)
class ShapeField:
    """`check` returns what is wrong with a value.

    `shape` describes the value. With `is_list`, it describes each of its rows; with `is_by_name`, each value in it.
    """

    check: Check
    is_needed: bool = True
    shape: Shape | None = None
    is_list: bool = False
    is_by_name: bool = False


def text(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() else "needs a text"


def key(value: object) -> str | None:
    fits = isinstance(value, str) and KEY.match(value) and len(value) <= LONGEST_KEY
    return None if fits else "needs a short kebab-case word"


def taught_in(value: object) -> str | None:
    lesson, mark, section = value.partition("#") if isinstance(value, str) else ("", "", "")
    fits = key(lesson) is None and bool(section) == bool(mark) and len(f"{lesson}{mark}{section}") <= LONGEST_TARGET
    return None if fits else "needs the id of a lesson, or lesson#section"


def keys(value: object) -> str | None:
    fits = isinstance(value, list) and all(key(entry) is None for entry in value)
    return None if fits else "needs a list of ids, or []"


def names(value: object) -> str | None:
    fits = isinstance(value, list) and bool(value) and all(isinstance(entry, str) and entry for entry in value)
    return None if fits else "needs a list of names"


def rows(value: object) -> str | None:
    return None if isinstance(value, list) else "needs a list"


def mapping(value: object) -> str | None:
    return None if isinstance(value, dict) else "needs names with values"


def draws(value: object) -> str | None:
    fits = isinstance(value, dict) or names_function(value)
    return None if fits else "needs names with values, or the name of a function, such as computed/kernels.py:kernels"


def one_of(*choices: object) -> Check:
    def check(value: object) -> str | None:
        fits = any(type(value) is type(choice) and value == choice for choice in choices)  # true is not 1
        return None if fits else f"needs one of {', '.join(map(str, choices))}"

    return check


def keys_or_all(value: object) -> str | None:
    problem = None if value == ALL else keys(value)
    return problem and f"{problem}, or {ALL}"


def switch(value: object) -> str | None:
    return None if isinstance(value, bool) else "needs true or false"


def whole_number(least: int, most: int) -> Check:
    def check(value: object) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if fits else f"needs a whole number from {least} to {most}"

    return check


def or_none(check: Check) -> Check:
    """Return a check that also accepts the word “none”."""

    def check_or_none(value: object) -> str | None:
        problem = None if value == NONE else check(value)
        return problem and f"{problem}, or {NONE}"

    return check_or_none


def amount(least: Decimal, most: Decimal) -> Check:
    def check(value: object) -> str | None:
        fits = isinstance(value, int | Decimal) and not isinstance(value, bool) and least <= value <= most
        return None if fits else f"needs a number from {least} to {most}"

    return check


TIME_LIMIT = or_none(whole_number(1, LONGEST_LIMIT))
SETTLED = "settled"  # the older word for the end of an exam, in course.yaml
MOMENT = "%Y-%m-%d %H:%M"


def date_and_time(value: object) -> str | None:
    try:
        at = datetime.strptime(str(value), MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return "needs a date and a time, such as 2027-03-01 23:59"
    return None if at.year in YEARS else f"needs a year from {YEARS[0]} to {YEARS[-1]}"


def zone_name(value: object) -> str | None:
    fits = isinstance(value, str) and value in available_timezones()
    return None if fits else "needs the name of a time zone, such as Europe/Berlin"


PERCENT = amount(Decimal(0), Decimal(100))
POINTS = amount(Decimal("0.01"), Decimal(1000))

DATES: Shape = {
    "opens": ShapeField(date_and_time, is_needed=False),
    "due": ShapeField(date_and_time, is_needed=False),
    "closes": ShapeField(date_and_time, is_needed=False),
}
WHEN_SHOWN = one_of(*SHOWN_AT)
SHOW: Shape = {
    "verdict": ShapeField(WHEN_SHOWN, is_needed=False),
    "score": ShapeField(WHEN_SHOWN, is_needed=False),
    "key": ShapeField(WHEN_SHOWN, is_needed=False),
    "explanation": ShapeField(WHEN_SHOWN, is_needed=False),
}
LONGEST_GRACE = 60 * 24 * 60  # minutes
LATE: Shape = {
    "percent_per_day": ShapeField(whole_number(0, 100)),
    "grace_minutes": ShapeField(whole_number(0, LONGEST_GRACE), is_needed=False),
    "lowest_percent": ShapeField(whole_number(0, 100), is_needed=False),
}
COURSE: Shape = {
    "slug": ShapeField(key),
    "title": ShapeField(text),
    "language": ShapeField(text),
    "summary": ShapeField(text),
    "timezone": ShapeField(zone_name, is_needed=False),
    **DATES,
    "attempts": ShapeField(mapping),
    "pass_percent": ShapeField(PERCENT),
    "enrollment": ShapeField(one_of(*WAYS), is_needed=False),
    "late": ShapeField(mapping, is_needed=False, shape=LATE),
    "categories": ShapeField(
        rows,
        is_list=True,
        shape={
            "id": ShapeField(key),
            "title": ShapeField(text),
            "weight": ShapeField(PERCENT),
            "pass_percent": ShapeField(PERCENT),
            "of": ShapeField(one_of("review", "exam", "lab", "mixed", "column")),
            "drop_lowest": ShapeField(whole_number(0, 50), is_needed=False),
            "extra_credit": ShapeField(switch, is_needed=False),
            "items": ShapeField(keys, is_needed=False),
            "extra_items": ShapeField(keys, is_needed=False),
        },
    ),
    "columns": ShapeField(
        rows,
        is_needed=False,
        is_list=True,
        shape={
            "id": ShapeField(key),
            "title": ShapeField(text),
            "maximum": ShapeField(POINTS),
            "category": ShapeField(key),
            "due": ShapeField(date_and_time, is_needed=False),
            "extra_credit": ShapeField(switch, is_needed=False),
        },
    ),
    "show": ShapeField(
        mapping,
        shape={
            "review": ShapeField(mapping, shape={**SHOW, "key": ShapeField(WHEN_SHOWN)}),
            "exam": ShapeField(mapping, shape={**SHOW, "key": ShapeField(one_of(*SHOWN_AT, SETTLED))}),
        },
    ),
    "order": ShapeField(names, is_needed=False),
}
GLOSSARY: Shape = {
    "terms": ShapeField(
        rows,
        is_list=True,
        shape={
            "term": ShapeField(text),
            "lesson": ShapeField(key),
            "links_from": ShapeField(key, is_needed=False),
            "text": ShapeField(text),
        },
    ),
}
REVIEW: Shape = {
    **DATES,
    "attempts": ShapeField(mapping, is_needed=False),
    "show": ShapeField(mapping, is_needed=False, shape=SHOW),
    "late": ShapeField(mapping, is_needed=False, shape=LATE),
}
MODULE: Shape = {
    "id": ShapeField(key),
    "title": ShapeField(text),
    "objectives": ShapeField(rows, is_list=True, shape={"id": ShapeField(key), "text": ShapeField(text)}),
    **DATES,
    "review": ShapeField(mapping, is_needed=False, shape=REVIEW),
    "reviews": ShapeField(
        mapping, is_needed=False, shape={"title": ShapeField(text, is_needed=False), **REVIEW}, is_by_name=True
    ),
    "order": ShapeField(names, is_needed=False),
}
LESSON: Shape = {
    "id": ShapeField(key),
    "title": ShapeField(text),
    "minutes": ShapeField(whole_number(1, 600)),
    "objectives": ShapeField(keys),
}
QUESTION: Shape = {
    "id": ShapeField(key),
    "type": ShapeField(text),
    "objective": ShapeField(key),
    "level": ShapeField(one_of("recall", "apply", "analyse")),
    "difficulty": ShapeField(one_of(1, 2, 3)),
    "points": ShapeField(POINTS),
    "prompt": ShapeField(text),
    "explanation": ShapeField(text),
    "computed": ShapeField(text, is_needed=False),
    "taught_in": ShapeField(taught_in, is_needed=False),
}
# of a question that draws its values; questions/variants reads what they say
DRAWING: Shape = {
    "draw": ShapeField(draws),
    "let": ShapeField(mapping, is_needed=False),
    "where": ShapeField(lambda _: None, is_needed=False),
    "check": ShapeField(lambda _: None, is_needed=False),
    "effort": ShapeField(mapping, is_needed=False),
    "variants": ShapeField(whole_number(FEWEST, MOST), is_needed=False),
}
EXAM: Shape = {
    "id": ShapeField(key),
    "title": ShapeField(text),
    "time_limit": ShapeField(TIME_LIMIT),
    "attempts": ShapeField(mapping, is_needed=False),
    "show": ShapeField(mapping, is_needed=False, shape=SHOW),
    "late": ShapeField(mapping, is_needed=False, shape=LATE),
    **DATES,
    "draw": ShapeField(
        rows,
        is_needed=False,
        is_list=True,
        shape={
            "module": ShapeField(key),
            "difficulty": ShapeField(one_of(1, 2, 3)),
            "count": ShapeField(whole_number(1, 500)),
            "points": ShapeField(POINTS),
        },
    ),
    "practice": ShapeField(keys, is_needed=False),
    "objectives": ShapeField(
        mapping,
        is_needed=False,
        shape={
            "at_most": ShapeField(whole_number(1, 500), is_needed=False),
            "always": ShapeField(keys_or_all, is_needed=False),
            "missing_at_most": ShapeField(PERCENT, is_needed=False),
        },
    ),
}
LAB: Shape = {
    "id": ShapeField(key),
    "title": ShapeField(text),
    "runtime": ShapeField(one_of("tf1", "tf2")),
    "objectives": ShapeField(keys),
    "minutes": ShapeField(whole_number(1, 600), is_needed=False),
    "limits": ShapeField(mapping, is_needed=False),
    "data": ShapeField(rows, is_needed=False),
    "late": ShapeField(mapping, is_needed=False, shape=LATE),
    "solution": ShapeField(one_of(*OPENINGS), is_needed=False),
    "solution_runs": ShapeField(whole_number(1, MOST_RUNS_ASKED), is_needed=False),
    "tests": ShapeField(
        rows, is_needed=False, is_list=True, shape={"name": ShapeField(text), "objective": ShapeField(key)}
    ),
}


def is_time_limit(value: object) -> bool:
    """Return whether this can be the time limit of an exam: minutes, or none."""
    return TIME_LIMIT(value) is None


def check_shape(data: object, shape: Shape, report: Report, *, path: Path = (), is_closed: bool = True) -> bool:
    """Report every difference between `data` and `shape`; with `is_closed`, unknown names too."""
    if not isinstance(data, dict):
        report(path, "expected names with values here.")
        return False
    is_right = True
    for name, entry in shape.items():
        is_right &= _check_field(data, name, entry, report, (*path, name))
    for name in data.keys() - shape.keys() if is_closed else ():
        report((*path, name), f"“{name}” is not a known field here (known fields: {', '.join(shape)}).")
        is_right = False
    return is_right


def _check_field(data: dict[str, Any], name: str, entry: ShapeField, report: Report, path: Path) -> bool:
    if data.get(name) is None:
        if entry.is_needed:
            report(path, f"“{name}” is missing.")
        return not entry.is_needed
    if problem := entry.check(data[name]):
        report(path, f"“{name}” {problem}.")
        return False
    if entry.shape is None:
        return True
    if not (entry.is_list or entry.is_by_name):
        return check_shape(data[name], entry.shape, report, path=path)
    inside = data[name].items() if entry.is_by_name else enumerate(data[name])
    checked = [check_shape(value, entry.shape, report, path=(*path, step)) for step, value in inside]
    return all(checked)
