"""What a learner did in assessments, for the archive that they may download. It never tells what a page still hides."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet

from questions import types
from quizzes.models import (
    Attempt,
    ExtraAttempts,
    FullHolder,
    QuestionReport,
    QuestionVersion,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingQuestion,
    Void,
)
from quizzes.rules.timing import NO_END, is_open, is_paused
from quizzes.selectors.reports import OF_ASSESSMENT, is_on_hold, with_settlement
from quizzes.selectors.shown_orders import shown_body
from quizzes.selectors.withheld import withheld_scores, withheld_verdicts

type AnswerRow = dict[str, object]
# Of an attempt; hidden while its exam is not settled, or while its learner may not know yet what was right.
OUTCOME = ("is_correct", "points_earned")
PROMPT = ("version__prompt", "options")


def hidden_activities(learner_id: int, now: datetime) -> list[str]:
    """Return the ids of the exams that the learner is sitting now, and of those whose score is withheld (D33).

    The score of a void sitting is withheld, too.
    """
    sittings = Sitting.objects.filter(learner=learner_id)
    running = [sitting.assessment_id for sitting in sittings if is_open(sitting.clock, now)]
    withheld = (withheld_scores(learner_id, course_id, now).all for course_id in courses_sat(sittings))
    return [*running, *chain.from_iterable(withheld)]


def courses_sat(sittings: QuerySet[Sitting]) -> set[int]:
    """Return the ids of the courses to which these sittings belong."""
    return set(sittings.order_by().values_list("assessment__course_id", flat=True))


def with_end(row: AnswerRow) -> AnswerRow:
    """Return a sitting's row without NO_END: its deadline is None if only handing in ends it."""
    return {**row, "deadline_at": None if row["deadline_at"] == NO_END else row["deadline_at"]}


def exported_attempt(row: AnswerRow, *, hidden: bool, paused: bool) -> AnswerRow:
    """Return an attempt without its outcome if that is hidden, and without its question while the exam is paused (D32)."""
    left_out = {*(OUTCOME if hidden else ()), *(PROMPT if paused else ())}
    return {name: value for name, value in row.items() if name not in left_out}


def with_options(rows: QuerySet[Attempt, AnswerRow]) -> Iterator[AnswerRow]:
    """Yield attempts with the options in the order in which the learner saw them (D40). `rows` name version and order."""
    versions = QuestionVersion.objects.in_bulk({row["version"] for row in rows})
    for row in rows:
        version = versions[row["version"]]
        body = shown_body(version, row["sitting__option_order"])
        left_out = ("version", "sitting__option_order")
        shown = {name: value for name, value in row.items() if name not in left_out}
        variant = {"variant": version.variant} if version.variant else {}
        yield {**shown, **variant, "options": types.get(version.type).options(body)}


def is_outcome_hidden(sitting: Sitting, withheld: Collection[str], now: datetime) -> bool:
    """Return whether outcomes are left out: the sitting is open, or its exam withholds its verdicts from the learner.

    A rehearsal and a test run show everything at their end (D46).
    """
    is_graded = sitting.kind == Sitting.Kind.GRADED
    return is_open(sitting.clock, now) or (is_graded and sitting.assessment_id in withheld)


def added_time(row: SittingExtension) -> AnswerRow:
    names = ("sitting_id", "seconds", "reason", "created_at")
    return {name.removesuffix("_id"): getattr(row, name) for name in names}


def held_servers(learner_id: int) -> list[AnswerRow]:
    """Return when requests of this person held a server that was full (D20). This belongs to no course."""
    rows = FullHolder.objects.filter(person=learner_id).order_by("pk")
    numbers = ("connections", "requests", "size", "refused")
    return list(rows.values("period__from_at", "period__until_at", "address", *numbers))


def answer_data(learner_id: int, course_id: int | None, now: datetime) -> list[tuple[str, list[AnswerRow]]]:
    """Return sittings, drafts, attempts, added time, extra attempts, pauses, voids and reports; of one course, or of all."""
    sittings = Sitting.every.filter(learner=learner_id).order_by("started_at")
    reports = QuestionReport.objects.filter(learner=learner_id).order_by("pk")
    given = ExtraAttempts.objects.filter(learner=learner_id).order_by("pk")
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
        reports = reports.filter(question__assessment__course_id=course_id)
        given = given.filter(assessment__course_id=course_id)
    courses = courses_sat(sittings)
    withheld = set(chain.from_iterable(withheld_verdicts(learner_id, course, now) for course in courses))
    hidden = {sitting.pk for sitting in sittings if is_outcome_hidden(sitting, withheld, now)}
    rows = Attempt.objects.filter(sitting__in=sittings).order_by("received_at", "pk")
    columns = ("sitting", "question__key", "version__prompt", "number", "response", *OUTCOME, "received_at", "by")
    stopped = {sitting.pk for sitting in sittings if is_paused(sitting.clock, now)}
    attempts = [
        exported_attempt(row, hidden=row["sitting"] in hidden, paused=row["sitting"] in stopped)
        for row in with_options(rows.values(*columns, "version", "sitting__option_order"))
    ]
    asked = SittingQuestion.objects.filter(sitting__in=sittings).order_by("sitting", "position")
    about_sitting = ("assessment__course__slug", "assessment__title")
    times = ("started_at", "deadline_at", "submitted_at", "ended_by", "is_void", "option_order", "kind")
    about = ("question__key", "text", "response", "created_at", "closed_at")
    extensions = SittingExtension.objects.filter(sitting__in=sittings)
    pauses = SittingPause.objects.filter(sitting__in=sittings)
    paused = ("sitting", "reason", "created_at", "ends_at", "resumption__resumed_at")
    replied = with_settlement(reports.exclude(answer="").select_related(*OF_ASSESSMENT))
    held = {report.pk for report in replied if report.sitting_id in hidden or is_on_hold(report, now)}
    voids = Void.objects.filter(sitting__in=sittings)
    return [
        ("sittings", [with_end(row) for row in sittings.values("id", *about_sitting, *times)]),
        ("questions_asked", list(asked.values("sitting", "question__key", "draft", "saved_at", "is_flagged"))),
        ("attempts", attempts),
        ("time_added", [added_time(row) for row in extensions.order_by("pk")]),
        ("extra_attempts", list(given.values("assessment__course__slug", "assessment__title", "extra", "created_at"))),
        ("pauses", list(pauses.values(*paused))),
        ("voids", list(voids.values("sitting", "undoes", "reason", "created_at"))),
        ("reports", list(reports.exclude(pk__in=held).values(*about, "answer", "answered_at"))),
        ("full_servers_held", held_servers(learner_id) if course_id is None else []),
        ("reports_with_reply_on_hold", list(reports.filter(pk__in=held).values(*about))),
    ]
