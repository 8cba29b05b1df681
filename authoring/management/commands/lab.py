"""manage.py lab test: try a lab, or every lab below a folder, before anyone sees it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from labs.rules.trying import tried_digest
from labs.services.trials import TriedLab, at_runner, own_runner, try_lab


class Command(BaseCommand):
    help = "Try a lab: its starter, model solution, near misses, variants, and ways to cheat."
    requires_system_checks = ()  # authors check texts here; the site's configuration is checked elsewhere

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        test = commands.add_parser("test", help="try the lab in this folder, or all labs below it")
        test.add_argument("path", type=Path)
        test.add_argument(
            "--record", type=Path, metavar="FILE", help="write here which labs passed, for `up` to load them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        labs = {head.parent: read_tried_lab(head.parent) for head in sorted(path.rglob("lab.yaml"))}
        if not labs:
            raise CommandError(f"There is no lab in {path}: a lab's folder holds lab.yaml.")
        try:
            with own_runner() as runner:
                count = sum(self.test(folder, lab, runner) for folder, lab in labs.items())
        except (RuntimeError, ValueError) as error:
            raise CommandError(f"{error}.") from error
        if count:
            raise CommandError(f"{count} problem{'s' if count > 1 else ''} in {path}.")
        if options["record"]:
            lines = {f"{folder}  {tried_digest(lab.files, lab.runtime, lab.limits)}\n" for folder, lab in labs.items()}
            options["record"].write_text("".join(sorted(lines)), encoding="utf-8")

    def test(self, folder: Path, lab: TriedLab, runner: Path) -> int:
        """Print each trial as soon as it is done, and return the number of problems."""
        count = 0
        self.stdout.write(f"{folder}")
        for trial in try_lab(lab, at_runner(runner, lab.runtime)):
            self.stdout.write(f"  {'PROBLEM' if trial.problems else 'ok':8} {trial.name}")
            for problem in trial.problems:
                self.stderr.write(f"           {problem}")
            count += len(trial.problems)
        return count


def read_tried_lab(folder: Path) -> TriedLab:
    description = yaml.safe_load((folder / "lab.yaml").read_text(encoding="utf-8"))
    if not isinstance(description, dict):
        raise CommandError(f"{folder / 'lab.yaml'} is not a description of a lab.")
    programs = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    return TriedLab(programs, description.get("runtime", "tf2"), description.get("limits") or {})
