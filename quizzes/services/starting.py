"""Start an exam: draw the paper, pin it and set its deadline, once (D5, D14, D24, D27, D38, D40, D43)."""

import secrets
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from course.selectors import snapshot_at
from grading.services import Cause, GradeAction
from people.access import access_from, refuse_archived, refuse_unless_learner
from people.services import Learner, lock_enrollment
from questions.rules.shuffling import EXAM_ORDERS
from quizzes.models import Assessment, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.corrections import is_void, read_corrections
from quizzes.rules.draw import Drawn, PoolQuestion, Stratum, StratumShort, draw
from quizzes.rules.objectives import ObjectiveRules, ObjectivesUnmet, draw_by_objectives
from quizzes.rules.scoring import ScoredQuestion
from quizzes.rules.timing import accepts, accepts_until, deadline
from quizzes.rules.variants import drawn_variant
from quizzes.selectors.own_records import records_before_start
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions, dates_of_learner
from quizzes.selectors.scored_questions import scored_on_paper
from quizzes.services.asked_questions import STORE_ROW, STORE_SITTING, refuse_closed
from quizzes.services.scoring import rescore_sitting


@transaction.atomic
def start_sitting(*, learner: Learner, assessment: Assessment, now: datetime) -> tuple[Sitting, bool]:
    """Start the exam at `now`, or resume the running sitting. Return the sitting, and True if it was started now.

    Raises Refusal not_an_exam, not_found, not_enrolled, preview_only, sitting_over, course_archived, and the refusals of
    dates, of the course, the module and the exam.
    """
    enrollment = lock_enrollment(learner_id=learner.pk, course_id=assessment.course_id)
    # The first statement under the lock reads the revision, so whatever was published before the lock is drawn from.
    records = records_before_start(learner.pk, assessment.pk)
    content = snapshot_at(assessment.course_id, records.revision)[QUESTIONS]
    if assessment.pk not in content.assessments:
        raise Refusal("not_found")
    assessment = content.assessments[assessment.pk]  # the caller's may have been read before the lock
    visibility = assessment.course.visibility
    refuse_unless_learner(access_from(enrollment, visibility=visibility, person=learner))
    refuse_archived(assessment.course)
    refuse_review(assessment)
    if records.sitting is not None:
        records.sitting.assessment = assessment
        if not accepts(records.sitting.clock, now):
            raise Refusal("sitting_over")
        return records.sitting, False
    refuse_closed(assessment, learner.pk, now)
    sitting = new_sitting(learner.pk, assessment, records.multiplier, now)
    questions = pin_paper(sitting, content)
    rescore_sitting(sitting=sitting, attempts=[], questions=questions, action=GradeAction(Cause.START, now))
    return sitting, True


def refuse_review(assessment: Assessment) -> None:
    """Raise Refusal not_an_exam for review questions, which have no start."""
    if assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")


def new_sitting(learner_id: int, assessment: Assessment, multiplier: Decimal, now: datetime) -> Sitting:
    """Store a sitting with the seed of its paper, its order of options, and its deadline."""
    ends_at = deadline(
        started_at=now,
        limit=assessment.time_limit,
        multiplier=multiplier,
        closes_at=dates_of_learner(assessment, learner_id).closes_at,
    )
    seed = secrets.token_hex(16)
    sitting = Sitting(
        assessment=assessment,
        learner_id=learner_id,
        seed=seed,
        started_at=now,
        deadline_at=ends_at,
        accepts_until=accepts_until(ends_at),
        is_untimed=assessment.time_limit is None,
        option_order=int(seed, 16) % EXAM_ORDERS,
    )
    STORE_SITTING(sitting)
    return sitting


def pin_paper(sitting: Sitting, content: PublishedQuestions) -> list[ScoredQuestion]:
    """Draw the paper and store its questions with their versions, points and order, which no later publication changes.

    Return the questions that may count.
    """
    paper = paper_for(sitting.assessment, content, sitting.seed)
    versions = {drawn.id: pinned_version(content.questions[drawn.id], sitting.seed) for drawn in paper}
    rows = [
        SittingQuestion(
            sitting_id=sitting.pk,
            question_id=drawn.id,
            version_id=versions[drawn.id],
            position=position,
            points=drawn.points,
        )
        for position, drawn in enumerate(paper, start=1)
    ]
    STORE_ROW(*rows)
    return [scored_on_paper(drawn.id, drawn.points, content.questions[drawn.id].corrections) for drawn in paper]


def paper_for(assessment: Assessment, content: PublishedQuestions, seed: str) -> list[Drawn]:
    """Return the paper of an exam that belongs to a seed."""
    rules = ObjectiveRules.of(assessment.objectives) if assessment.objectives else None
    return draw_paper(pool_of(assessment, content), strata_of(assessment), seed, rules)


def pinned_version(question: Question, seed: str) -> int:
    """Return the id of the version of a pool question that the paper with this seed pins: one of its variants (D43)."""
    if question.variants:
        return question.variants[drawn_variant(seed, question.pk, len(question.variants))]
    assert question.current is not None
    return question.current.pk


def version_of(question: Question) -> QuestionVersion:
    """Return the newest version of a pool question. All of its variants have the same difficulty and objective."""
    assert question.current is not None
    return question.current


def draw_paper(
    pool: list[Question], strata: list[Stratum], seed: str, rules: ObjectiveRules | None = None
) -> list[Drawn]:
    """Draw a paper without the questions that a regrade voided.

    If too few others remain, give up the rules about objectives, and then draw from all questions, so that no start
    fails because of a regrade.
    """
    sound = [pool_question(question) for question in pool if not is_void(read_corrections(question.corrections))]
    try:
        return draw_by_objectives(strata, sound, seed, rules) if rules else draw(strata, sound, seed)
    except (StratumShort, ObjectivesUnmet):
        pass
    try:
        return draw(strata, sound, seed)
    except StratumShort:
        return draw(strata, [pool_question(question) for question in pool], seed)


def pool_of(assessment: Assessment, content: PublishedQuestions) -> list[Question]:
    """Return the exam's pool: its published questions that are not retired."""
    return [question for question in content.asked.get(assessment.pk, ()) if not question.is_retired]


def pool_question(question: Question) -> PoolQuestion:
    """Return a question of the pool as `draw` reads it."""
    version = version_of(question)
    return PoolQuestion(question.pk, question.module_key, version.difficulty, version.objective, version.points)


def stored_points(worth: object) -> Decimal:
    """Return points with the decimals that the column has, so that a score is the same from memory and from the row."""
    return Decimal(str(worth)).quantize(Decimal("0.01"))


def strata_of(assessment: Assessment) -> list[Stratum]:
    """Return the strata of an exam's paper, as its text states them."""
    return [
        Stratum(
            stratum["module"],
            stratum["difficulty"],
            stratum["count"],
            stored_points(stratum.get("points", 1)),
            "is_whole" in stratum,
        )
        for stratum in assessment.draw
    ]
