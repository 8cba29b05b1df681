"""manage.py prepare: what `up` does before it starts the programs, for hosts that start each program alone."""

from django.core.management.base import BaseCommand

from config.up.steps import take_steps, wait_for_database


class Command(BaseCommand):
    requires_system_checks = "__all__"
    help = "Migrate the database and load the course that ships with the product. Run it once for each new version."

    def handle(self, *args: object, **options: object) -> None:
        wait_for_database(self.stderr.write)  # which a service manager's log shows at once
        take_steps(self.stdout.write, is_demo=False)
