from django.apps import AppConfig

from foundation.revisions import Published, keep_triggers

TABLES = {
    "quizzes_assessment": Published("SELECT ROW.course_id"),
    "quizzes_question": Published("SELECT course_id FROM quizzes_assessment WHERE id = ROW.assessment_id"),
}


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from activities.registry import ActivityKind, register_activities
        from quizzes.services.scoring import evidence_of_answers

        register_activities(ActivityKind("assessment", evidence=evidence_of_answers))
        keep_triggers(TABLES, self)
