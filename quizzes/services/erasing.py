"""What assessments forget of an erased person: what they typed, and what instructors wrote about them."""

import json
from datetime import datetime

from django.db import transaction

from quizzes.models import (
    Analysis,
    Attempt,
    ExtraAttemptsNote,
    FullHolder,
    QuestionReport,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingQuestion,
    Void,
)
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts
from quizzes.selectors.outcomes import is_attempt_right
from quizzes.services.analysing import request_analysis
from quizzes.services.settling import settle_due, settle_sitting
from quizzes.services.ungraded import settle_every_ungraded

TYPED = ("text",)  # types whose response is whatever the learner typed; other responses identify nobody
NOTHING = ""  # a response that such a type marks as incorrect


def settle_before_erasure(*, learner_id: int, now: datetime) -> list[Sitting]:
    """Settle the learner's expired sittings. Return the exams without a time limit that are still to be handed in.

    Raises Refusal exam_open while another exam runs, or while one waits for its settlement, because its drafts still count.
    """
    settle_due(now=now, learner_id=learner_id)
    running = Sitting.objects.filter(learner=learner_id).all_open_at(now).select_related("assessment")
    sittings = list(running.order_by("pk"))
    if not all(sitting.is_untimed and accepts(sitting.clock, now) for sitting in sittings):
        raise Refusal("exam_open")
    return sittings


def hand_in_before_erasure(*, learner_id: int, now: datetime) -> None:
    """Settle everything that the learner sits: exams without a time limit are handed in, because they may have no end (D36).
    Rehearsals and test runs end, too.

    Call it under the locks of all the learner's enrollments. Raises Refusal exam_open like `settle_before_erasure`.
    """
    for sitting in settle_before_erasure(learner_id=learner_id, now=now):
        settle_sitting(sitting, submitted_at=now, ended_by=Sitting.Ending.LEARNER, now=now)
    settle_every_ungraded(person_id=learner_id, now=now)


@transaction.atomic
def erase_texts(*, learner_id: int, now: datetime) -> list[str]:
    """Blank a learner's drafts, reports and typed responses, and the reasons about their sittings.

    Points and outcomes stay. Return the targets under which the audit knows the learner's sittings and reports.

    Call it between `portal.rights.services.begin_erasure` and `erase_person`: at any other time the database refuses.
    """
    sittings = list(Sitting.every.filter(learner=learner_id).values_list("pk", flat=True))
    reports = QuestionReport.objects.filter(learner=learner_id)
    SittingQuestion.objects.filter(sitting__in=sittings).exclude(draft__isnull=True).update(draft=None)
    SittingExtension.objects.filter(sitting__in=sittings).exclude(reason="").update(reason="")
    SittingPause.objects.filter(sitting__in=sittings).exclude(reason="").update(reason="")
    ExtraAttemptsNote.objects.filter(given__learner=learner_id).delete()
    FullHolder.objects.filter(person=learner_id).delete()
    Void.objects.filter(sitting__in=sittings).exclude(reason="").update(reason="")
    _erase_typed_responses(sittings, now)
    reports.filter(closed_at=None).update(closed_at=now)
    reports.update(text="", response=None, answer="")
    reported = [f"report:{pk}" for pk in reports.values_list("pk", flat=True)]
    return [*(f"sitting:{pk}" for pk in sittings), *reported]


def _erase_typed_responses(sittings: list[str], now: datetime) -> None:
    """Blank the responses that people typed, except those by which an attempt counts as correct: they repeat the key."""
    rows = Attempt.objects.filter(sitting__in=sittings, is_correct=False, version__type__in=TYPED)
    texts: dict[str, set[str]] = {}
    for attempt in rows.select_related("version", "question").order_by("pk"):
        response, before = attempt.response, is_attempt_right(attempt)
        attempt.response = NOTHING
        if response != NOTHING and is_attempt_right(attempt) is before:
            Attempt.objects.filter(pk=attempt.pk).update(response=NOTHING)
            texts.setdefault(attempt.question.assessment_id, set()).add(str(response))
    for analysis in Analysis.objects.filter(assessment__in=texts).select_related("assessment"):
        stored = json.dumps(analysis.facts, ensure_ascii=False)
        if any(json.dumps(text, ensure_ascii=False) in stored for text in texts[analysis.assessment_id]):
            Analysis.objects.filter(pk=analysis.pk).update(facts={}, computed_at=None)
            request_analysis(assessment=analysis.assessment, now=now)
