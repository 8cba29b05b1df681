from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make every process that sends messages use the broker of these settings."""
        import_module("config.celery")
        import_module("config.checks")
