import signal
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations.refusals import Refusal
from operations.services.backup import write_backup


def end_in_order(number: int, _frame: object) -> None:
    """End like a program that was interrupted, so that the unfinished backup is removed."""
    sys.exit(128 + number)


class Command(BaseCommand):
    help = "Write one archive of database, course folders, keys and data, while learners go on working (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the archive to write, such as /backups/monday.tar.gz")

    def handle(self, *args: object, path: Path, **options: object) -> None:
        try:
            signal.signal(signal.SIGTERM, end_in_order)
            made = write_backup(path=path.absolute(), now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(
            f"{path}: {made.rows:,} rows and {made.files:,} files. It holds personal data and the secret key: keep it safe."
        )
