from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "portal.allowances"

    def ready(self) -> None:
        from people.services import register_group_follower, register_group_previewer
        from portal.allowances.services import follow_moved_learners, preview_moved_learners

        register_group_follower(follow_moved_learners)
        register_group_previewer(preview_moved_learners)
