"""Carry out what a person may ask for by law, on their request."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.selectors import accounts_named
from operations.refusals import Refusal
from portal.rights.services import erase_account, write_sections
from quizzes.services import settle_due
from records.services import record_audit


class Command(BaseCommand):
    help = "Export what is stored about a person, or erase the person and keep the records of grades (docs/privacy.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write everything that is stored about the person to an archive")
        export.add_argument("login", help="the username or email address")
        export.add_argument("--to", required=True, type=Path, help="the archive to write, such as ada.zip")
        erase = actions.add_parser("erase", help="anonymize the person; this cannot be undone")
        erase.add_argument("login", help="the username or email address")
        erase.add_argument("--reason", required=True, help="why, for the audit; do not name the person")
        erase.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: object, login: str, action: str, **options: object) -> None:
        accounts = accounts_named(login)
        if len(accounts) != 1:
            raise CommandError(
                f"{len(accounts)} accounts match {login!r}. Nothing was changed. Name one by its username."
            )
        if action == "export":
            self.export(accounts[0].pk, Path(str(options["to"])))
        else:
            self.erase(accounts[0].pk, login, str(options["reason"]), is_sure=bool(options["yes"]))

    def export(self, user_id: int, path: Path) -> None:
        now = timezone.now()
        settle_due(now=now, learner_id=user_id)
        try:
            with path.open("xb") as file:
                path.chmod(0o600)
                for _done in write_sections(file, user_id, None, now):
                    pass
        except FileExistsError:
            raise CommandError(f"{path} exists. Nothing was written. Choose another name.") from None
        record_audit(actor=None, action="export_person", now=now, target=f"user:{user_id}")
        self.stdout.write(f"Everything stored about the person is in {path}. Only you can read it.")

    def erase(self, user_id: int, login: str, reason: str, *, is_sure: bool) -> None:
        warning = f"This deletes what identifies {login}: name, addresses, texts, code. It cannot be undone. Type yes: "
        if not is_sure and input(warning) != "yes":
            raise CommandError("Nothing was changed.")
        try:
            erase_account(user_id=user_id, actor=None, reason=reason, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"The person is erased. Their records belong to account {user_id} and name nobody.")
