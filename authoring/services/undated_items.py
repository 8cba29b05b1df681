"""Items that fall due for some groups of a course and for others never."""

from dataclasses import dataclass

from labs.selectors import labs_of
from people.selectors import groups_without_due
from quizzes.selectors import assessments_of


@dataclass(frozen=True)
class UndatedItem:
    """An item without a due date for everyone, and the groups that have none either."""

    title: str
    groups: tuple[str, ...]


def items_without_due(course_id: int) -> list[UndatedItem]:
    """Return the items that have a due date only for some groups, in order. Runs at most four queries, usually one."""
    groups = groups_without_due(course_id)
    if not groups:
        return []
    dated = [(row.pk, row.title_among_all, row.dates) for row in assessments_of(course_id)]
    dated += [(lab.pk, lab.title, lab.dates) for lab in labs_of(course_id)]
    return [UndatedItem(title, groups[pk]) for pk, title, dates in dated if dates.due_at is None and pk in groups]
