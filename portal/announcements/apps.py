from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "portal.announcements"

    def ready(self) -> None:
        from mail.builders import register_letters
        from portal.announcements.services.letters import ANNOUNCEMENT_LETTERS

        register_letters("announcements", ANNOUNCEMENT_LETTERS)
