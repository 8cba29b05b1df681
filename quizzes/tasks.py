"""Tasks of the worker: scores after a regrade, the figures of the question analysis, and the overviews of large courses."""

from celery import shared_task

from foundation import clock
from quizzes.queue import COMPUTE_ANALYSIS, COMPUTE_OVERVIEW, RESCORE_AFTER_REGRADE
from quizzes.services import compute_analysis, compute_overview, rescore_after_regrade


@shared_task(name=RESCORE_AFTER_REGRADE)  # delivered twice, it finds nothing left to do
def rescore_after_regrade_task(rescoring_id: int) -> None:
    rescore_after_regrade(rescoring_id=rescoring_id, clock=clock.now)


@shared_task(name=COMPUTE_ANALYSIS)  # delivered twice, it repeats the same computation
def compute_analysis_task(assessment_id: str) -> None:
    compute_analysis(assessment_id=assessment_id, now=clock.now())


@shared_task(name=COMPUTE_OVERVIEW)  # delivered twice, it repeats the same computation
def compute_overview_task(course_id: int) -> None:
    compute_overview(course_id=course_id, now=clock.now())
