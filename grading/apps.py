from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.revisions import Published, set_triggers

TABLES = {
    "grading_gradecategory": Published("SELECT ROW.course_id"),
    "grading_gradeitem": Published("SELECT course_id FROM grading_gradecategory WHERE id = ROW.category_id"),
}


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        post_migrate.connect(partial(set_triggers, TABLES), sender=self, weak=False, dispatch_uid="grading revisions")
