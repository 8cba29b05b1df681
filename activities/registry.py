"""The registry of activities: each app with activities registers its kind once, when it is ready."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from activities.kinds import (
    ActivityKind,
    ActivityLink,
    ActivityPage,
    CellEvidence,
    Evidence,
    LearnerIds,
    OpenSitting,
    Recomputation,
    RegradableActivity,
    TimeAdded,
    WithheldScores,
)
from foundation.refusals import Refusal

if TYPE_CHECKING:
    from django.db.models import Exists

    from course.models import Course
    from course.rules.objectives import ObjectiveAnswers, ObjectiveSource
    from grading.models import Override
    from grading.rules.ledger import Ledger
    from grading.services import OverrideOrder, ScoreEntry

_kinds: dict[str, ActivityKind] = {}


def register_activities(kind: ActivityKind) -> None:
    """Let other rooms ask about the activities of a kind. Only one kind can know the evidence.

    Raises ValueError, a programming error, for a second kind with evidence.
    """
    others = [other.name for other in _kinds.values() if other.name != kind.name and other.evidence and kind.evidence]
    if others:
        raise ValueError(f"{others[0]} gives the evidence already")
    _kinds[kind.name] = kind


def evidence_for(entry: "ScoreEntry", now: datetime) -> Evidence | None:
    """Return the evidence for the decision about a certificate after this entry, or None if it is not needed."""
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


def settle_activities(learner_id: int | None, course_id: int | None, now: datetime) -> OpenSitting | None:
    """Settle what is due in the scope. Return the running exam of the learner, if the scope is one."""
    running = [kind.settle(learner_id, course_id, now) for kind in _kinds.values() if kind.settle]
    return next((sitting for sitting in running if sitting is not None), None)


def withheld_from(learner_id: int, course_id: int, now: datetime) -> WithheldScores:
    """Return the activities of a course whose score the learner may not know yet."""
    withheld = [kind.withheld(learner_id, course_id, now) for kind in _kinds.values() if kind.withheld]
    return WithheldScores(
        frozenset().union(*(scores.counting for scores in withheld)),
        frozenset().union(*(scores.all for scores in withheld)),
    )


def runs_exam(course_id: int, now: datetime) -> "Exists":
    """Return, for a query of people (OuterRef "user_id"), whether one of their exams in the course is running."""
    return next(kind.is_running(course_id, now) for kind in _kinds.values() if kind.is_running)


def exams_since(course_id: int, learner_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return since when each of those learners who are in an exam of the course has been in one."""
    running = (kind.running_since(course_id, learner_ids, now) for kind in _kinds.values() if kind.running_since)
    return {learner_id: since for by_learner in running for learner_id, since in by_learner.items()}


def time_added(learner_id: int, course_id: int) -> list[TimeAdded]:
    """Return the time that was added to the learner's exams in the course, newest first."""
    return [added for kind in _kinds.values() if kind.time_added for added in kind.time_added(learner_id, course_id)]


def module_titles(course_id: int) -> dict[str, str]:
    """Return the title of the module that each activity of the course is in, by activity."""
    titles = (kind.modules(course_id) for kind in _kinds.values() if kind.modules)
    return {activity: title for by_activity in titles for activity, title in by_activity.items()}


def override_activity(order: "OverrideOrder") -> "Override":
    """Carry out an override or an exemption, whatever the kind of the activity.

    Raises Refusal not_found, points_invalid, nothing_to_undo, nothing_left, reason_missing.
    """
    kind = _kind_in(order.course.pk, order.activity)
    if kind.override is None:
        raise Refusal("not_found")
    return kind.override(order)


def refuse_unknown_activity(course_id: int, activity: str) -> None:
    """Raise Refusal not_found unless the course has the activity."""
    _kind_in(course_id, activity)


def evidence_in_cell(course_id: int, activity: str, learner_id: int, ledger: "Ledger") -> CellEvidence:
    """Return the evidence behind a learner's cell of the gradebook. Raises Refusal not_found."""
    cell = _kind_in(course_id, activity).cell
    if cell is None:
        raise Refusal("not_found")
    return cell(course_id, activity, learner_id, ledger)


def cell_action(course_id: int, activity: str, name: str) -> Callable[..., object]:
    """Return the service that instructors call for a sitting in the activity. Raises Refusal not_found if it has none."""
    actions = _kind_in(course_id, activity).actions
    if name not in actions:
        raise Refusal("not_found")
    return actions[name]


def _kind_in(course_id: int, activity: str) -> ActivityKind:
    """Return the kind of an activity of the course. Raises Refusal not_found."""
    for kind in _kinds.values():
        if kind.has and kind.has(course_id, activity):
            return kind
    raise Refusal("not_found")


def pages_of_failures(course: "Course") -> list[ActivityLink]:
    """Return the pages about failed tests in the course."""
    return [page for kind in _kinds.values() if kind.failures for page in kind.failures(course)]


def regradable_activities(course: "Course") -> list[RegradableActivity]:
    """Return the activities of the course with test runs that can be run again."""
    return [activity for kind in _kinds.values() if kind.regradable for activity in kind.regradable(course)]


def recomputations() -> list[Recomputation]:
    """Return what each kind computes again from its records."""
    return [kind.recompute for kind in _kinds.values() if kind.recompute]


def answers_by_objective(
    course_id: int, learners: LearnerIds, *, reader_id: int | None, now: datetime
) -> "list[ObjectiveAnswers]":
    """Return the answers of learners in a course by objective and source, as far as a reader may know them.

    The reader is one learner, who asks about their own answers, or None for staff. Settle what is due first. The number of
    queries does not depend on the course or on the number of learners.
    """
    kinds = (kind.answers for kind in _kinds.values() if kind.answers)
    return [answers for ask in kinds for answers in ask(course_id, learners, reader_id, now)]


def measures_by_objective(course_id: int) -> "dict[ObjectiveSource, int]":
    """Return how many questions and tests of a course measure each objective now, by objective and source."""
    measures = (kind.measures(course_id) for kind in _kinds.values() if kind.measures)
    return {source: number for by_source in measures for source, number in by_source.items()}
