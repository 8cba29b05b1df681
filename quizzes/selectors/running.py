from dataclasses import dataclass
from datetime import datetime

from activities.kinds import OpenSitting
from quizzes.selectors.sittings import open_sitting_of


@dataclass(frozen=True)
class RunningExam:
    """The exam that a learner is sitting, for the banner on every page. Without an end, `deadline_at` is None."""

    sitting_id: str
    assessment_id: str
    title: str
    deadline_at: datetime | None
    is_time_up: bool
    is_paused: bool
    is_untimed: bool

    @property
    def look(self) -> "RunningExam":
        """Return everything that the banner shows, as a key for its HTML."""
        return self


def running_exam(learner_id: int, now: datetime) -> RunningExam | None:
    """Return the running exam, or None. Runs one query. Between deadline and settlement, `is_time_up` is true."""
    return running_exam_in(open_sitting_of(learner_id, now), now)


def running_exam_in(sitting: OpenSitting | None, now: datetime) -> RunningExam | None:
    """Return what `running_exam` returns, if the open sitting is known. Runs no query."""
    if sitting is None:
        return None
    return RunningExam(
        sitting_id=sitting.pk,
        assessment_id=sitting.assessment_id,
        title=sitting.title,
        deadline_at=sitting.deadline_at,
        is_time_up=sitting.deadline_at is not None and now >= sitting.deadline_at,
        is_paused=sitting.is_paused,
        is_untimed=sitting.is_untimed,
    )
