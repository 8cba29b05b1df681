"""A course's grading policy and its gradebook columns, as the course's text and the activities say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from course.rules.texts import CategoryText
from grading.models import GradeCategory, GradeItem

CATEGORY_FIELDS = ("title", "weight", "pass_percent", "of", "position")
ITEM_FIELDS = (
    *("category_id", "url_name", "kind", "title", "points_possible", "winnable"),
    *("position", "is_retired"),
)


@dataclass(frozen=True)
class ItemText:
    """A graded activity, by its opaque id; `winnable` are the points of each question to someone who has not begun."""

    activity: str
    url_name: str
    kind: str
    title: str
    winnable: tuple[Decimal, ...]
    position: int


def write_policy(*, course_id: int, categories: Sequence[CategoryText]) -> bool:
    """Set the categories; True if any differs from before. One that is gone keeps its rows and weighs nothing.

    Weights of 100 % in all were checked when the text was read.
    """
    rows = {row.key: row for row in GradeCategory.objects.filter(course_id=course_id)}
    before = {key: _state(row, CATEGORY_FIELDS) for key, row in rows.items()}
    for position, category in enumerate(categories):
        row = rows.setdefault(category.key, GradeCategory(course_id=course_id, key=category.key))
        row.title, row.weight, row.pass_percent = category.title, category.weight, category.pass_percent
        row.of, row.position = category.of, position
    for key in rows.keys() - {category.key for category in categories}:
        rows[key].weight, rows[key].position = Decimal(0), len(categories)
    changed = [row for key, row in rows.items() if before.get(key) != _state(row, CATEGORY_FIELDS)]
    GradeCategory.objects.bulk_create([row for row in changed if row.key not in before])
    old = [row for row in changed if row.key in before]
    if old:
        GradeCategory.objects.bulk_update(old, CATEGORY_FIELDS)
    return bool(changed)


def write_items(*, course_id: int, items: Sequence[ItemText]) -> bool:
    """Set the columns; True if any differs from before. One that is gone is retired.

    An activity belongs to the category that counts its kind; without such a category it is not graded.
    """
    # Categories that are gone stand last, so of two that count a kind the living one wins.
    categories = {row.of: row.pk for row in GradeCategory.objects.filter(course_id=course_id).order_by("-position")}
    rows = {row.activity: row for row in GradeItem.objects.filter(category__course_id=course_id)}
    before = {key: _state(row, ITEM_FIELDS) for key, row in rows.items()}
    graded = {item.activity: item for item in items if item.kind in categories}
    for item in graded.values():
        _fill(rows.setdefault(item.activity, GradeItem(activity=item.activity)), item, categories[item.kind])
    for key in rows.keys() - graded.keys():
        rows[key].is_retired = True
    changed = [row for key, row in rows.items() if before.get(key) != _state(row, ITEM_FIELDS)]
    GradeItem.objects.bulk_create([row for row in changed if row.activity not in before])
    old = [row for row in changed if row.activity in before]
    if old:
        GradeItem.objects.bulk_update(old, [name.removesuffix("_id") for name in ITEM_FIELDS])
    return bool(changed)


def set_item_worth(*, activity: str, winnable: Sequence[Decimal]) -> None:
    """What an activity is worth to someone who has not begun it; one that is not graded is left alone."""
    GradeItem.objects.filter(activity=activity).update(
        points_possible=sum(winnable, Decimal(0)), winnable=[str(points) for points in winnable]
    )


def _state(row: GradeCategory | GradeItem, names: Sequence[str]) -> list[object]:
    return [getattr(row, name) for name in names]


def _fill(row: GradeItem, item: ItemText, category_id: int) -> None:
    row.category_id = category_id
    row.url_name, row.kind, row.title, row.position = item.url_name, item.kind, item.title, item.position
    row.points_possible = sum(item.winnable, Decimal(0))
    row.winnable = [str(points) for points in item.winnable]
    row.is_retired = False
