from django.apps import AppConfig

from foundation.fast.revisions import Published, keep_triggers

TABLES = {
    "grading_gradecategory": Published("SELECT ROW.course_id"),
    "grading_owncolumn": Published("SELECT ROW.course_id"),
    "grading_gradeitem": Published("SELECT course_id FROM grading_gradecategory WHERE id = ROW.category_id"),
}


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from activities.kinds import ActivityKind
        from activities.registry import register_activities
        from grading.rules.membership import COLUMN
        from grading.selectors.columns import has_column
        from grading.selectors.gradebook import has_override
        from grading.services.columns import COLUMN_RECOMPUTATION, override_column
        from grading.workplace.column_cell import evidence_in_column
        from people.selectors.learning import register_begun

        columns = ActivityKind(
            COLUMN,
            has=has_column,
            override=override_column,
            cell=evidence_in_column,
            recompute=COLUMN_RECOMPUTATION,
        )
        register_activities(columns)
        register_begun(has_override)
        keep_triggers(TABLES, self)
