"""Read the grading policy of course.yaml: categories, their weights, and the activities that each takes."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from authoring.folder.columns import listed_column, regular_columns
from authoring.folder.document import Document
from authoring.folder.reading import FolderReading
from course.rules.texts import CategoryText
from grading.rules.membership import COLUMN, MIXED, Membership, category_home

LISTS = ("items", "extra_items")


def check_categories(reading: FolderReading, path: str, document: Document) -> None:
    """Report weights that do not add up to 100, and categories that take the same activities."""
    categories = document.data["categories"]
    total = sum(
        (Decimal(category["weight"]) for category in categories if not category.get("extra_credit")), Decimal(0)
    )
    if total != 100:
        reading.report_at(path, document, ("categories",), f"the weights add up to {total}, not to 100.")
    _check_repeats(reading, path, document, "id", [category["id"] for category in categories])
    kinds = [
        None if category.get("items") or category["of"] in {MIXED, COLUMN} else category["of"]
        for category in categories
    ]
    _check_repeats(reading, path, document, "of", kinds)
    for index, category in enumerate(categories):
        if category["of"] == MIXED and not category.get("items"):
            text = "a mixed category has to list its items: items: [first-lab, first-quiz]."
            reading.report_at(path, document, ("categories", index, "of"), text)


def _check_repeats(reading: FolderReading, path: str, document: Document, name: str, values: list[str | None]) -> None:
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            text = f"“{value}” has a category already."
            if name == "of":
                text += " List the items of one of the two: items: [first-lab]."
            reading.report_at(path, document, ("categories", index, name), text)


def check_members(reading: FolderReading, path: str, document: Document, activities: Iterable[tuple[str, str]]) -> None:
    """Report listed items that are not an activity of the course (key, kind), and categories that drop every item."""
    known = list(activities)
    categories = document.data["categories"]
    texts = [membership(category) for category in categories]
    seen: set[str] = set()
    for index, category in enumerate(categories):
        for name in LISTS:
            for row, key in enumerate(category.get(name) or ()):
                if problem := listed_column(key, document) or _problem(category["of"], key, known, seen):
                    reading.report_at(path, document, ("categories", index, name, row), problem)
                seen.add(key)
        homes = (category_home(key, kind, texts) for key, kind in known)
        regular = sum(home is not None and home.position == index and not home.is_extra for home in homes)
        regular += regular_columns(document, category["id"])
        dropped = category.get("drop_lowest") or 0
        if dropped and dropped >= regular:
            text = f"{dropped} of {regular} items are dropped, so nothing would count. Drop fewer."
            reading.report_at(path, document, ("categories", index, "drop_lowest"), text)


def _problem(of: str, key: str, known: list[tuple[str, str]], seen: set[str]) -> str:
    kinds = [kind for known_key, kind in known if known_key == key]
    if not kinds:
        return f"the course has no activity “{key}”. Use the id of a lab or an exam, or MODULE-review."
    if of != MIXED and of not in kinds:
        return f"“{key}” is of the kind {kinds[0]}, but this category is of {of}."
    return f"“{key}” is listed already." if key in seen else ""


def lab_category(categories: Sequence[dict[str, Any]], key: str) -> str:
    """Return the id of the category of course.yaml that counts this lab, or ""."""
    home = category_home(key, "lab", [membership(category) for category in categories])
    return "" if home is None else str(categories[home.position]["id"])


def is_counted_by_policy(categories: Sequence[dict[str, Any]], key: str, kind: str) -> bool:
    """Return whether a category of course.yaml with a weight counts this activity."""
    home = category_home(key, kind, [membership(category) for category in categories])
    return home is not None and Decimal(categories[home.position]["weight"]) > 0


def membership(category: dict[str, Any]) -> Membership:
    """Return which activities a category of course.yaml takes."""
    listed, extra = (tuple(category.get(name) or ()) for name in LISTS)
    return Membership(category["of"], listed, extra)


def category_text(category: dict[str, Any]) -> CategoryText:
    """Return a category of course.yaml."""
    takes = membership(category)
    return CategoryText(
        key=category["id"],
        title=category["title"],
        weight=Decimal(category["weight"]),
        pass_percent=Decimal(category["pass_percent"]),
        of=category["of"],
        drop_lowest=category.get("drop_lowest") or 0,
        is_extra=bool(category.get("extra_credit")),
        items=takes.listed,
        extra_items=takes.extra,
    )
