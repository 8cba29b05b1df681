from quizzes.selectors.papers import Card, Feedback, Paper, paper
from quizzes.selectors.sittings import assessment_by_id, assessments_of, open_sitting_of, sitting_of

__all__ = [
    "Card",
    "Feedback",
    "Paper",
    "assessment_by_id",
    "assessments_of",
    "open_sitting_of",
    "paper",
    "sitting_of",
]
