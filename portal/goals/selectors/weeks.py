"""What a learner did in a course in a week, and whether the course has work left for them."""

from collections.abc import Mapping
from datetime import datetime

from course.rules.own_dates import NOTHING_OWN, in_force
from course.rules.schedule import has_opened, is_within_dates
from course.selectors import TEXT, published
from grading.rules.course_grade import CourseGrade
from labs.selectors import labs_of, runs_owned
from lessons.rules.reading import Visit
from lessons.selectors import visits_in
from people.selectors import own_dates
from portal.goals.rules.goals import StudyWeek, Week, study_week
from quizzes.selectors import assessments_of, responses_between


def studied_in(course_id: int, learner_id: int, week: Week) -> StudyWeek:
    """Return what a learner did in a course in a week. Runs three queries."""
    runs = runs_owned(learner_id, course_id).filter(created_at__gte=week.starts_at, created_at__lt=week.ends_at)
    return study_week(
        week,
        visits=visits_in(course_id, learner_id).values(),
        answered=responses_between(learner_id, course_id, week.starts_at, week.ends_at),
        ran=runs.values_list("created_at", flat=True),
    )


def has_open_work(course_id: int, learner_id: int, grade: CourseGrade, now: datetime) -> bool:
    """Return whether a learner can do something now: read a lesson that they have not finished, or earn points."""
    if has_unread(course_id, visits_in(course_id, learner_id), now):
        return True
    left = {item.activity for item in grade.items if item.state != "done"}
    own = own_dates(learner_id, course_id)
    activities = [activity for activity in (*assessments_of(course_id), *labs_of(course_id)) if activity.pk in left]
    dates = [in_force(activity.dates, own.get(activity.pk, NOTHING_OWN)) for activity in activities]
    return any(is_within_dates(opens_at=dated.opens_at, closes_at=dated.closes_at, now=now) for dated in dates)


def has_unread(course_id: int, visits: Mapping[str, Visit], now: datetime) -> bool:
    """Return whether a lesson that has opened was not read to its end."""
    lessons = published(course_id)[TEXT].in_outline
    unread = (lesson for lesson in lessons if lesson.pk not in visits or visits[lesson.pk].done_at is None)
    return any(has_opened(lesson.opens_at, now) for lesson in unread)
