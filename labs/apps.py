from django.apps import AppConfig

from foundation.revisions import Published, keep_triggers

TABLES = {"labs_lab": Published("SELECT ROW.course_id")}


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        from activities.kinds import ActivityKind
        from activities.registry import register_activities
        from labs.history import page_of_lab
        from labs.services.scoring import has_lab, override_lab_score

        register_activities(ActivityKind("lab", page=page_of_lab, has=has_lab, override=override_lab_score))
        keep_triggers(TABLES, self)
