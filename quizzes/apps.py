from django.apps import AppConfig

from foundation.revisions import Published, keep_triggers

TABLES = {
    "quizzes_assessment": Published("SELECT ROW.course_id"),
    "quizzes_question": Published("SELECT course_id FROM quizzes_assessment WHERE id = ROW.assessment_id"),
}


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        keep_triggers(TABLES, self)
