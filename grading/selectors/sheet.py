"""The lines of the gradebook's page: what the file and the API have, and what only a teacher's eye needs beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grading.rules.course_grade import outcome_from
from grading.rules.grade_cells import GradeCell
from grading.rules.so_far import percent_so_far
from grading.selectors import Column, SettledGrades
from grading.selectors.table import GradebookLine, gradebook_line

if TYPE_CHECKING:
    from people.models import Enrollment


@dataclass(frozen=True)
class SheetLine(GradebookLine):
    """A line of the page. `so_far` is the percent of what the learner has answered, None before the first answer.

    `running` are the exams that the learner is sitting, without those for which an instructor gave points.
    """

    so_far: str | None
    running: frozenset[str]
    groups: Sequence[str]

    @property
    def has_begun(self) -> bool:
        """Return whether the overall percent is a result; before the first answer, learners see no 0.0 %."""
        return any(not cell.is_blank for cell in self.outcome.cells)


def sheet_rows(
    grades: SettledGrades,
    course_id: int,
    enrollments: "Sequence[Enrollment]",
    columns: Sequence[Column],
    groups: Mapping[int, Sequence[str]],
) -> list[SheetLine]:
    """Return the lines of these enrollments, whose groups are in `groups`. Runs four queries."""
    ledgers = grades.ledgers(course_id, [enrollment.user_id for enrollment in enrollments])
    exams = {column.activity for column in columns if column.kind == "exam"}
    lines = []
    for enrollment in enrollments:
        ledger = ledgers[enrollment.user_id]
        outcome = outcome_from(ledger)
        running = frozenset(cell.activity for cell in outcome.cells if cell.activity in exams and is_running(cell))
        own = vars(gradebook_line(enrollment, outcome, columns))
        so_far = percent_so_far(ledger, outcome.cells)
        lines.append(SheetLine(**own, so_far=so_far, running=running, groups=groups.get(enrollment.pk, ())))
    return lines


def is_running(cell: GradeCell) -> bool:
    return cell.state == "in_progress" and not (cell.is_override or cell.is_exempt)
