from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "portal.goals"

    def ready(self) -> None:
        from mail.builders import register_letters
        from portal.goals.services.goals import REMINDER_LETTERS

        register_letters("reminders", REMINDER_LETTERS)
