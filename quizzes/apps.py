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
        from quizzes.selectors import has_running_exam, running_exam_since
        from quizzes.services.scoring import evidence_of_answers

        assessments = ActivityKind(
            "assessment", evidence=evidence_of_answers, exam_started_at=running_exam_since, is_in_exam=has_running_exam
        )
        register_activities(assessments)
        keep_triggers(TABLES, self)
