from quizzes.selectors.analyses import analyses_of, analysis_of, questions_by_id, suspected
from quizzes.selectors.assessments import (
    AnsweredQuestion,
    GradedAssessment,
    activities_of,
    answered_questions,
    assessment_files,
    closing_times,
    files_by_assessment,
    learners_who_answered,
    question_files,
    question_sources,
    review_worth,
)
from quizzes.selectors.attempt_records import Checked, QuestionEvidence, SittingRecord, sitting_records
from quizzes.selectors.auditing import questions_named, reports_named, sittings_named, targets_called
from quizzes.selectors.cards import Card
from quizzes.selectors.exam_times import ExamTime, exam_times
from quizzes.selectors.extra_attempts import extra_attempts_given, extra_attempts_notes, extra_attempts_of
from quizzes.selectors.feedback import Feedback, feedback, named_mistakes, section_to_read
from quizzes.selectors.instructing import (
    is_sitting_now,
    pause_of,
    running_by_assessment,
    running_sittings,
    voids_of,
)
from quizzes.selectors.learner_progress import answering_in, current_exams, ended_wrong, responses_between
from quizzes.selectors.module_results import results_by_module
from quizzes.selectors.objective_answers import objectives_ever_named
from quizzes.selectors.outages import OutageToMakeGood, outages_to_make_good, sittings_given, sittings_of_holders
from quizzes.selectors.outcomes import corrections_of, is_attempt_right, key_in_words, likely_mistake_in
from quizzes.selectors.overview import CourseOverview, risk_of
from quizzes.selectors.own_records import records_before_start
from quizzes.selectors.papers import Paper, checked_card, paper_of
from quizzes.selectors.pool_practice import objectives_to_practice, pool_practice_card, pool_to_practice
from quizzes.selectors.practicing import FinalAnswer, PracticeCard, final_answers, is_practice_right, practice_card
from quizzes.selectors.published_questions import (
    attempt_limits_in,
    attempts_by_type,
    exam_to_start,
    module_keys_in,
    published_assessment,
)
from quizzes.selectors.regrades import (
    VersionUse,
    assessment_in,
    attempts_by_question,
    questions_to_regrade,
    regrade_in,
    regrades_in,
    response_called_right,
    versions_in_use,
)
from quizzes.selectors.releases import ReleaseState, release_state, releases_in
from quizzes.selectors.reports import is_on_hold, open_reports, report_by_id, reports_by, reports_in
from quizzes.selectors.review_grades import review_line
from quizzes.selectors.score_lines import ScoreLine, score_lines
from quizzes.selectors.shown_orders import shown_body
from quizzes.selectors.sittings import (
    answered_reviews_query,
    assessment_by_id,
    assessment_of,
    assessments_of,
    has_running_exam,
    learner_of_sitting,
    open_sitting_of,
    running_exam_since,
    sitters_by_assessment,
    sitting_of,
    sittings_in,
    unsettled_clock,
)
from quizzes.selectors.stages import has_closed_for_all
from quizzes.selectors.sweeper import SweeperState, oldest_due, sweeper_state
from quizzes.selectors.ungraded import (
    MARK,
    PastRun,
    past_runs,
    rehearsal_questions,
    ungraded_clock,
    ungraded_paper,
    ungraded_sitting,
)
from quizzes.selectors.variants import VariantUse, sittings_with, variant_of, variants_given
from quizzes.selectors.withheld import withheld_scores, withheld_verdicts

__all__ = [
    "MARK",
    "AnsweredQuestion",
    "Card",
    "Checked",
    "CourseOverview",
    "ExamTime",
    "Feedback",
    "FinalAnswer",
    "GradedAssessment",
    "OutageToMakeGood",
    "Paper",
    "PastRun",
    "PracticeCard",
    "QuestionEvidence",
    "ReleaseState",
    "ScoreLine",
    "SittingRecord",
    "SweeperState",
    "VariantUse",
    "VersionUse",
    "activities_of",
    "analyses_of",
    "analysis_of",
    "answered_questions",
    "answered_reviews_query",
    "answering_in",
    "assessment_by_id",
    "assessment_files",
    "assessment_in",
    "assessment_of",
    "assessments_of",
    "attempt_limits_in",
    "attempts_by_question",
    "attempts_by_type",
    "checked_card",
    "closing_times",
    "corrections_of",
    "current_exams",
    "ended_wrong",
    "exam_times",
    "exam_to_start",
    "extra_attempts_given",
    "extra_attempts_notes",
    "extra_attempts_of",
    "feedback",
    "files_by_assessment",
    "final_answers",
    "has_closed_for_all",
    "has_running_exam",
    "is_attempt_right",
    "is_on_hold",
    "is_practice_right",
    "is_sitting_now",
    "key_in_words",
    "learner_of_sitting",
    "learners_who_answered",
    "likely_mistake_in",
    "module_keys_in",
    "named_mistakes",
    "objectives_ever_named",
    "objectives_to_practice",
    "oldest_due",
    "open_reports",
    "open_sitting_of",
    "outages_to_make_good",
    "paper_of",
    "past_runs",
    "pause_of",
    "pool_practice_card",
    "pool_to_practice",
    "practice_card",
    "published_assessment",
    "question_files",
    "question_sources",
    "questions_by_id",
    "questions_named",
    "questions_to_regrade",
    "records_before_start",
    "regrade_in",
    "regrades_in",
    "rehearsal_questions",
    "release_state",
    "releases_in",
    "report_by_id",
    "reports_by",
    "reports_in",
    "reports_named",
    "response_called_right",
    "responses_between",
    "results_by_module",
    "review_line",
    "review_worth",
    "risk_of",
    "running_by_assessment",
    "running_exam_since",
    "running_sittings",
    "score_lines",
    "section_to_read",
    "shown_body",
    "sitters_by_assessment",
    "sitting_of",
    "sitting_records",
    "sittings_given",
    "sittings_in",
    "sittings_named",
    "sittings_of_holders",
    "sittings_with",
    "suspected",
    "sweeper_state",
    "targets_called",
    "ungraded_clock",
    "ungraded_paper",
    "ungraded_sitting",
    "unsettled_clock",
    "variant_of",
    "variants_given",
    "versions_in_use",
    "voids_of",
    "withheld_scores",
    "withheld_verdicts",
]
