"""The stage of an assessment for one learner, which decides when keys and explanations are shown (D33)."""

from datetime import datetime

from people.selectors import latest_closing
from quizzes.models import Assessment, Sitting
from quizzes.rules.disclosure import DisclosureStage, may_read_reply
from quizzes.rules.timing import settles_at
from quizzes.selectors.published_questions import dates_of_learner


def review_stage(assessment: Assessment, closes_at: datetime | None, now: datetime) -> DisclosureStage:
    """Return the stage of a learner's review questions, which close for this learner at `closes_at`.

    They end 30 seconds after their closing, as an exam does after its deadline: a response that arrived in time is stored
    by then. Runs queries only where `ended_stage` does.
    """
    policy = assessment.disclosure
    if policy.key == policy.explanation == "final" or closes_at is None or now < settles_at(closes_at):
        return assessment.unended_stage
    return ended_stage(assessment, now)


def ended_stage(assessment: Assessment, now: datetime) -> DisclosureStage:
    """Return a learner's stage once the assessment has ended for them. Runs two queries if it waits for closing."""
    policy = assessment.disclosure
    is_closed = "closed" in policy and has_closed_for_all(assessment, now)
    return DisclosureStage(is_ended=True, is_closed=is_closed, is_released=assessment.released_at is not None)


def has_closed_for_all(assessment: Assessment, now: datetime) -> bool:
    """Return whether the assessment has closed for everyone, including learners with other dates or a running exam."""
    closes_at = assessment.dates.closes_at
    if closes_at is None or now < settles_at(closes_at):
        return False
    latest = latest_closing(assessment.dates, course_id=assessment.course_id, activity=assessment.pk)
    if latest is None or now < settles_at(latest):
        return False
    return not Sitting.objects.filter(assessment=assessment).all_open_at(now).exists()


def may_learner_read_reply(assessment: Assessment, learner_id: int, *, is_settled: bool, now: datetime) -> bool:
    """Return whether a learner may read the reply to a report; `is_settled`: their exam is recorded as settled."""
    stage = assessment.unended_stage
    if is_settled:
        stage = ended_stage(assessment, now)
    elif assessment.kind == Assessment.Kind.REVIEW and assessment.disclosure.key in ("end", "closed"):
        stage = review_stage(assessment, dates_of_learner(assessment, learner_id).closes_at, now)
    return may_read_reply(assessment.disclosure, kind=assessment.kind, stage=stage)
