"""The earlier versions from which upgrades are tried, by their commits, and the tables of which every row must stay."""

FIRST = "fc02aeaf750d"  # the oldest code whose database is upgraded, some migrations before 0.9.0
RELEASED = "e34dff3935a1"  # 0.9.0
UNSQUASHED = "1e77ecd5ebdc"  # the last code before migrations were squashed
ORIGINS = (FIRST, RELEASED, UNSQUASHED)

KEPT = (
    *("course.User", "course.Enrollment", "course.Lesson", "course.LessonVisit", "quizzes.Question", "quizzes.Sitting"),
    *("quizzes.Attempt", "quizzes.SittingQuestion", "grading.GradeChange", "grading.Score", "grading.Certificate"),
    *("labs.Run", "labs.LabDraft"),
)
