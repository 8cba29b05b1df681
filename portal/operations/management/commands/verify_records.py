from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.selectors import course_by_slug
from portal.refusals import Refusal
from portal.rights.services import verify_records


class Command(BaseCommand):
    help = "Compare every sealed record with its seal; records that were altered, removed or moved are errors (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", default="", help="the slug of one course; all without it")

    def handle(self, *args: object, course: str, **options: object) -> None:
        try:
            course_id = course_by_slug(course).pk if course else None
        except Refusal:
            raise CommandError(f"The course {course!r} does not exist.") from None
        broken = 0
        for sentence in verify_records(now=timezone.now(), course_id=course_id):
            broken += 1
            self.stderr.write(sentence)
        if broken:
            raise CommandError(f"{broken} records are not what was sealed.")
        self.stdout.write("Every sealed record is as it was sealed.")
