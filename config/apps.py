from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Every process that sends a message sends it to the broker of these settings."""
        import_module("config.celery")
