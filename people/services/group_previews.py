"""Ask another room, before learners move into groups, whose grades would move with them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class GradeMovedByGroup:
    """A learner's overall grade before and after, in percent, and what happens to the certificate: issued, revoked, restored."""

    learner_id: int
    before: str
    after: str
    crosses: bool
    has_passed: bool
    certificate: str = ""


type GroupPreviewer = Callable[[int, Collection[int], Callable[[], object], datetime], tuple[GradeMovedByGroup, ...]]

_previewers: list[GroupPreviewer] = []


def register_group_previewer(previewer: GroupPreviewer) -> None:
    """Let another room say whose grades move with their groups. Call it once, at the start."""
    if previewer not in _previewers:
        _previewers.append(previewer)


def grades_moved_by(
    move: Callable[[], object], *, course_id: int, learner_ids: Collection[int], now: datetime
) -> tuple[GradeMovedByGroup, ...]:
    """Return the grades of these learners that `move`, which changes their groups, would move. Nothing stays written."""
    return tuple(
        moved for previewer in _previewers for moved in previewer(course_id, learner_ids, move, now) if learner_ids
    )
