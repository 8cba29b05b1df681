import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course.selectors import course_by_slug
from operations.refusals import Refusal
from portal.rights.services import count_unsealed, verify_records, verify_statement


class Command(BaseCommand):
    help = "Compare every sealed record with its seal; records that were altered, removed or moved are errors (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", default="", help="the slug of one course; all without it")
        parser.add_argument("--statement", type=Path, help="a signed statement that a learner kept: only its records")

    def handle(self, *args: object, course: str, statement: Path | None, **options: object) -> None:
        now = timezone.now()
        try:
            broken = list(of_statement(statement, now) if statement else of_courses(course, now))
        except Refusal:
            raise CommandError(f"The course {course!r} does not exist.") from None
        for sentence in broken:
            self.stderr.write(sentence)
        if broken:
            raise CommandError(f"{len(broken)} records are not what was sealed.")
        if statement:
            self.stdout.write("Every record of the statement is as it was sealed.")
            return
        self.stdout.write("Every sealed record is as it was sealed.")
        if waiting := count_unsealed(now=now, course_id=id_of_course(course)):
            are = "record is" if waiting == 1 else "records are"
            self.stdout.write(f"{waiting} newer {are} not sealed yet. The sweeper seals each within an hour.")


def of_courses(slug: str, now: datetime) -> Iterator[str]:
    return verify_records(now=now, course_id=id_of_course(slug))


def id_of_course(slug: str) -> int | None:
    return course_by_slug(slug).pk if slug else None


def of_statement(path: Path, now: datetime) -> Iterator[str]:
    try:
        statement = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is not a statement: {error}") from None
    if not isinstance(statement, dict):
        raise CommandError(f"{path} is not a statement.")
    return verify_statement(statement=statement, now=now)
