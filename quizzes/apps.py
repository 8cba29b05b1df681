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
        from quizzes.selectors import exam_started_at, is_in_exam
        from quizzes.services.scoring import evidence_of_answers

        assessments = ActivityKind(
            "assessment", evidence=evidence_of_answers, exam_started_at=exam_started_at, is_in_exam=is_in_exam
        )
        register_activities(assessments)
        keep_triggers(TABLES, self)
