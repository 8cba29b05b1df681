"""The queue that wakes workers. The rows in the database are authoritative."""

import os
from importlib import import_module

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready
from django.db import connections

import config.file_queue  # noqa: F401 - the scheme of the queue of files, by name
from foundation import clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("finalcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def count_aloud(**_: object) -> None:
    import_module("operations.services").serve_counters()  # not loaded by every process that sends a message


@setup_logging.connect
def keep_logging(**_: object) -> None:
    """Let workers log as the other programs do: Celery sets up its own logging unless somebody listens to this signal."""


@worker_init.connect
def keep_time(**_: object) -> None:
    """Do not follow at once if somebody sets the machine's clock."""
    clock.keep_steady()


@worker_init.connect
def write_calmly(**_: object) -> None:
    """On SQLite, do not wait for the disk at a worker's commits: its work can be repeated, and learners' answers would
    have to wait.
    """
    options = connections.settings["default"].get("OPTIONS", {})
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
