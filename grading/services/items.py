"""Store a course's grading policy and its gradebook columns, from the course's text and its activities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from course.rules.texts import CategoryText
from grading.models import GradeCategory, GradeItem
from grading.rules.activity_results import ActivityWorth
from grading.rules.lateness import LateTerms
from grading.rules.membership import COLUMN, Home, Membership, category_home

NOTHING = ""  # no activity has this key, so a removed category with a list takes nothing
CATEGORY_FIELDS = (
    *("title", "weight", "pass_percent", "of", "position"),
    *("drop_lowest", "is_extra", "members", "extra_members"),
)
ITEM_FIELDS = (
    *("category_id", "url_name", "kind", "title", "points_possible", "winnable", "credited"),
    *("late", "position", "is_retired", "is_extra"),
)
SHOWN = ("title", "url_name")  # fields that change no grade


@dataclass(frozen=True)
class ItemText:
    """A graded activity, by its opaque id, and its worth to a learner who has not started it. `key` is its id in the
    course's folder. Only a column names its `category`, and says whether it `is_extra` there (D41).
    """

    activity: str
    url_name: str
    kind: str
    title: str
    winnable: tuple[Decimal, ...]
    position: int
    credited: Mapping[str, Decimal] = field(default_factory=dict)
    key: str = ""
    late: LateTerms | None = None
    category: str = ""
    is_extra: bool = False

    @property
    def worth(self) -> ActivityWorth:
        return ActivityWorth(self.winnable, self.credited)


def write_policy(*, course_id: int, categories: Sequence[CategoryText]) -> bool:
    """Set the categories and return whether grades may change. A removed category keeps its rows and has weight 0.

    The text was checked when it was read, so weights sum to 100 %.
    """
    rows = {row.key: row for row in GradeCategory.objects.filter(course_id=course_id)}
    before = {key: _values_of(row, CATEGORY_FIELDS) for key, row in rows.items()}
    for position, category in enumerate(categories):
        row = rows.setdefault(category.key, GradeCategory(course_id=course_id, key=category.key))
        row.title, row.weight, row.pass_percent = category.title, category.weight, category.pass_percent
        row.of, row.position = category.of, position
        row.drop_lowest, row.is_extra = category.drop_lowest, category.is_extra
        row.members, row.extra_members = [*category.items], [*category.extra_items]
    for key in rows.keys() - {category.key for category in categories}:
        rows[key].weight, rows[key].position = Decimal(0), len(categories)
        if rows[key].members:
            rows[key].members, rows[key].extra_members = [NOTHING], []
    changed = [row for key, row in rows.items() if before.get(key) != _values_of(row, CATEGORY_FIELDS)]
    GradeCategory.objects.bulk_create([row for row in changed if row.key not in before])
    old = [row for row in changed if row.key in before]
    if old:
        GradeCategory.objects.bulk_update(old, CATEGORY_FIELDS)
    return any(_counts_otherwise(row, CATEGORY_FIELDS, before.get(row.key)) for row in changed)


def write_items(*, course_id: int, items: Sequence[ItemText]) -> bool:
    """Set the columns and return whether grades may change. A removed column is retired.

    An activity belongs to the category that lists it, or else to the one that counts its kind. Without such a category
    it is not graded. A column belongs to the category that it names.
    """
    categories = list(GradeCategory.objects.filter(course_id=course_id).order_by("position"))
    texts = [membership_of(row) for row in categories]
    rows = {row.activity: row for row in GradeItem.objects.filter(category__course_id=course_id)}
    before = {key: _values_of(row, ITEM_FIELDS) for key, row in rows.items()}
    positions = {row.key: position for position, row in enumerate(categories)}
    homes = {item.activity: _home_of(item, texts, positions) for item in items}
    graded = [(item, home) for item in items if (home := homes[item.activity]) is not None]
    for item, home in graded:
        row = rows.setdefault(item.activity, GradeItem(activity=item.activity))
        _fill_item(row, item, categories[home.position].pk, is_extra=home.is_extra)
    for key in rows.keys() - {item.activity for item, _ in graded}:
        rows[key].is_retired = True
    changed = [row for key, row in rows.items() if before.get(key) != _values_of(row, ITEM_FIELDS)]
    GradeItem.objects.bulk_create([row for row in changed if row.activity not in before])
    old = [row for row in changed if row.activity in before]
    if old:
        GradeItem.objects.bulk_update(old, [name.removesuffix("_id") for name in ITEM_FIELDS])
    return any(_counts_otherwise(row, ITEM_FIELDS, before.get(row.activity)) for row in changed)


def _home_of(item: ItemText, texts: Sequence[Membership], positions: Mapping[str, int]) -> Home | None:
    if item.kind == COLUMN:
        return Home(positions[item.category], item.is_extra)
    return category_home(item.key, item.kind, texts)


def set_item_worth(*, activity: str, worth: ActivityWorth) -> None:
    """Set what an activity is worth to a learner who has not started it. Does nothing if the activity is not graded."""
    GradeItem.objects.filter(activity=activity).update(**_columns(worth))


def _columns(worth: ActivityWorth) -> dict[str, object]:
    return {
        "points_possible": worth.possible,
        "winnable": [str(points) for points in worth.winnable],
        "credited": {question: str(points) for question, points in worth.credited.items()},
    }


def _values_of(row: GradeCategory | GradeItem, names: Sequence[str]) -> list[object]:
    return [getattr(row, name) for name in names]


def _counts_otherwise(row: GradeCategory | GradeItem, names: Sequence[str], before: Sequence[object] | None) -> bool:
    """Return whether a row is new, or more of it changed than what pages show."""
    if before is None:
        return True
    pairs = zip(names, before, _values_of(row, names), strict=True)
    return any(was != now for name, was, now in pairs if name not in SHOWN)


def membership_of(row: GradeCategory) -> Membership:
    """Return which activities a stored category takes."""
    return Membership(row.of, tuple(row.members), tuple(row.extra_members))


def _fill_item(row: GradeItem, item: ItemText, category_id: int, *, is_extra: bool) -> None:
    row.category_id, row.is_extra = category_id, is_extra
    row.url_name, row.kind, row.title, row.position = item.url_name, item.kind, item.title, item.position
    for name, value in _columns(item.worth).items():
        setattr(row, name, value)
    row.late = None if item.late is None else item.late.stored()
    row.is_retired = False
