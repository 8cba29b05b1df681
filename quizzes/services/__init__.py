from quizzes.services.answering import Outcome, Saved, mark_seen, save_draft, set_flag, submit_attempt
from quizzes.services.content import WrittenAssessments, write_assessments
from quizzes.services.ending import end_sitting, settle_due
from quizzes.services.heartbeat import beat, hold_lease
from quizzes.services.reporting import report_question
from quizzes.services.rescoring import rescore_assessments
from quizzes.services.scoring import rescore
from quizzes.services.starting import start_sitting
from quizzes.services.verification import Recomputed, recomputed_scores, wrongly_marked

__all__ = [
    "Outcome",
    "Recomputed",
    "Saved",
    "WrittenAssessments",
    "beat",
    "end_sitting",
    "hold_lease",
    "mark_seen",
    "recomputed_scores",
    "report_question",
    "rescore",
    "rescore_assessments",
    "save_draft",
    "set_flag",
    "settle_due",
    "start_sitting",
    "submit_attempt",
    "write_assessments",
    "wrongly_marked",
]
