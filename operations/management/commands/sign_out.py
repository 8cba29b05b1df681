"""End access to an account that somebody else may have, or to all accounts."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.selectors import accounts_named
from accounts.services import end_access, end_access_of_everybody
from records.services import record_audit


class Command(BaseCommand):
    help = "End all sessions and revoke all API tokens of one account, or of every account. What was saved stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", nargs="?", help="the username or email address")
        parser.add_argument("--everybody", action="store_true", help="every account, yours included")
        parser.add_argument("--reason", required=True, help="why, for the audit; do not name the person")

    def handle(self, *args: object, login: str | None, everybody: bool, reason: str, **options: object) -> None:
        if everybody == bool(login):
            raise CommandError("Nothing was changed. Name one account, or write --everybody.")
        target = "everybody:all"
        if login:
            accounts = accounts_named(login)
            if len(accounts) != 1:
                raise CommandError(
                    f"{len(accounts)} accounts match {login!r}. Nothing was changed. Write one username."
                )
            target = f"user:{accounts[0].pk}"
            end_access(user=accounts[0])
        else:
            end_access_of_everybody()
        record_audit(actor=None, action="sign_out", now=timezone.now(), target=target, reason=reason)
        self.stdout.write(f"{login or 'Everybody'} must sign in again, and API tokens must be created again.")
