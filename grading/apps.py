from django.apps import AppConfig

from foundation.fast.revisions import Published, keep_triggers

TABLES = {
    "grading_gradecategory": Published("SELECT ROW.course_id"),
    "grading_gradeitem": Published("SELECT course_id FROM grading_gradecategory WHERE id = ROW.category_id"),
}


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from grading.selectors.gradebook import has_override
        from people.selectors.learning import register_begun

        register_begun(has_override)
        keep_triggers(TABLES, self)
