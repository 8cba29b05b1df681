"""The question analysis: asked for here, computed by a worker, stored in a row with its age."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from course.rules.refusals import Refusal
from quizzes import types
from quizzes.models import Analysis, Assessment, Question, Sitting
from quizzes.queue import COMPUTE_ANALYSIS, wake
from quizzes.rules.analysis import Item, Sheet, alpha, analyse
from quizzes.rules.corrections import read
from quizzes.selectors.sheets import questions_analysed, sheets_of

LASTS = timedelta(hours=24)
MOST_CHOICES = 12  # of a question with free answers only the most frequent are kept


@transaction.atomic
def request_analysis(*, assessment: Assessment, now: datetime) -> Analysis:
    """Ask a worker for new figures; what stands there stays until they come."""
    row, _is_new = Analysis.objects.update_or_create(assessment=assessment, defaults={"requested_at": now})
    wake(COMPUTE_ANALYSIS, assessment.pk)
    return row


def request_stale_analyses(*, now: datetime) -> int:
    """Ask for the figures of every assessment that were not asked for in a day; returns how many."""
    fresh = Analysis.objects.filter(requested_at__gt=now - LASTS).values("assessment")
    begun = Exists(Sitting.objects.filter(assessment=OuterRef("pk")))
    found = list(Assessment.objects.filter(begun, is_retired=False).exclude(pk__in=fresh))
    for assessment in found:
        request_analysis(assessment=assessment, now=now)
    return len(found)


def compute_analysis(*, assessment_id: str, now: datetime) -> Analysis | None:
    """Compute and store the figures as the records are now; None for an assessment that is gone.

    Nothing is locked: the figures follow from records that only grow, and the next time takes in what came meanwhile.
    """
    assessment = Assessment.objects.filter(pk=assessment_id).first()
    if assessment is None:
        return None
    questions = questions_analysed(assessment)
    sheets = sheets_of(assessment, questions)
    facts = {
        "learners": len(sheets),
        "alpha": stored_alpha(assessment, questions, sheets),
        "items": [stored_item(question, sheets) for question in questions],
    }
    row, _is_new = Analysis.objects.update_or_create(
        assessment=assessment,
        defaults={"computed_at": now, "facts": facts},
        create_defaults={"requested_at": now, "computed_at": now, "facts": facts},
    )
    return row


def stored_alpha(
    assessment: Assessment, questions: Sequence[Question], sheets: Sequence[Sheet]
) -> dict[str, Any] | None:
    """Of a review over those who answered all of it; of an exam over every settled paper."""
    if assessment.kind == Assessment.Kind.EXAM:
        found = alpha(sheets, sum(int(stratum["count"]) for stratum in assessment.draw))
    else:
        found = alpha([sheet for sheet in sheets if len(sheet) == len(questions)], len(questions))
    return None if found is None else {**asdict(found), "is_small": found.is_small}


def stored_item(question: Question, sheets: Sequence[Sheet]) -> dict[str, Any]:
    asked = [sheet for sheet in sheets if question.pk in sheet]
    about = {"question": question.pk, "corrections": len(read(question.corrections))}
    if not asked:
        return {**about, "asked": 0}
    item = analyse(question.pk, asked)
    return {**about, **plain(item), "unchosen": unchosen(question, item)}


def unchosen(question: Question, item: Item) -> list[str]:
    """Options of the newest version that nobody chose first; none for a type that does not choose one of several."""
    version = question.current
    assert version is not None
    kind, chosen = types.get(version.type), {choice.response for choice in item.choices}
    options = kind.options(version.body)
    try:
        every = [kind.parse(option["id"], version.body) for option in options] if isinstance(options, list) else []
    except Refusal:
        return []
    words = (kind.describe(version.body, response) for response in every)
    return [word for word in words if word not in chosen]


def plain(item: Item) -> dict[str, Any]:
    """As JSON; the number of attempts becomes text, as every name there is."""
    found = asdict(item) | {"is_small": item.is_small}
    found["choices"] = found["choices"][:MOST_CHOICES]
    found["attempts"] = {str(number): count for number, count in item.attempts.items()}
    return found
