from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations.refusals import Refusal
from operations.services import copy_histories, seed_demo
from operations.services.demo import Stage


class Command(BaseCommand):
    help = "Make learners with realistic histories, through the services; the same seed makes the same people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learners", type=int, default=20)
        parser.add_argument("--stage", choices=["enrolled", "midterm", "graded"], default="midterm")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--copies", type=int, default=0, help="copy each learner so many times, for a course of 100,000"
        )
        parser.add_argument("--course", default="", help="its slug; the first course without it")

    def handle(
        self, *args: object, learners: int, stage: Stage, seed: int, course: str, copies: int, **options: object
    ) -> None:
        if settings.PUBLIC_URL:
            raise CommandError("These accounts share a known password, so they are not made on a public host.")
        if learners < 1:
            raise CommandError("--learners must be at least 1.")
        try:
            made = seed_demo(
                learners=learners,
                stage=stage,
                seed=seed,
                slug=course,
                now=timezone.now(),
            )
        except Refusal as refusal:
            if refusal.code != "not_found":
                raise
            raise CommandError("That course does not exist. Load one first: manage.py course load PATH") from None
        for number in copy_histories(usernames=made, copies=copies):
            self.stdout.write(f"{number:,} of {copies * learners:,} copies")
        self.stdout.write(f"{made[0]} … {made[-1]} ({len(made)} learners, password finalcheck)")
