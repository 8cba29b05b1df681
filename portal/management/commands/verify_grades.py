from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.rules.refusals import Refusal
from course.selectors import course_by_slug
from portal.services import verify_grades
from quizzes.services import follow_stalled, settle_due


class Command(BaseCommand):
    help = "Recompute every grade and certificate from the records; differences are errors (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", default="", help="the slug of one course; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            course_id = course_by_slug(options["course"]).pk if options["course"] else None
        except Refusal:
            raise CommandError(f"There is no course {options['course']!r}.") from None
        settled = settle_due(now=now, course_id=course_id)
        follow_stalled(now=now, after=timedelta(0))
        differences = 0
        for difference in verify_grades(now=now, course_id=course_id):
            differences += 1
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"{differences} differences between what is stored and what the records make.")
        self.stdout.write(f"Every grade and certificate follows from the records ({settled} sittings settled first).")
