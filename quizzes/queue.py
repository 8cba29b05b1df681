"""The names of the tasks that workers do for assessments. `foundation.queue` wakes the workers."""

RESCORE_AFTER_REGRADE = "quizzes.follow_regrade"  # the older name, under which machines of the last release send it
COMPUTE_ANALYSIS = "quizzes.compute_analysis"
COMPUTE_OVERVIEW = "quizzes.compute_overview"
