"""What a learner has in one assessment, with the course's revision, in one prepared query.

A service runs it as the first query under the learner's lock, so that it sees what was published before the lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from foundation.prepared import PreparedQuery, instances
from quizzes.models import Assessment, Attempt, Sitting, SittingQuestion

type RecordRows = QuerySet[Assessment, tuple[Any, ...]]

SITTING = ("id", "assessment_id", "learner_id", "started_at", "deadline_at", "accepts_until", "submitted_at", "is_void")
ROW = tuple(field.attname for field in SittingQuestion._meta.concrete_fields)
ATTEMPT = (
    *("id", "sitting_id", "question_id", "version_id", "number", "attempts_limit", "response", "is_correct"),
    *("points_earned", "is_reopened"),
)
OF_ROW = 1 + len(SITTING)
OF_ATTEMPT = OF_ROW + len(ROW)
PINNED = (OF_ROW, *(OF_ROW + ROW.index(name) for name in ("question_id", "version_id", "points")))


class PaperLine(NamedTuple):
    """A question in a sitting: its row, and what the row pins."""

    row_id: int
    question_id: str
    version_id: int | None
    points: Decimal


@dataclass(frozen=True)
class OwnRecords:
    """The course's revision; the learner's sitting that counts; the rows and attempts that the query reads, in order.

    `row` is the row of the question that was asked for.
    """

    revision: str
    sitting: Sitting | None
    row: SittingQuestion | None
    attempts: list[Attempt]
    paper: frozenset[PaperLine]


def own_sitting(learner_id: int, assessment_id: str) -> QuerySet[Assessment]:
    """Return the assessment, joined with the learner's sitting (`mine`) if there is one."""
    condition = Q(sittings__learner_id=learner_id, sittings__is_void=False)
    return Assessment.objects.filter(pk=assessment_id).annotate(mine=FilteredRelation("sittings", condition=condition))


def with_row(learner_id: int, assessment_id: str, question_id: str) -> QuerySet[Assessment]:
    """Join the question in the sitting as well (`row`)."""
    condition = Q(mine__questions__question_id=question_id)
    return own_sitting(learner_id, assessment_id).annotate(row=FilteredRelation("mine__questions", condition=condition))


def sitting_alone(learner_id: int, assessment_id: str) -> RecordRows:
    return own_sitting(learner_id, assessment_id).order_by().values_list(*columns(mine=SITTING))


def row_alone(learner_id: int, assessment_id: str, question_id: str) -> RecordRows:
    return with_row(learner_id, assessment_id, question_id).order_by().values_list(*columns(mine=SITTING, row=ROW))


def row_with_attempts(learner_id: int, assessment_id: str, question_id: str) -> RecordRows:
    tried = FilteredRelation("mine__attempts", condition=Q(mine__attempts__question_id=question_id))
    found = with_row(learner_id, assessment_id, question_id).annotate(tried=tried).order_by("tried__number")
    return found.values_list(*columns(mine=SITTING, row=ROW, tried=ATTEMPT))


def paper_with_attempts(learner_id: int, assessment_id: str) -> RecordRows:
    on_question = Q(mine__attempts__question_id=F("mine__questions__question_id"))
    tried = FilteredRelation("mine__attempts", condition=on_question)
    found = own_sitting(learner_id, assessment_id).annotate(tried=tried).order_by("tried__number")
    return found.values_list(*columns(mine=SITTING, mine__questions=ROW, tried=ATTEMPT))


def columns(**named: tuple[str, ...]) -> list[str]:
    return ["course__revision__token", *(f"{place}__{name}" for place, names in named.items() for name in names)]


def prepared(build: Callable[..., RecordRows], **kinds: type) -> PreparedQuery:
    return PreparedQuery(build, learner_id=int, assessment_id=str, **kinds)


SITTING_ALONE = prepared(sitting_alone)
ROW_ALONE = prepared(row_alone, question_id=str)
ROW_WITH_ATTEMPTS = prepared(row_with_attempts, question_id=str)
PAPER_WITH_ATTEMPTS = prepared(paper_with_attempts)


def own_records(query: PreparedQuery, *, learner_id: int, assessment_id: str, question_id: str) -> OwnRecords:
    """Return a learner's records around one question, as far as `query` reads them."""
    values = {"learner_id": learner_id, "assessment_id": assessment_id, "question_id": question_id}
    rows = query(**{name: values[name] for name in query.kinds})
    asked = [row[OF_ROW:OF_ATTEMPT] for row in rows if row[PINNED[1]] == question_id]
    tried = [found for row in rows if (found := row[OF_ATTEMPT:]) and found[0] is not None]
    return OwnRecords(
        revision=rows[0][0],
        sitting=first(Sitting, [rows[0][1:OF_ROW]], SITTING),
        row=first(SittingQuestion, asked, ROW),
        attempts=instances(Attempt, tried, ATTEMPT),
        paper=frozenset(PaperLine(*(row[place] for place in PINNED)) for row in rows if row[OF_ROW] is not None),
    )


def revision_and_sitting(learner_id: int, assessment_id: str) -> tuple[str, Sitting | None]:
    """Return the course's revision, and the learner's sitting that counts, if there is one. Runs one query."""
    row, *_ = SITTING_ALONE(learner_id=learner_id, assessment_id=assessment_id)
    return row[0], first(Sitting, [row[1:]], SITTING)


@dataclass(frozen=True)
class ReviewRecords:
    """A learner's review: the sitting, and by question the raw lines that the query returned, which can be hashed."""

    sitting: Sitting | None
    lines: dict[str, tuple[tuple[object, ...], ...]]


NO_RECORDS = ReviewRecords(None, {})


def review_records(learner_id: int, assessment_id: str) -> ReviewRecords:
    """Return what a learner has in a review, for its page. Runs one query."""
    lines = PAPER_WITH_ATTEMPTS.raw(learner_id=learner_id, assessment_id=assessment_id)
    found: dict[str, tuple[tuple[object, ...], ...]] = {}
    for line in lines:
        if line[OF_ROW] is not None:
            question_id = str(line[PINNED[1]])
            found[question_id] = (*found.get(question_id, ()), line)
    sittings = [line[1:OF_ROW] for line in PAPER_WITH_ATTEMPTS.converted(lines[:1])]
    return ReviewRecords(first(Sitting, sittings, SITTING), found)


def question_records(lines: tuple[tuple[object, ...], ...]) -> tuple[SittingQuestion | None, list[Attempt]]:
    """Return a question's row and attempts from its lines in `ReviewRecords`."""
    found = PAPER_WITH_ATTEMPTS.converted(lines)
    tried = [line[OF_ATTEMPT:] for line in found if line[OF_ATTEMPT] is not None]
    return first(SittingQuestion, [line[OF_ROW:OF_ATTEMPT] for line in found], ROW), instances(Attempt, tried, ATTEMPT)


def first[M: (Sitting, SittingQuestion)](
    model: type[M], rows: list[tuple[object, ...]], names: tuple[str, ...]
) -> M | None:
    """Return the first row as an instance, or None if there is none or a LEFT JOIN found none."""
    return instances(model, rows[:1], names)[0] if rows and rows[0][0] is not None else None
