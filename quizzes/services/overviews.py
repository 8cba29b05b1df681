"""The overview of a course: computed for each page while the course is small, and by a worker once it is large."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db import transaction

from course.selectors import courses
from foundation.queue import wake
from grading.rules.risk import Name as SignalName
from grading.rules.risk import Signal
from grading.services import settle_grades
from people.selectors import has_more_learners
from quizzes.models import Overview
from quizzes.queue import COMPUTE_OVERVIEW
from quizzes.selectors.overview import CHUNK, AtRisk, CourseOverview, FunnelStep, course_overview

if TYPE_CHECKING:
    from course.models import Course

LASTS = timedelta(minutes=10)


def current_overview(*, course: "Course", now: datetime) -> CourseOverview | None:
    """Return the overview of a course, which for a large course may be some minutes old.

    None if a worker has not computed it yet. A worker is asked for a new one if the last request is ten minutes old.
    """
    if not has_more_learners(course.pk, CHUNK):
        return course_overview(settle_grades(now=now, course_id=course.pk), course, now)
    row = Overview.objects.filter(course=course).first()
    if row is None or row.requested_at <= now - LASTS:
        request_overview(course_id=course.pk, now=now)
    return None if row is None or row.computed_at is None else overview_from(row.facts, row.computed_at)


@transaction.atomic
def request_overview(*, course_id: int, now: datetime) -> None:
    """Ask a worker for a new overview. The old one stays until it arrives."""
    Overview.objects.update_or_create(course_id=course_id, defaults={"requested_at": now})
    wake(COMPUTE_OVERVIEW, course_id)


def compute_overview(*, course_id: int, now: datetime) -> None:
    """Compute and store the overview from the current records. Does nothing if the course is gone.

    This takes no locks. Changes during the computation appear in the next overview.
    """
    course = courses().filter(pk=course_id).first()
    if course is None:
        return
    overview = course_overview(settle_grades(now=now, course_id=course_id), course, now)
    made = {"computed_at": now, "facts": overview_as_json(overview)}
    Overview.objects.update_or_create(course=course, defaults=made, create_defaults={"requested_at": now, **made})


class StoredSignal(TypedDict):
    """A signal as JSON."""

    name: SignalName
    figures: list[str]


class StoredRisk(TypedDict):
    """A learner at risk as JSON, by id only, because a person may be erased."""

    learner_id: int
    seen_at: str
    signals: list[StoredSignal]


class StoredStep(TypedDict):
    """A step of the funnel as JSON."""

    title: str
    count: int
    share: float
    done: int | None
    done_share: float


class StoredOverview(TypedDict):
    """An overview as JSON, without its time."""

    learners: int
    steps: list[StoredStep]
    at_risk: list[StoredRisk]
    number_at_risk: int


def overview_as_json(overview: CourseOverview) -> dict[str, object]:
    """Return an overview as a StoredOverview."""
    risks = [{**asdict(risk), "seen_at": risk.seen_at.isoformat()} for risk in overview.at_risk]
    return {
        "learners": overview.learners,
        "steps": [asdict(step) for step in overview.steps],
        "at_risk": risks,
        "number_at_risk": overview.number_at_risk,
    }


def overview_from(stored: StoredOverview, computed_at: datetime) -> CourseOverview:
    """Return the overview that was stored."""
    return CourseOverview(
        computed_at=computed_at,
        learners=stored["learners"],
        steps=tuple(FunnelStep(**step) for step in stored["steps"]),
        at_risk=tuple(risk_from(risk) for risk in stored["at_risk"]),
        number_at_risk=stored["number_at_risk"],
    )


def risk_from(stored: StoredRisk) -> AtRisk:
    """Return a learner at risk, as stored."""
    signals = tuple(Signal(signal["name"], tuple(signal["figures"])) for signal in stored["signals"])
    return AtRisk(stored["learner_id"], datetime.fromisoformat(stored["seen_at"]), signals)
