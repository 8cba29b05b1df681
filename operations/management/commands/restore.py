from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.refusals import Refusal
from operations.services.backup import has_other_key, restore_backup


class Command(BaseCommand):
    # The database may be empty or damaged.
    requires_system_checks = []
    help = "Check an archive that backup wrote, then put it in place of the database (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the archive")
        parser.add_argument("--replace", action="store_true", help="replace a database that holds courses or people")

    def handle(self, *args: object, path: Path, replace: bool, **options: object) -> None:
        try:
            backup = restore_backup(path=path.absolute(), replaces=replace)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(
            f"Restored {backup.rows:,} rows and {backup.files:,} files, as they were at {backup.made_at:%Y-%m-%d %H:%M:%S} UTC. "
            "Every checksum is right. Now run migrate and verify_grades, then start."
        )
        if has_other_key(path):
            self.stdout.write(
                "The backup was made with another FINALCHECK_SECRET_KEY. Set it to the one in keys.json of the archive, or "
                "add that one to FINALCHECK_OLD_SECRET_KEYS. Otherwise everybody must sign in again, and authenticator apps no "
                "longer work."
            )
