"""The activities of a course that are due or close, and how much late test runs of a lab count."""

from dataclasses import dataclass

from course.rules.schedule import Dates
from labs.selectors import labs_of
from portal.refusals import Refusal
from quizzes.selectors import assessments_of


@dataclass(frozen=True)
class DatedActivity:
    """An assessment (a review or an exam) or a lab with everyone's dates, which `may_vary` for a group or a learner."""

    id: str
    title: str
    dates: Dates
    kind: str
    may_vary: bool = False


def activities_of_course(course_id: int) -> list[DatedActivity]:
    """Return the assessments and labs of a course, in order. Runs two queries."""
    assessments = [
        DatedActivity(
            assessment.pk, assessment.title_among_all, assessment.dates, assessment.kind, assessment.dates_vary
        )
        for assessment in assessments_of(course_id)
    ]
    labs = labs_of(course_id)
    return assessments + [DatedActivity(lab.pk, lab.title, lab.dates, "lab", lab.dates_vary) for lab in labs]


def dated_activities(course_id: int) -> list[DatedActivity]:
    """Return the assessments and labs that are due or close, or may for somebody, in order. Runs two queries."""
    return [activity for activity in activities_of_course(course_id) if is_dated(activity)]


def is_dated(activity: DatedActivity) -> bool:
    """Return whether there is, or may be, a date that a learner can get later."""
    return activity.may_vary or activity.dates.due_at is not None or activity.dates.closes_at is not None


def common_dates(course_id: int, activity: str, *, is_any: bool = False) -> Dates:
    """Return everyone's dates of an activity. Raises Refusal not_found unless it is due or closes, or `is_any`."""
    for dated in activities_of_course(course_id) if is_any else dated_activities(course_id):
        if dated.id == activity:
            return dated.dates
    raise Refusal("not_found")
