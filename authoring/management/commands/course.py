"""manage.py course check|vary|guess|load|export|shift|copy and more: check a course folder, show variants, load it."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import active_account
from authoring.folder import (
    MOST_DAYS,
    Files,
    FolderText,
    GuessedShare,
    folder_digest,
    guess,
    read_files,
    shift_texts,
    variant_in_words,
)
from authoring.management.words import kept_line, moved
from authoring.refusals import Refusal
from authoring.services import (
    CourseEdit,
    FunctionFailed,
    ListingFailed,
    Publication,
    copy_course,
    export_course,
    labs_to_try,
    lessons_with_listings,
    plan_copy,
    publish,
    read_folder,
    read_to_load,
    replace_outputs,
    run_listings,
    run_twice,
)
from course.rules.changes import Action
from course.selectors import course_by_slug, course_id_of, is_archived, is_loaded
from labs.rules.texts import LabText
from labs.services import record_passed
from labs.services.trials import TriedLab, at_runner, own_runner, try_lab

PASSED = "passed-labs.txt"  # beside the folder: what `lab test --record` wrote
LEFT_OUT = 40  # beyond this, lines of one kind are counted and not printed


class Command(BaseCommand):
    help = "Check a course's folder, load it, or write it back."
    requires_system_checks = ()  # authors check texts here; the site's configuration is checked elsewhere

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser("check", help="name every mistake with file and line")
        check.add_argument("path", type=Path)
        check.add_argument("--strict", action="store_true", help="also what a course should not be shipped with")
        varying = commands.add_parser("vary", help="print variants of a question that draws its values")
        varying.add_argument("path", type=Path)
        varying.add_argument("question", help="the id of the question")
        varying.add_argument("--show", type=int, default=10, metavar="N", help="how many variants to print; usually 10")
        guessing = commands.add_parser("guess", help="estimate what an exam gives to somebody who knows nothing")
        guessing.add_argument("path", type=Path)
        running = commands.add_parser(
            "run-listings", help="run the listings, and store what they show beside the lessons"
        )
        running.add_argument("path", type=Path)
        running.add_argument("lessons", nargs="*", metavar="LESSON", help="ids of lessons; otherwise all")
        running = commands.add_parser(
            "run-variants", help="run the functions that draw values, and store what they return beside the questions"
        )
        running.add_argument("path", type=Path)
        running.add_argument("questions", nargs="*", metavar="QUESTION", help="ids of questions; otherwise all")
        load = commands.add_parser("load", help="load a folder in one transaction")
        load.add_argument("path", type=Path)
        load.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        load.add_argument("--overwrite", action="store_true", help="also over what was edited here")
        load.add_argument("--yes", action="store_true", help="do not ask when grades move")
        load.add_argument("--if-safe", action="store_true", help="only if the folder is new and no grade falls")
        export = commands.add_parser("export", help="write a course's folder")
        export.add_argument("slug")
        export.add_argument("path", type=Path)

        shift = commands.add_parser("shift", help="move every date in a folder, for a new term")
        shift.add_argument("path", type=Path)
        shift.add_argument(
            "--days", type=int, required=True, help="by how many days; a negative number moves them back"
        )
        shift.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

        copy = commands.add_parser("copy", help="copy a course to a new term, hidden and without its people")
        copy.add_argument("old", help="the slug of the course to copy")
        copy.add_argument("new", help="the slug of the copy")
        copy.add_argument("--title", required=True)
        copy.add_argument("--shift", type=int, default=0, metavar="DAYS", help="by how many days to move every date")
        copy.add_argument(
            "--instructor", metavar="USERNAME", help="who teaches the copy; otherwise only superusers see it"
        )
        copy.add_argument("--dry-run", action="store_true", help="say what would be made, make nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["command"]:
            case "check":
                self.check_folder(options["path"], is_strict=options["strict"])
            case "vary":
                self.vary(options["path"], options["question"], options["show"])
            case "guess":
                self.guess(options["path"])
            case "load":
                self.load(options, timezone.now())
            case "export":
                self.export(options["slug"], options["path"])
            case "shift":
                self.shift(options["path"], options["days"], is_dry=options["dry_run"])
            case "run-listings":
                self.run_listings(options["path"], options["lessons"])
            case "run-variants":
                self.run_variants(options["path"], options["questions"])
            case "copy":
                self.copy(options, timezone.now())

    def check_folder(self, path: Path, *, is_strict: bool) -> None:
        text = self.read(path, is_strict=is_strict)
        for warning in text.warnings:
            self.stderr.write(f"{path / warning.path}:{warning.line}: warning: {warning.text}")
        questions = sum(len(assessment.questions) for assessment in text.assessments)
        lessons = sum(len(module.lessons) for module in text.course.modules) if text.course else 0
        self.stdout.write(f"{path}: no mistakes in {lessons} lessons and {questions} questions.")

    def vary(self, path: Path, key: str, shown: int) -> None:
        questions = [question for assessment in self.read(path).assessments for question in assessment.questions]
        question = next((question for question in questions if question.key == key), None)
        if question is None:
            raise CommandError(f"No question of this course is called {key}.")
        if not question.variants:
            raise CommandError(f"The question {key} is fixed: it does not draw its values.")
        variants = question.variants[: max(1, shown)]
        for variant in variants:
            self.stdout.write(variant_in_words(variant))
        self.stdout.write(f"{len(variants)} of {len(question.variants)} variants of {key}.")

    def guess(self, path: Path) -> None:
        text = self.read(path)
        for exam in (assessment for assessment in text.assessments if assessment.kind == "exam"):
            self.print_guess(guess(exam))

    def print_guess(self, share: GuessedShare) -> None:
        self.stdout.write(f"{share.title}: {share.pool} questions")
        self.stdout.write(f"  blind {share.blind:6.1%}, test-wise {share.test_wise:6.1%} of the points")
        for kind in share.kinds:
            self.stdout.write(f"  {kind.type:15} {kind.count:4} questions {kind.blind:7.1%} {kind.test_wise:7.1%}")
        if share.reached:
            self.stdout.write(f"  one step of arithmetic: {', '.join(share.reached)}")

    def run_listings(self, path: Path, keys: list[str]) -> None:
        lessons = lessons_with_listings(self.read(path), keys)
        if unknown := {*keys} - {lesson.key for lesson in lessons}:
            raise CommandError(f"No lesson whose listings run is called {', '.join(sorted(unknown))}.")
        try:
            with own_runner() as runner:
                for lesson in lessons:
                    self.stdout.write(f"  running   {lesson.path}")
                    outputs = run_listings(lesson, partial(at_runner, runner))
                    replace_outputs(path, outputs)
        except ListingFailed as error:
            raise CommandError(str(error)) from error
        except RuntimeError as error:
            raise CommandError(f"{error}.") from error
        ran = {lesson.path for lesson in lessons}
        problems = [advice for advice in self.read(path).advice if advice.path in ran]
        for problem in problems:
            self.stderr.write(f"{path / problem.path}:{problem.line}: {problem.text}")
        self.stdout.write(f"Stored the outputs of {len(lessons)} lesson{'' if len(lessons) == 1 else 's'}.")

    def run_variants(self, path: Path, keys: list[str]) -> None:
        """Run functions and store what they return. The folder may have mistakes, such as results that are not stored yet."""
        if not path.is_dir():
            raise CommandError(f"The folder {path} does not exist.")
        functions = [own for own in read_folder(read_files(path)).functions if not keys or own.key in keys]
        if unknown := {*keys} - {question.key for question in functions}:
            raise CommandError(f"No question that a function draws or checks is called {', '.join(sorted(unknown))}.")
        try:
            results = run_twice(functions) if functions else []
        except FunctionFailed as error:
            raise CommandError(str(error)) from error
        except RuntimeError as error:
            raise CommandError(
                f"{error}, so the functions cannot run. Nothing was stored. Run them on a machine that runs learners’ code."
            ) from error
        for result in results:
            (path / result.path).parent.mkdir(parents=True, exist_ok=True)
            (path / result.path).write_bytes(result.text.encode())
        self.read(path)
        self.stdout.write(f"Stored the values of {len(results)} question{'' if len(results) == 1 else 's'}.")

    def shift(self, path: Path, days: int, *, is_dry: bool) -> None:
        if not -MOST_DAYS <= days <= MOST_DAYS:
            raise CommandError(f"Dates can move by at most {MOST_DAYS} days.")
        self.read(path)
        files = read_files(path)
        texts = {name: content.decode() for name, content in files.items() if name.endswith(".yaml")}
        edits, moved = shift_texts(texts, days)
        for date in moved:
            self.stdout.write(f"  {date.path}:{date.line}: {date.name} {date.before} → {date.after}")
        changed = read_folder(files | {name: text.encode() for name, text in edits.items()})
        if count := self.print_mistakes(path, changed):
            raise CommandError(f"Nothing was changed: there would be {count} mistake{'s' if count > 1 else ''}.")
        for name, text in () if is_dry else edits.items():
            (path / name).write_bytes(text.encode())
        dates = f"{len(moved)} date{'' if len(moved) == 1 else 's'}"
        self.stdout.write("Nothing was changed (--dry-run)." if is_dry else f"Moved {dates} in {path}.")

    def copy(self, options: dict[str, Any], now: datetime) -> None:
        if not -MOST_DAYS <= options["shift"] <= MOST_DAYS:
            raise CommandError(f"Dates can move by at most {MOST_DAYS} days.")
        named = options["instructor"]
        author = active_account(named) if named else None
        if named and author is None:
            raise CommandError(f"No account that can sign in has the username {named}.")
        try:
            source = course_by_slug(options["old"])
            plan = plan_copy(course=source, slug=options["new"], title=options["title"], days=options["shift"])
        except Refusal as refusal:
            raise CommandError(f"{options['old']}: {refusal.sentence}") from None
        for date in plan.moved:
            self.stdout.write(f"  {date.path}:{date.line}: {date.name} {date.before} → {date.after}")
        for mistake in plan.mistakes:
            self.stderr.write(f"{mistake.path}:{mistake.line}: {mistake.text}")
        if plan.mistakes:
            raise CommandError("Nothing was copied.")
        counts = f"{plan.lessons} lessons, {plan.labs} labs and {plan.questions} questions"
        if options["dry_run"]:
            self.stdout.write(f"{plan.slug} would have {counts}. Nothing was copied (--dry-run).")
            return
        copy_course(plan=plan, source=source, author=author, now=now)
        self.stdout.write(f"Copied {source.slug} to {plan.slug}, which is hidden: {counts}.")

    def read(
        self, path: Path, *, is_strict: bool = False, read: Callable[[Files], FolderText] = read_folder
    ) -> FolderText:
        if not path.is_dir():
            raise CommandError(f"The folder {path} does not exist.")
        text = read(read_files(path))
        if count := self.print_mistakes(path, text, is_strict=is_strict):
            raise CommandError(f"{count} mistake{'s' if count > 1 else ''} in {path}.")
        return text

    def print_mistakes(self, path: Path, text: FolderText, *, is_strict: bool = False) -> int:
        mistakes = sorted({*text.mistakes, *((*text.advice, *text.warnings) if is_strict else ())})
        for mistake in mistakes:
            self.stderr.write(f"{path / mistake.path}:{mistake.line}: {mistake.text}")
        return len(mistakes)

    def load(self, options: dict[str, Any], now: datetime) -> None:
        path: Path = options["path"]
        if options["if_safe"]:
            self.load_if_safe(path, now)
            return
        text = self.read(path, read=partial(read_to_load, overwrite=options["overwrite"]))
        if text.course and is_archived(text.course.slug):
            raise CommandError("The course is archived, so its content stays. Reopen it in its workplace first.")
        record_passes(text, path.parent / PASSED, now)
        self.try_labs(text)
        edit = CourseEdit(text, folder=str(path.resolve()), overwrite=options["overwrite"])
        plan = publish(edit=edit, confirmed=None, now=now)
        self.print_changes(plan)
        if options["dry_run"]:
            self.stdout.write("Nothing was changed (--dry-run).")
            return
        if plan.effects and not options["yes"] and not self.ask(plan):
            raise CommandError("Nothing was changed.")
        done = publish(edit=edit, confirmed=plan.digest, now=now)
        if not done.is_written:
            raise CommandError("Grades moved while you were asked. Nothing was changed; load again.")
        self.stdout.write(f"Loaded {path}.")
        for slug in (change.key for change in done.changes if (change.kind, change.action) == ("course", Action.ADDED)):
            roles = reverse("instructors", args=[slug])
            self.stdout.write(f"Nobody teaches this course yet. An administrator appoints people at {roles}.")

    def try_labs(self, text: FolderText) -> None:
        """Try the labs whose tests have not passed their trials yet. Raises CommandError at the first problem."""
        labs = labs_to_try(text)
        if not labs:
            return
        try:
            with own_runner() as runner:
                for lab in labs:
                    self.stdout.write(f"  trying    lab {lab.key}")
                    self.try_lab(lab, runner)
        except RuntimeError as error:
            raise CommandError(
                f"{error}, so the tests of the lab {labs[0].key} cannot be tried. Nothing was changed. Load the folder on a "
                "machine that runs learners’ code."
            ) from error

    def try_lab(self, lab: LabText, runner: Path) -> None:
        try:
            for trial in try_lab(TriedLab(lab.programs, lab.runtime, lab.limits), at_runner(runner, lab.runtime)):
                if trial.problems:
                    problem = f"In the trial “{trial.name}”: {trial.problems[0]}"
                    raise CommandError(
                        f"The lab {lab.key} did not pass its trials. {problem} Nothing was changed. Correct the lab, and load "
                        "the folder again."
                    )
        except ValueError as error:
            raise CommandError(
                f"The variants of the lab {lab.key} cannot be used: {error}. Nothing was changed. Correct variants.py, and "
                "load the folder again."
            ) from error
        record_passed(digest=lab.tried, now=timezone.now())

    def load_if_safe(self, path: Path, now: datetime) -> None:
        files = read_files(path)
        if is_loaded(folder_digest(files)):
            return
        text = read_to_load(files)
        if self.print_mistakes(path, text):
            self.keep_old(path, text)
            return
        if text.course and is_archived(text.course.slug):
            self.stderr.write(f"The course in {path} is archived, so its content stays.")
            return
        record_passes(text, path.parent / PASSED, now)
        if untried := labs_to_try(text):
            keys = ", ".join(lab.key for lab in untried)
            reason = f"No runner has tried the tests of these labs yet, so the old content stays: {keys}. To try and load them:"
            self.say_how(path, reason)
            return
        edit = CourseEdit(text, folder=str(path.resolve()))
        done = publish(edit=edit, now=now)
        if not done.is_written and done.effects.lowers_nothing:
            done = publish(edit=edit, confirmed=done.digest, now=now)
        self.print_changes(done)
        if not done.is_written:
            what = "take tests, questions or points away" if done.effects.lowered else "lower grades"
            self.say_how(path, f"The new content would {what}, so the old one stays. To load it all the same:")

    def say_how(self, path: Path, reason: str) -> None:
        self.stderr.write(reason)
        self.stderr.write(f"    {sys.executable} manage.py course load {path}")

    def keep_old(self, path: Path, text: FolderText) -> None:
        """Keep the old text: mistakes in the new text must not keep learners out of the course."""
        if text.course is None or course_id_of(text.course.slug) is None:
            raise CommandError(f"There are mistakes in {path}.")
        self.stderr.write("The old content stays until you fix them.")

    def ask(self, plan: Publication) -> bool:
        if not sys.stdin.isatty():
            what = "Grades would move" if plan.effects.movements else "Learners could earn less"
            self.stderr.write(f"{what}; answer with --yes.")
            return False
        return input("Load it? [y/N] ").strip().casefold() in ("y", "yes")

    def print_changes(self, load: Publication) -> None:
        kept = [change for change in load.changes if change.action is Action.KEPT]
        others = [change for change in load.changes if change.action is not Action.KEPT]
        for change in others[:LEFT_OUT]:
            self.stdout.write(f"  {change.action:9} {change.kind} {change.key}")
        if len(others) > LEFT_OUT:
            self.stdout.write(f"  and {len(others) - LEFT_OUT} more")
        if not load.changes:
            self.stdout.write("  nothing differs")
        for change in kept:
            self.stderr.write(kept_line(change))
        for lowered in load.effects.lowered:
            self.stdout.write(f"  lowered   {lowered}")
        for movement in load.effects.movements:
            self.stdout.write(f"  {moved(movement)}")

    def export(self, slug: str, path: Path) -> None:
        course_id = course_id_of(slug)
        if course_id is None:
            raise CommandError(f"The course {slug} does not exist.")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CommandError(f"{path} is not empty. Name a new folder.")
        files = export_course(course_id=course_id)
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        self.stdout.write(f"Wrote {len(files)} files to {path}.")


def record_passes(text: FolderText, record: Path, now: datetime) -> None:
    """Take over what `lab test --record` wrote about this course's labs: the digests of programs that passed every trial.

    The start of the site comes before its runner, and cannot wait for trials. The person who writes this file decides what the
    site's folder says anyway.
    """
    known = set(record.read_text(encoding="utf-8").split()) if record.is_file() else set()
    for lab in text.labs:
        if lab.tried in known:
            record_passed(digest=lab.tried, now=now)
