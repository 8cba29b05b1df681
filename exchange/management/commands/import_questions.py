"""manage.py import_questions: say of each question of a file of another system what an import would do with it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.formats import MOST_BYTES
from exchange.refusals import Refusal
from exchange.rules.items import ItemOutcome
from exchange.rules.reasons import cut
from exchange.rules.report import ImportReport
from exchange.services import report_import
from exchange.services.deadline import time_limited


class Command(BaseCommand):
    help = "Report what an import of a question bank would keep, change or refuse. Nothing is stored."
    requires_system_checks = ()  # it only reads a file

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help="Moodle XML, GIFT, Aiken, QTI 1.2, QTI 2.1 or 2.2, CSV, or a ZIP of QTI",
        )
        parser.add_argument("--json", type=Path, metavar="REPORT", help="write the report here, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            with time_limited():
                report = report_import(name=path.name, content=content)
            if options["json"]:
                text = json.dumps(report.as_data(), ensure_ascii=False, indent=2, default=str)
                options["json"].write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be opened: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("\n".join(lines_of(report)))


def lines_of(report: ImportReport) -> list[str]:
    lines = [f"{report.format}{f', {report.title}' if report.title else ''}"]
    for item in report.items:
        lines.append(
            f"{item.number:>5}  {item.outcome.value:8}  {item.kind or 'unknown'}  {cut(item.title, 60)}".rstrip()
        )
        lines += [f"                 {reason.words}" for reason in item.reasons]
    counts = ", ".join(f"{report.counts[outcome.value]} {outcome.value}" for outcome in ItemOutcome)
    lines.append(f"{len(report.items)} item{'' if len(report.items) == 1 else 's'}: {counts}.")
    if report.copies:
        lines.append(f"{report.copies} more are second copies of these in the package.")
    lines.append("Nothing is stored: this version reports only.")
    return lines
