"""The queue that wakes workers; the rows in the database are the truth."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.db import connections

import config.doorbell  # noqa: F401 - the scheme of the queue of files, by name

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("finalcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def write_calmly(**_: Any) -> None:
    """SQLite: what a worker writes can be run again, so its commits do not wait for the disk while learners' answers do."""
    options = connections.settings["default"].get("OPTIONS", {})
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
