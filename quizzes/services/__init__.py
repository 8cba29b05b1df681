from quizzes.services.analysing import analysis_of_group, compute_analysis, request_analysis, request_stale_analyses
from quizzes.services.answering import CheckResult, Saved, check_response, mark_seen, save_draft, set_flag
from quizzes.services.closings import follow_closings
from quizzes.services.content import WrittenAssessments, write_assessments
from quizzes.services.copying import copy_sittings
from quizzes.services.erasing import erase_texts, hand_in_before_erasure, settle_before_erasure
from quizzes.services.extending import Extended, add_minutes, add_time
from quizzes.services.extra_attempts import (
    ExtraAttemptsPlan,
    ExtraAttemptsStep,
    give_extra_attempts,
    plan_extra_attempts,
    remove_extra_attempts_note,
)
from quizzes.services.full_servers import forget_full, record_full
from quizzes.services.handing_in import hand_in_sitting
from quizzes.services.heartbeat import beat, hold_lease, probe_database
from quizzes.services.overriding import exempt_learner, override_assessment, override_score, undo_override
from quizzes.services.overviews import compute_overview, current_overview
from quizzes.services.pausing import Paused, Resumed, pause_sittings, resume_sitting, resume_sittings
from quizzes.services.regrading import RegradePlan, apply_regrade, plan_regrade, plan_undo, undo_regrade
from quizzes.services.releasing import release_assessment, undo_release
from quizzes.services.reporting import answer_report, close_report, report_question
from quizzes.services.rescoring import rescore_after_regrade, rescore_assessments, rescore_stalled
from quizzes.services.scoring import rescore_after_dates, rescore_sitting
from quizzes.services.settling import settle_due, settle_due_one_by_one
from quizzes.services.starting import start_sitting
from quizzes.services.ungraded import (
    rehearsal_size,
    settle_due_ungraded,
    settle_ungraded,
    start_rehearsal,
    start_test_run,
)
from quizzes.services.visibility import archive_course, reopen_course, set_visibility
from quizzes.services.voiding import undo_void, void_sitting

__all__ = [
    "CheckResult",
    "Extended",
    "ExtraAttemptsPlan",
    "ExtraAttemptsStep",
    "Paused",
    "RegradePlan",
    "Resumed",
    "Saved",
    "WrittenAssessments",
    "add_minutes",
    "add_time",
    "analysis_of_group",
    "answer_report",
    "apply_regrade",
    "archive_course",
    "beat",
    "check_response",
    "close_report",
    "compute_analysis",
    "compute_overview",
    "copy_sittings",
    "current_overview",
    "erase_texts",
    "exempt_learner",
    "follow_closings",
    "forget_full",
    "give_extra_attempts",
    "hand_in_before_erasure",
    "hand_in_sitting",
    "hold_lease",
    "mark_seen",
    "override_assessment",
    "override_score",
    "pause_sittings",
    "plan_extra_attempts",
    "plan_regrade",
    "plan_undo",
    "probe_database",
    "record_full",
    "rehearsal_size",
    "release_assessment",
    "remove_extra_attempts_note",
    "reopen_course",
    "report_question",
    "request_analysis",
    "request_stale_analyses",
    "rescore_after_dates",
    "rescore_after_regrade",
    "rescore_assessments",
    "rescore_sitting",
    "rescore_stalled",
    "resume_sitting",
    "resume_sittings",
    "save_draft",
    "set_flag",
    "set_visibility",
    "settle_before_erasure",
    "settle_due",
    "settle_due_one_by_one",
    "settle_due_ungraded",
    "settle_ungraded",
    "start_rehearsal",
    "start_sitting",
    "start_test_run",
    "undo_override",
    "undo_regrade",
    "undo_release",
    "undo_void",
    "void_sitting",
    "write_assessments",
]
