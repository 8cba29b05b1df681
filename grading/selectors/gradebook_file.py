"""The gradebook as its file would be now, to compare an edited file with it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from grading.models import Override
from grading.rules.arithmetic import points_text
from grading.rules.gradebook_file import GIVEN_HEAD, GradebookNow
from grading.rules.membership import COLUMN
from grading.rules.overrides import EXEMPT
from grading.selectors import SettledGrades
from grading.selectors.gradebook import APPLIES
from grading.selectors.table import gradebook_columns, gradebook_table
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import learners_in


def points_given(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return the points that instructors gave, as text, by learner and item. Runs one query."""
    newer = Override.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    rows = Override.objects.filter(item__category__course_id=course_id, learner__in=learner_ids)
    values = rows.filter(APPLIES, ~Exists(newer)).values_list(
        "learner_id", "item__activity", "points_earned", "is_exempt"
    )
    return {
        (learner_id, activity): EXEMPT if is_exempt else points_text(points)
        for learner_id, activity, points, is_exempt in values
    }


def gradebook_now(grades: SettledGrades, course_id: int, sight: LearnerSight = EVERYONE) -> GradebookNow:
    """Return the gradebook of the learners in sight as text, with the points that instructors gave."""
    columns = gradebook_columns(course_id)
    learners = learners_in(course_id, sight=sight).order_by("pk")
    table = gradebook_table(grades, course_id, learners, columns=columns, points_of=points_given)
    heads = next(table)
    rows = {cells[0]: dict(zip(heads, cells, strict=True)) for cells in table}
    return GradebookNow(
        heads=heads,
        rows=rows,
        items={GIVEN_HEAD.format(column.title): column.activity for column in columns},
        own_columns=frozenset(column.activity for column in columns if column.kind == COLUMN),
    )
