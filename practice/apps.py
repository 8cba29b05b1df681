from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "practice"

    def ready(self) -> None:
        import practice.selectors  # noqa: F401 - registers a row that the first query of a request reads
