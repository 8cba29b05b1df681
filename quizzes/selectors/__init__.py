from quizzes.selectors.activities import Activity, activities_of, assessment_files, question_sources
from quizzes.selectors.activity import Answering, ExamState, answering_in, ended_wrong, exams_in
from quizzes.selectors.analyses import analyses_of, analysis_of, questions_by_id, suspected
from quizzes.selectors.house import Pulse, pulse
from quizzes.selectors.outcomes import corrections_of, is_right, key_in_words
from quizzes.selectors.papers import Card, Feedback, Paper, checked_card, feedback, paper
from quizzes.selectors.reports import open_reports, report_by_id, reports_by, reports_in
from quizzes.selectors.sittings import assessment_by_id, assessment_of, assessments_of, open_sitting_of, sitting_of

__all__ = [
    "Activity",
    "Answering",
    "Card",
    "ExamState",
    "Feedback",
    "Paper",
    "Pulse",
    "activities_of",
    "analyses_of",
    "analysis_of",
    "answering_in",
    "assessment_by_id",
    "assessment_files",
    "assessment_of",
    "assessments_of",
    "checked_card",
    "corrections_of",
    "ended_wrong",
    "exams_in",
    "feedback",
    "is_right",
    "key_in_words",
    "open_reports",
    "open_sitting_of",
    "paper",
    "pulse",
    "question_sources",
    "questions_by_id",
    "report_by_id",
    "reports_by",
    "reports_in",
    "sitting_of",
    "suspected",
]
