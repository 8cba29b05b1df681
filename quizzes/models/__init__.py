from quizzes.models.analysis import Analysis, Overview
from quizzes.models.content import Assessment, Question, QuestionVersion
from quizzes.models.evidence import Attempt, Sitting, SittingQuestion
from quizzes.models.outages import FullHolder, FullPeriod, Heartbeat, Outage
from quizzes.models.records import (
    ExtraAttempts,
    ExtraAttemptsNote,
    Lease,
    QuestionReport,
    Regrade,
    Release,
    Rescoring,
    SittingExtension,
    SittingPause,
    SittingResumption,
    Void,
)

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
