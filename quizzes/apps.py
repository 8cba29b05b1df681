from django.apps import AppConfig

from foundation.fast.revisions import Published, keep_triggers

TABLES = {
    "quizzes_assessment": Published("SELECT ROW.course_id"),
    "quizzes_question": Published("SELECT course_id FROM quizzes_assessment WHERE id = ROW.assessment_id"),
}


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from activities.kinds import ActivityKind
        from activities.registry import register_activities
        from people.selectors.learning import register_begun
        from quizzes.selectors import has_running_exam, running_exam_since, withheld_scores
        from quizzes.selectors.assessments import has_assessment, module_titles_in
        from quizzes.selectors.instructing import is_sitting_now, running_since, time_added_to
        from quizzes.selectors.objective_answers import question_answers, questions_by_objective
        from quizzes.selectors.sittings import has_sitting
        from quizzes.services import override_assessment, undo_void, void_sitting
        from quizzes.services.scoring import evidence_of_answers
        from quizzes.services.settling import settle_sittings
        from quizzes.services.verification import RECOMPUTATION
        from quizzes.workplace.cell import evidence_in_assessment

        assessments = ActivityKind(
            "assessment",
            evidence=evidence_of_answers,
            exam_started_at=running_exam_since,
            is_in_exam=has_running_exam,
            settle=settle_sittings,
            withheld=withheld_scores,
            is_running=is_sitting_now,
            running_since=running_since,
            time_added=time_added_to,
            modules=module_titles_in,
            has=has_assessment,
            override=override_assessment,
            cell=evidence_in_assessment,
            actions={"void": void_sitting, "undo_void": undo_void},
            recompute=RECOMPUTATION,
            answers=question_answers,
            measures=questions_by_objective,
        )
        register_activities(assessments)
        register_begun(has_sitting)
        keep_triggers(TABLES, self)
