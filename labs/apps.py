from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.revisions import Published, set_triggers

TABLES = {"labs_lab": Published("SELECT ROW.course_id")}


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        post_migrate.connect(partial(set_triggers, TABLES), sender=self, weak=False, dispatch_uid="labs revisions")
