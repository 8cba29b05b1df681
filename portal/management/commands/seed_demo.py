from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.rules.refusals import Refusal
from portal.services import seed_demo


class Command(BaseCommand):
    help = "Make learners with realistic histories, through the services; the same seed makes the same people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learners", type=int, default=20)
        parser.add_argument("--stage", choices=["enrolled", "midterm", "graded"], default="midterm")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--course", default="", help="its slug; the first course without it")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PUBLIC_URL:
            raise CommandError("These accounts share a known password, so they are not made on a public host.")
        if options["learners"] < 1:
            raise CommandError("--learners must be at least 1.")
        try:
            made = seed_demo(
                learners=options["learners"],
                stage=options["stage"],
                seed=options["seed"],
                slug=options["course"],
                now=timezone.now(),
            )
        except Refusal:
            raise CommandError("There is no such course. Load one first: manage.py course load PATH") from None
        self.stdout.write(f"{made[0]} … {made[-1]} ({len(made)} learners, password finalcheck)")
