"""A learner's records in one assessment, with the course's revision, each read by one prepared query.

A service runs the query first under the learner's lock, so the revision includes everything published before the lock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from django.db.models import DurationField, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum

from foundation.fast.prepared import PreparedQuery, instances
from people.selectors import accommodations_of
from quizzes.models import Assessment, Attempt, ExtraAttempts, Sitting, SittingExtension, SittingQuestion, Void
from quizzes.refusals import Refusal

type QuestionChange = Literal["check", "draft", "flag"]  # what a learner does to a question
type RecordRows = QuerySet[Assessment, tuple[Any, ...]]
type RawLines = tuple[tuple[object, ...], ...]

SITTING = (
    *("id", "assessment_id", "learner_id", "started_at", "deadline_at", "accepts_until", "submitted_at", "is_void"),
    *("paused_at", "latest_deadline_at", "is_untimed", "option_order"),
)
ROW = tuple(field.attname for field in SittingQuestion._meta.concrete_fields)
ATTEMPT = (
    *("id", "sitting_id", "question_id", "version_id", "number", "attempts_limit", "response", "is_correct"),
    *("points_earned", "is_reopened"),
)
# Where the columns of a table begin in a row of a query, and where a column is.
OF_SITTING = 2  # after the revision and the extra attempts
OF_ROW = OF_SITTING + len(SITTING)
OF_ATTEMPT = OF_ROW + len(ROW)
WHOLE_SITTING = tuple(field.attname for field in Sitting._meta.concrete_fields)
WHOLE_ATTEMPT = tuple(field.attname for field in Attempt._meta.concrete_fields)
OF_DRAWN = 3 + len(WHOLE_SITTING)  # after the revision, the extra attempts and the time added
TIME_ADDED = ExpressionWrapper(F("deadline_after") - F("deadline_before"), DurationField())
OF_TRIED = OF_DRAWN + len(ROW)
QUESTION_ID = OF_ROW + ROW.index("question_id")

pinned_in = itemgetter(OF_ROW, QUESTION_ID, OF_ROW + ROW.index("version_id"), OF_ROW + ROW.index("points"))


class PaperLine(NamedTuple):
    """A question in a sitting: its row, and what the row pins. `pinned_in` picks these columns of a query."""

    row_id: int
    question_id: str
    version_id: int | None
    points: Decimal


@dataclass(frozen=True)
class OwnRecords:
    """The course's revision, the learner's extra attempts in the assessment, the sitting that counts, and the attempts that
    the query reads, in order.

    `row` is the row of the question that the request is about, and `paper` are all rows of the sitting.
    """

    revision: str
    extra_attempts: int
    sitting: Sitting | None
    row: SittingQuestion | None
    attempts: list[Attempt]
    paper: frozenset[PaperLine]


def own_sitting(learner_id: int, assessment_id: str) -> QuerySet[Assessment]:
    """Return the assessment, joined with the learner's sitting (`mine`) if there is one.

    `extra` are the learner's extra attempts there, None if no instructor ever gave any.
    """
    condition = Q(sittings__learner_id=learner_id, sittings__is_void=False)
    given = ExtraAttempts.objects.filter(learner=learner_id, assessment=assessment_id).order_by("-pk").values("extra")
    assessment = Assessment.objects.filter(pk=assessment_id).annotate(extra=Subquery(given[:1]))
    return assessment.annotate(mine=FilteredRelation("sittings", condition=condition))


def with_row(learner_id: int, assessment_id: str, question_id: str) -> QuerySet[Assessment]:
    """Join the question in the sitting as well (`row`)."""
    condition = Q(mine__questions__question_id=question_id)
    return own_sitting(learner_id, assessment_id).annotate(row=FilteredRelation("mine__questions", condition=condition))


def before_start_query(learner_id: int, assessment_id: str) -> RecordRows:
    """Read the multiplier of the learner's newest accommodation, the id of the newest void, and the sitting."""
    given = accommodations_of(learner_id, OuterRef("course_id")).values("multiplier")[:1]
    voids = Void.objects.filter(sitting__learner=learner_id, sitting__assessment=assessment_id).order_by("-pk")
    newest = {"multiplier": Subquery(given), "void": Subquery(voids.values("pk")[:1])}
    rows = own_sitting(learner_id, assessment_id).annotate(**newest)
    revision, _extra, *names = columns(mine=SITTING)
    return rows.order_by().values_list(revision, *newest, *names)


def row_alone(learner_id: int, assessment_id: str, question_id: str) -> RecordRows:
    return with_row(learner_id, assessment_id, question_id).order_by().values_list(*columns(mine=SITTING, row=ROW))


def row_with_attempts(learner_id: int, assessment_id: str, question_id: str) -> RecordRows:
    tried = FilteredRelation("mine__attempts", condition=Q(mine__attempts__question_id=question_id))
    rows = with_row(learner_id, assessment_id, question_id).annotate(tried=tried).order_by("tried__number")
    return rows.values_list(*columns(mine=SITTING, row=ROW, tried=ATTEMPT))


def with_paper(learner_id: int, assessment_id: str) -> QuerySet[Assessment]:
    """Join the questions in the sitting as well (`mine__questions`), and the attempts at each (`tried`).

    The condition names the sitting of an attempt twice. Otherwise PostgreSQL would search attempts by the question alone,
    and read those of all learners.
    """
    on_question = Q(
        mine__attempts__question_id=F("mine__questions__question_id"),
        mine__attempts__sitting_id=F("mine__questions__sitting_id"),
    )
    tried = FilteredRelation("mine__attempts", condition=on_question)
    return own_sitting(learner_id, assessment_id).annotate(tried=tried)


def paper_with_attempts(learner_id: int, assessment_id: str) -> RecordRows:
    rows = with_paper(learner_id, assessment_id).order_by("tried__number")
    return rows.values_list(*columns(mine=SITTING, mine__questions=ROW, tried=ATTEMPT))


def drawn_paper_query(learner_id: int, assessment_id: str) -> RecordRows:
    """Return an exam's paper in order, and the time that an instructor added to it (`added`, None without any)."""
    mine = {"sitting__learner_id": learner_id, "sitting__assessment_id": assessment_id, "sitting__is_void": False}
    given = SittingExtension.objects.filter(**mine).order_by().values("sitting").annotate(total=Sum(TIME_ADDED))
    rows = with_paper(learner_id, assessment_id).annotate(added=Subquery(given.values("total")))
    revision, extra, *names = columns(mine=WHOLE_SITTING, mine__questions=ROW, tried=WHOLE_ATTEMPT)
    return rows.order_by("mine__questions__position", "tried__number").values_list(revision, extra, "added", *names)


def columns(**named: tuple[str, ...]) -> list[str]:
    joined = (f"{relation}__{name}" for relation, names in named.items() for name in names)
    return ["course__revision__token", "extra", *joined]


def prepared(build: Callable[..., RecordRows], **kinds: type) -> PreparedQuery:
    return PreparedQuery(build, learner_id=int, assessment_id=str, **kinds)


BEFORE_START = prepared(before_start_query)
PAPER_WITH_ATTEMPTS = prepared(paper_with_attempts)
READS: dict[QuestionChange, PreparedQuery] = {
    "check": PAPER_WITH_ATTEMPTS,
    "draft": prepared(row_with_attempts, question_id=str),
    "flag": prepared(row_alone, question_id=str),
}
DRAWN_PAPER = prepared(drawn_paper_query)


def own_records(change: QuestionChange, *, learner_id: int, assessment_id: str, question_id: str) -> OwnRecords:
    """Return a learner's records around one question, as far as a change of it needs them.

    A Check needs the whole paper with its attempts, a draft the attempts at the question, and a flag only its row. Runs one
    query.
    """
    query = READS[change]
    values = {"learner_id": learner_id, "assessment_id": assessment_id, "question_id": question_id}
    rows = query(**{name: values[name] for name in query.kinds})
    of_question = [row[OF_ROW:OF_ATTEMPT] for row in rows if row[QUESTION_ID] == question_id]
    tried = [attempt for row in rows if (attempt := row[OF_ATTEMPT:]) and attempt[0] is not None]
    return OwnRecords(
        revision=rows[0][0],
        extra_attempts=rows[0][1] or 0,
        sitting=first(Sitting, [rows[0][OF_SITTING:OF_ROW]], SITTING),
        row=first(SittingQuestion, of_question, ROW),
        attempts=instances(Attempt, tried, ATTEMPT),
        paper=frozenset([PaperLine(*pinned_in(row)) for row in rows if row[OF_ROW] is not None]),
    )


class BeforeStart(NamedTuple):
    """A learner's records before an exam: the multiplier (1 without an accommodation), the id of the newest void record and
    the sitting that counts (each None without any), and the course's revision.
    """

    revision: str
    multiplier: Decimal
    void: int | None
    sitting: Sitting | None


def records_before_start(learner_id: int, assessment_id: str) -> BeforeStart:
    """Return the records that decide about a learner's Start. Runs one query. Raises Refusal not_found."""
    rows = BEFORE_START(learner_id=learner_id, assessment_id=assessment_id)
    if not rows:
        raise Refusal("not_found")
    revision, multiplier, void, *values = rows[0]
    return BeforeStart(revision, multiplier or Decimal(1), void, first(Sitting, [tuple(values)], SITTING))


@dataclass(frozen=True)
class ReviewRecords:
    """A learner's review: the sitting, and by question the raw lines that the query returned, which can be hashed."""

    sitting: Sitting | None
    lines: dict[str, RawLines]
    extra_attempts: int = 0


NO_RECORDS = ReviewRecords(None, {})


def review_records(learner_id: int, assessment_id: str) -> ReviewRecords:
    """Return a learner's records in a review, for its page. Runs one query."""
    lines = PAPER_WITH_ATTEMPTS.raw(learner_id=learner_id, assessment_id=assessment_id)
    by_question: dict[str, RawLines] = {}
    for line in lines:
        if line[OF_ROW] is not None:
            question_id = str(line[QUESTION_ID])
            by_question[question_id] = (*by_question.get(question_id, ()), line)
    (_revision, extra, *values), *_ = PAPER_WITH_ATTEMPTS.converted(lines[:1]) or [("", None, None)]
    sitting = first(Sitting, [tuple(values[: len(SITTING)])], SITTING)
    return ReviewRecords(sitting, by_question, extra or 0)


def question_records(lines: RawLines) -> tuple[SittingQuestion | None, list[Attempt]]:
    """Return a question's row and attempts from its lines in `ReviewRecords`."""
    rows = PAPER_WITH_ATTEMPTS.converted(lines)
    tried = [row[OF_ATTEMPT:] for row in rows if row[OF_ATTEMPT] is not None]
    return first(SittingQuestion, [row[OF_ROW:OF_ATTEMPT] for row in rows], ROW), instances(Attempt, tried, ATTEMPT)


@dataclass(frozen=True)
class DrawnRecords:
    """A learner's exam: the course's revision, the sitting, and by question the raw lines of the paper, in its order.

    The lines of a question without an attempt name neither the learner nor the sitting, so learners can share the card that
    is made of them.
    """

    revision: str
    sitting: Sitting | None
    lines: dict[str, RawLines]
    extra_attempts: int = 0


NOT_DRAWN = DrawnRecords("", None, {})
DRAWN_QUESTION_ID = OF_DRAWN + ROW.index("question_id")
PINNED_IN_REVIEW, PINNED_IN_EXAM = (of + ROW.index("version_id") for of in (OF_ROW, OF_DRAWN))
NOBODYS = (None,) * (OF_DRAWN + ROW.index("sitting_id") + 1)  # in place of everything up to the row's sitting


def drawn_records(learner_id: int, assessment_id: str) -> DrawnRecords:
    """Return a learner's records in an exam, for its page. Runs one query."""
    lines = DRAWN_PAPER.raw(learner_id=learner_id, assessment_id=assessment_id)
    by_question: dict[str, RawLines] = {}
    for line in lines:
        if line[OF_DRAWN] is not None:
            question_id = str(line[DRAWN_QUESTION_ID])
            shared = (*NOBODYS, *line[len(NOBODYS) :]) if line[OF_TRIED] is None else line
            by_question[question_id] = (*by_question.get(question_id, ()), shared)
    (revision, extra, added, *values), *_ = DRAWN_PAPER.converted(lines[:1]) or [("", None, None, None)]
    sitting = first(Sitting, [tuple(values[: len(WHOLE_SITTING)])], WHOLE_SITTING)
    if sitting is not None:
        sitting.added = added
    return DrawnRecords(revision, sitting, by_question, extra or 0)


def pinned_versions(records: Iterable[RawLines], column: int) -> set[int]:
    """Return the ids of the versions that rows of a sitting pin. `records` are the lines of each question."""
    return {int(str(lines[0][column])) for lines in records if lines and lines[0][column] is not None}


def drawn_question(lines: RawLines) -> tuple[SittingQuestion, list[Attempt]]:
    """Return a question's row and attempts from its lines in `DrawnRecords`."""
    rows = DRAWN_PAPER.converted(lines)
    tried = [row[OF_TRIED:] for row in rows if row[OF_TRIED] is not None]
    (row,) = instances(SittingQuestion, [rows[0][OF_DRAWN:OF_TRIED]], ROW)
    return row, instances(Attempt, tried, WHOLE_ATTEMPT)


def first[M: (Sitting, SittingQuestion)](
    model: type[M], rows: list[tuple[object, ...]], names: tuple[str, ...]
) -> M | None:
    """Return the first row as an instance, or None without rows or if a LEFT JOIN found nothing."""
    return instances(model, rows[:1], names)[0] if rows and rows[0][0] is not None else None
