from quizzes.models.analysis import Analysis, Overview
from quizzes.models.content import Assessment, Question, QuestionVersion
from quizzes.models.instructing import (
    ExtraAttempts,
    ExtraAttemptsNote,
    QuestionReport,
    Regrade,
    Release,
    Rescoring,
    SittingExtension,
    SittingPause,
    SittingResumption,
    Void,
)
from quizzes.models.outages import FullHolder, FullPeriod, Heartbeat, Lease, Outage
from quizzes.models.sittings import Attempt, Sitting, SittingQuestion

__all__ = [
    "Analysis",
    "Assessment",
    "Attempt",
    "ExtraAttempts",
    "ExtraAttemptsNote",
    "FullHolder",
    "FullPeriod",
    "Heartbeat",
    "Lease",
    "Outage",
    "Overview",
    "Question",
    "QuestionReport",
    "QuestionVersion",
    "Regrade",
    "Release",
    "Rescoring",
    "Sitting",
    "SittingExtension",
    "SittingPause",
    "SittingQuestion",
    "SittingResumption",
    "Void",
]
