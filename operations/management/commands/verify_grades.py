from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.selectors import course_by_slug
from operations.refusals import Refusal
from operations.services import verify_grades
from quizzes.services import rescore_stalled, settle_due


class Command(BaseCommand):
    help = "Recompute every grade and certificate from the records; differences are errors (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", default="", help="the slug of one course; all without it")
        parser.add_argument(
            "--sample", type=int, default=0, help="about so many accounts, spread evenly; all without it"
        )

    def handle(self, *args: object, course: str, sample: int, **options: object) -> None:
        now = timezone.now()
        try:
            course_id = course_by_slug(course).pk if course else None
        except Refusal:
            raise CommandError(f"The course {course!r} does not exist.") from None
        settled = settle_due(now=now, course_id=course_id)
        rescore_stalled(now=now, after=timedelta(0))
        differences = 0
        for difference in verify_grades(now=now, course_id=course_id, sample=sample):
            differences += 1
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"{differences} differences between what is stored and what the records make.")
        self.stdout.write(f"Every grade and certificate follows from the records ({settled} sittings settled first).")
