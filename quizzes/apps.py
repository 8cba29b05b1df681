from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.revisions import Published, set_triggers

TABLES = {
    "quizzes_assessment": Published("SELECT ROW.course_id"),
    "quizzes_question": Published("SELECT course_id FROM quizzes_assessment WHERE id = ROW.assessment_id"),
}


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        post_migrate.connect(partial(set_triggers, TABLES), sender=self, weak=False, dispatch_uid="quizzes revisions")
