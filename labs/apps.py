from django.apps import AppConfig

from foundation.revisions import Published, keep_triggers

TABLES = {"labs_lab": Published("SELECT ROW.course_id")}


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        keep_triggers(TABLES, self)
