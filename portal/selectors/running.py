from dataclasses import dataclass
from datetime import datetime

from quizzes.selectors import open_sitting_of


@dataclass(frozen=True)
class RunningExam:
    """The exam that a learner is sitting: what the banner on every page says of it."""

    sitting_id: str
    assessment_id: str
    title: str
    deadline_at: datetime
    is_time_up: bool


def running_exam(learner_id: int, now: datetime) -> RunningExam | None:
    """One statement; None where nothing runs. Between deadline and settlement `is_time_up`."""
    sitting = open_sitting_of(learner_id, now)
    if sitting is None or sitting.deadline_at is None:
        return None
    return RunningExam(
        sitting_id=sitting.pk,
        assessment_id=sitting.assessment_id,
        title=sitting.assessment.title,
        deadline_at=sitting.deadline_at,
        is_time_up=now >= sitting.deadline_at,
    )
