"""The worker's part: scores that follow a regrade, and the figures of the question analysis."""

from celery import shared_task
from django.utils import timezone

from quizzes.queue import COMPUTE_ANALYSIS, FOLLOW_REGRADE
from quizzes.services import compute_analysis, follow_regrade


@shared_task(name=FOLLOW_REGRADE)  # delivered twice, it finds nothing left to do
def follow(rescoring_id: int) -> None:
    follow_regrade(rescoring_id=rescoring_id, clock=timezone.now)


@shared_task(name=COMPUTE_ANALYSIS)  # delivered twice, it computes the same once more
def compute_analysis_of(assessment_id: str) -> None:
    compute_analysis(assessment_id=assessment_id, now=timezone.now())
