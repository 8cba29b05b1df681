from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from accounts.selectors import register_work
        from mail.builders import register_letters
        from mail.rules.delivery import CONFIRMATIONS, INVITATIONS
        from people.selectors.enrollments import has_role
        from people.services.invitation_letters import INVITATION_LETTERS
        from people.services.listing_letters import CONFIRMATION_LETTERS
        from people.services.member_letters import NOTICE_LETTERS

        register_work(has_role)
        register_letters("notices", NOTICE_LETTERS)
        register_letters(INVITATIONS, INVITATION_LETTERS)
        register_letters(CONFIRMATIONS, CONFIRMATION_LETTERS)
