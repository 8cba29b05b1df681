"""The records of answers and exams that are sealed. Regrades and releases concern many learners, so the course's chain has
them.
"""

from quizzes.models import (
    Attempt,
    ExtraAttempts,
    Regrade,
    Release,
    SittingExtension,
    SittingPause,
    SittingResumption,
    Void,
)
from records.selectors.sealed import RecordKind

IN_SITTING = ("sitting__learner", "sitting__assessment__course")
IN_PAUSE = ("pause__sitting__learner", "pause__sitting__assessment__course")
ANSWER_RECORDS = (
    # whether a response came in the grace follows from the time of receipt; only instructors see it (D6)
    RecordKind("attempt", Attempt, *IN_SITTING, "received_at", texts=("response",), left_out=("is_in_grace",)),
    RecordKind("extension", SittingExtension, *IN_SITTING, "created_at", texts=("reason",), left_out=("key",)),
    RecordKind("extra_attempts", ExtraAttempts, "learner", "assessment__course", "created_at"),
    RecordKind("pause", SittingPause, *IN_SITTING, "created_at", texts=("reason",)),
    RecordKind("resumption", SittingResumption, *IN_PAUSE, "resumed_at"),
    RecordKind("void", Void, *IN_SITTING, "created_at", texts=("reason",)),
    RecordKind("regrade", Regrade, "", "question__assessment__course", "created_at"),
    RecordKind("release", Release, "", "assessment__course", "created_at"),
)
