"""The registry of activities: each app with activities registers its kind once, when it is ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from foundation.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Course
    from grading.services import ScoreEntry


@dataclass(frozen=True)
class Evidence:
    """Facts that only the activities know, and that the decision about a certificate needs.

    `has_open_sitting` says whether a sitting of the learner is open in this course (D19). `counted_questions` holds, per
    activity, the ids of the questions that count (the basis of D23), or None if no certificate can be issued. `is_told`:
    the learner may know of a certificate at once (D33).
    """

    has_open_sitting: bool
    counted_questions: dict[str, list[str]] | None = None
    is_told: bool = True


@dataclass(frozen=True)
class ActivityPage:
    """What the page of an activity shows. `parts` holds the titles of its parts by id, such as those of a lab's cells.

    `written` returns what a learner has saved in one part, or in all of them for ""; `has_writing` says whether learners
    can write in this activity.
    """

    id: str
    title: str
    course: "Course"
    opens_at: datetime | None
    parts: Mapping[str, str]
    written: Callable[[int, str], str] = lambda learner_id, part: ""
    has_writing: bool = False


type EvidenceFor = Callable[["ScoreEntry", datetime], Evidence | None]


@dataclass(frozen=True)
class ActivityKind:
    """What is asked of the activities of a kind. None where a kind has nothing to say.

    `evidence` returns the facts for the decision about a certificate, or None if no certificate would be given anyway.
    `exam_started_at` returns when a learner started an exam that is not settled or abandoned, or None. `is_in_exam` tells
    whether an exam of the learner is running at an instant. `page` returns the page of the activity with an id, and raises
    Refusal not_found if there is none.
    """

    name: str
    evidence: EvidenceFor | None = None
    exam_started_at: Callable[[int], datetime | None] | None = None
    is_in_exam: Callable[[int, datetime], bool] | None = None
    page: Callable[[str], ActivityPage] | None = None


_kinds: dict[str, ActivityKind] = {}


def register_activities(kind: ActivityKind) -> None:
    """Let other rooms ask about the activities of a kind. Only one kind can know the evidence.

    Raises ValueError, a programming error, for a second kind with evidence.
    """
    others = [each.name for each in _kinds.values() if each.name != kind.name and each.evidence and kind.evidence]
    if others:
        raise ValueError(f"{others[0]} gives the evidence already")
    _kinds[kind.name] = kind


def evidence_for(entry: "ScoreEntry", now: datetime) -> Evidence | None:
    """Return the facts for the decision about a certificate after this entry, or None if it is not needed."""
    return next((kind.evidence(entry, now) for kind in _kinds.values() if kind.evidence), None)


def exam_started_at(learner_id: int) -> datetime | None:
    """Return when the learner started an exam that is not settled or abandoned, the earliest of several, or None."""
    started = (kind.exam_started_at(learner_id) for kind in _kinds.values() if kind.exam_started_at)
    return min((at for at in started if at is not None), default=None)


def is_in_exam(learner_id: int, now: datetime) -> bool:
    """Tell whether an exam of the learner is running."""
    return any(kind.is_in_exam(learner_id, now) for kind in _kinds.values() if kind.is_in_exam)


def activity_page(kind: str, activity_id: str) -> ActivityPage:
    """Return the page of an activity. Raises Refusal not_found, and KeyError, a programming error, for an unknown kind."""
    page = _kinds[kind].page
    if page is None:
        raise Refusal("not_found")
    return page(activity_id)
