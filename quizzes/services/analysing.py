"""The question analysis: requested here, computed by a worker, stored in a row with its time."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from foundation.one_by_one import one_by_one
from foundation.queue import wake
from people.selectors import learners_in
from questions import types
from quizzes.models import Analysis, Assessment, Question, Sitting
from quizzes.queue import COMPUTE_ANALYSIS
from quizzes.refusals import Refusal
from quizzes.rules.analysis import QuestionFigures, ResponseRow, alpha, analyze, analyze_variants
from quizzes.rules.corrections import read_corrections
from quizzes.selectors.response_matrix import questions_to_analyze, response_matrix

LASTS = timedelta(hours=24)
MOST_MEMBERS = 300  # of a group whose figures are computed while its page is loaded
MOST_CHOICES = 12  # of a question with free answers, only the most frequent are stored


@transaction.atomic
def request_analysis(*, assessment: Assessment, now: datetime) -> Analysis:
    """Ask a worker for new figures. The old ones stay until they arrive."""
    row, _is_new = Analysis.objects.update_or_create(assessment=assessment, defaults={"requested_at": now})
    wake(COMPUTE_ANALYSIS, assessment.pk)
    return row


def request_stale_analyses(*, now: datetime) -> int:
    """Ask for the figures of every assessment that were not requested within a day. Return how many."""
    fresh = Analysis.objects.filter(requested_at__gt=now - LASTS).values("assessment")
    begun = Exists(Sitting.objects.filter(assessment=OuterRef("pk")))
    assessments = list(Assessment.objects.filter(begun, is_retired=False).exclude(pk__in=fresh))
    with one_by_one() as alone:
        for assessment in assessments:
            with alone(f"analysis of {assessment.pk}"):
                request_analysis(assessment=assessment, now=now)
    return len(assessments)


def compute_analysis(*, assessment_id: str, now: datetime) -> Analysis | None:
    """Compute and store the figures from the current records. Return None if the assessment is gone.

    This takes no locks: records are only ever added, and the next computation includes the later ones.
    """
    assessment = Assessment.objects.filter(pk=assessment_id).first()
    if assessment is None:
        return None
    figures = analysis_figures(assessment)
    row, _is_new = Analysis.objects.update_or_create(
        assessment=assessment,
        defaults={"computed_at": now, "facts": figures},
        create_defaults={"requested_at": now, "computed_at": now, "facts": figures},
    )
    return row


def analysis_of_group(*, assessment: Assessment, group: str, now: datetime) -> Analysis:
    """Return the figures over the learners of one group, computed now and not stored.

    Raises Refusal group_too_large for a group whose figures would take too long.
    """
    members = list(learners_in(assessment.course_id, group=group).values_list("user", flat=True)[: MOST_MEMBERS + 1])
    if len(members) > MOST_MEMBERS:
        raise Refusal("group_too_large", most=MOST_MEMBERS)
    figures = analysis_figures(assessment, members)
    return Analysis(assessment=assessment, requested_at=now, computed_at=now, facts=figures)


def analysis_figures(assessment: Assessment, learners: Collection[int] | None = None) -> dict[str, object]:
    """Return the figures of an assessment as JSON, over everyone or these learners."""
    questions = questions_to_analyze(assessment)
    rows = response_matrix(assessment, questions, learners)
    return {
        "learners": len(rows),
        "alpha": alpha_as_json(assessment, questions, rows),
        "items": [item_as_json(question, rows) for question in questions],
    }


def alpha_as_json(
    assessment: Assessment, questions: Sequence[Question], rows: Sequence[ResponseRow]
) -> dict[str, object] | None:
    """Return alpha: of a review over the learners who answered all of it, of an exam over every settled paper."""
    if assessment.kind == Assessment.Kind.EXAM:
        reliability = alpha(rows, sum(int(stratum["count"]) for stratum in assessment.draw))
    else:
        reliability = alpha([row for row in rows if len(row) == len(questions)], len(questions))
    return None if reliability is None else {**asdict(reliability), "is_small": reliability.is_small}


def item_as_json(question: Question, rows: Sequence[ResponseRow]) -> dict[str, object]:
    """Return the figures of one question as JSON."""
    asked = [row for row in rows if question.pk in row]
    about: dict[str, object] = {"question": question.pk, "corrections": len(read_corrections(question.corrections))}
    if not asked:
        return {**about, "asked": 0}
    item = analyze(question.pk, asked)
    variants = [asdict(variant) for variant in analyze_variants(question.pk, asked)]
    about |= {"variants": variants} if variants else {}
    return {**about, **figures_as_json(item), "unchosen": [] if variants else options_not_chosen(question, item)}


def options_not_chosen(question: Question, item: QuestionFigures) -> list[str]:
    """Return the options of the newest version that were never a first choice. Empty for types without a single choice."""
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


def figures_as_json(item: QuestionFigures) -> dict[str, object]:
    """Return the figures as JSON; the number of attempts becomes text, because JSON keys are text."""
    figures = asdict(item) | {"is_small": item.is_small}
    figures["choices"] = figures["choices"][:MOST_CHOICES]
    figures["attempts"] = {str(number): count for number, count in item.attempts.items()}
    return figures
