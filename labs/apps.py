from django.apps import AppConfig

from foundation.revisions import Published, keep_triggers

TABLES = {"labs_lab": Published("SELECT ROW.course_id")}


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        from activities.registry import ActivityKind, register_activities
        from labs.history import page_of_lab

        register_activities(ActivityKind("lab", page=page_of_lab))
        keep_triggers(TABLES, self)
