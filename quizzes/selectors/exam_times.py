"""How long the exams of a course take for a learner with a time multiplier, and what their closings cut (D15, D22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from course.rules.own_dates import NOTHING_OWN, in_force
from people.selectors import own_dates
from quizzes.models import Assessment
from quizzes.rules.timing import ClosingCut, closing_cut, stretched
from quizzes.selectors.sittings import assessments_of


@dataclass(frozen=True)
class ExamTime:
    """An exam with its time limit and this learner's. Both are None if it has no limit. `cut` is None without extra time."""

    title: str
    limit: timedelta | None
    theirs: timedelta | None
    closes_at: datetime | None
    cut: ClosingCut | None


def exam_times(course_id: int, learner_id: int, multiplier: Decimal, now: datetime) -> list[ExamTime]:
    """Return the exams of the course with the time that a learner has at the next start. Runs two queries."""
    own = own_dates(learner_id, course_id)
    times = []
    for exam in assessments_of(course_id):
        if exam.kind == Assessment.Kind.EXAM:
            dates = in_force(exam.dates, own.get(exam.pk, NOTHING_OWN))
            theirs = exam.time_limit and stretched(exam.time_limit, multiplier)
            has_more = theirs is not None and multiplier > 1
            cut = closing_cut(theirs, opens_at=dates.opens_at, closes_at=dates.closes_at, now=now) if has_more else None
            times.append(ExamTime(exam.title, exam.time_limit, theirs, dates.closes_at, cut))
    return times
