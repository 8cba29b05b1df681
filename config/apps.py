import os
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from config.up.programs import program_here


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make every process that sends messages use the broker of these settings, and report the errors of programs."""
        import_module("config.celery")
        import_module("config.checks")
        if settings.SENTRY_DSN and (program := program_here(os.environ)):
            import_module("config.reporting").report_errors(settings.SENTRY_DSN, program)
