from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.fulltext import set_fulltext


class LessonsConfig(AppConfig):
    name = "lessons"

    def ready(self) -> None:
        indexed = partial(set_fulltext, "course_searchentry")
        post_migrate.connect(indexed, sender=self, weak=False, dispatch_uid="course search")
