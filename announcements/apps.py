from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "announcements"

    def ready(self) -> None:
        from announcements.services.letters import ANNOUNCEMENT_LETTERS
        from mail.builders import register_letters

        register_letters("announcements", ANNOUNCEMENT_LETTERS)
