"""Carry out what a person may ask for by law, on their request."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.selectors import accounts_named
from portal.refusals import Refusal
from portal.rights.services import erase_account


class Command(BaseCommand):
    help = "Erase a person: anonymize the account at once and keep the records of grades (docs/privacy.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        erase = actions.add_parser("erase", help="anonymize the person; this cannot be undone")
        erase.add_argument("login", help="the username or email address")
        erase.add_argument("--reason", required=True, help="why, for the audit; do not name the person")
        erase.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: object, login: str, action: str, **options: object) -> None:
        found = accounts_named(login)
        if len(found) != 1:
            raise CommandError(f"{len(found)} accounts match {login!r}. Nothing was changed. Name one by its username.")
        self.erase(found[0].pk, login, str(options["reason"]), is_sure=bool(options["yes"]))

    def erase(self, user_id: int, login: str, reason: str, *, is_sure: bool) -> None:
        warning = f"This deletes what identifies {login}: name, addresses, texts, code. It cannot be undone. Type yes: "
        if not is_sure and input(warning) != "yes":
            raise CommandError("Nothing was changed.")
        try:
            erase_account(user_id=user_id, actor=None, reason=reason, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"The person is erased. Their records belong to account {user_id} and name nobody.")
