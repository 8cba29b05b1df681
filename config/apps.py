import os
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin

from config.up.programs import program_here


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make every process that sends messages use the broker of these settings, and observe the programs if told to."""
        import_module("config.celery")
        import_module("config.checks")
        program = program_here(os.environ)
        if program and settings.SENTRY_DSN:
            import_module("config.reporting").report_errors(settings.SENTRY_DSN, program)
        if program and settings.OTLP_ENDPOINT:
            import_module("config.tracing").trace_program(settings.OTLP_ENDPOINT, program)


class AdministrationConfig(admin.AdminConfig):
    default = False  # it means the app of Django's admin, and not this package
    default_site = "config.administration.AdministrationSite"
