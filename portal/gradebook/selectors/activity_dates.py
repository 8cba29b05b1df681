"""The activities of a course that are due or close, and how much late test runs of a lab count."""

from dataclasses import dataclass
from datetime import datetime

from course.rules.schedule import Dates
from grading.selectors import late_terms_of, with_own_due
from labs.models import Lab
from labs.selectors import labs_of
from portal.refusals import Refusal
from quizzes.rules.lateness import Lateness, LateShare, late_share
from quizzes.selectors import assessments_of


@dataclass(frozen=True)
class DatedActivity:
    """An assessment (a review or an exam) or a lab with everyone's dates."""

    id: str
    title: str
    dates: Dates
    kind: str


def activities_of_course(course_id: int) -> list[DatedActivity]:
    """Return the assessments and labs of a course, in order. Runs two queries."""
    found = [DatedActivity(each.pk, each.title_among_all, each.dates, each.kind) for each in assessments_of(course_id)]
    return found + [DatedActivity(each.pk, each.title, each.dates, "lab") for each in labs_of(course_id)]


def dated_activities(course_id: int) -> list[DatedActivity]:
    """Return the assessments and labs that are due or close, in order. Runs two queries."""
    found = activities_of_course(course_id)
    return [each for each in found if each.dates.due_at is not None or each.dates.closes_at is not None]


def common_dates(course_id: int, activity: str) -> Dates:
    """Return everyone's dates of an activity. Raises Refusal not_found unless it is due or closes."""
    for each in dated_activities(course_id):
        if each.id == activity:
            return each.dates
    raise Refusal("not_found")


def lab_late_share(lab: Lab, learner_id: int | None, now: datetime) -> LateShare | None:
    """Return how much test runs of a lab count for a learner now, or for everyone; None without a late policy (D34).

    Runs no query without a late policy.
    """
    terms = lab.late_terms
    if terms is not None and learner_id is not None:
        terms = with_own_due(late_terms_of(learner_id, lab.pk), learner_id, lab.course_id, lab.pk)
    return late_share(Lateness(terms), now)
