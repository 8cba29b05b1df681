"""The names of the tasks that workers do for assessments. `foundation.queue` wakes the workers."""

FOLLOW_REGRADE = "quizzes.follow_regrade"
COMPUTE_ANALYSIS = "quizzes.compute_analysis"
COMPUTE_OVERVIEW = "quizzes.compute_overview"
