import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations.refusals import Refusal
from operations.services.backup import BackupFacts, write_backup
from operations.services.backup_series import Written, write_for_ever, write_next_backup


def end_in_order(number: int, _frame: object) -> None:
    """End like a program that was interrupted, so that the unfinished backup is removed."""
    sys.exit(128 + number)


class Command(BaseCommand):
    help = "Write one archive of database, course folders, keys and data, while learners go on working (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("path", type=Path, nargs="?", help="the archive to write, such as /backups/monday.tar.gz")
        where.add_argument("--into", type=Path, metavar="FOLDER", help="write it there, with the time in its name")
        parser.add_argument("--keep", type=int, default=14, help="with --into: delete all but the newest (14)")
        parser.add_argument("--every", type=int, metavar="HOURS", help="with --into: go on and write one so often")

    def handle(
        self, *args: object, path: Path | None, into: Path | None, keep: int, every: int | None, **options: object
    ) -> None:
        if keep < 1 or (every is not None and not 1 <= every <= 24 * 365):
            raise CommandError("--keep is a whole number from 1, and --every one from 1 to 8760.")
        if path is not None and every is not None:
            raise CommandError("--every needs --into, because each archive has its own name.")
        signal.signal(signal.SIGTERM, end_in_order)
        try:
            if path is not None:
                self.stdout.write(sentence(path, write_backup(path=path.absolute(), now=timezone.now())))
            elif into is not None and every is None:
                self.say(write_next_backup(folder=into.absolute(), keep=keep, now=timezone.now()))
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        if into is not None and every is not None:
            write_for_ever(
                folder=into.absolute(), keep=keep, every=timedelta(hours=every),
                clock=timezone.now, wait=lambda seconds: time.sleep(max(0.0, seconds)), say=self.say,
            )  # fmt: skip

    def say(self, ended: Written | Exception) -> None:
        if isinstance(ended, Exception):
            reason = ended.sentence if isinstance(ended, Refusal) else str(ended)
            self.stderr.write(f"No backup was written: {reason.strip()} The next attempt is in an hour.")
            return
        self.stdout.write(sentence(ended.path, ended.holds))
        for file in ended.deleted:
            self.stdout.write(f"{file} was deleted: newer ones are kept.")


def sentence(path: Path, made: BackupFacts) -> str:
    return (
        f"{path}: {made.rows:,} rows and {made.files:,} files. It holds personal data and the secret key: keep it safe."
    )
