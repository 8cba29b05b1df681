"""A review or an exam paper as its learner may see it at one instant: four statements at most."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from quizzes import types
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Sitting, SittingExtension, SittingQuestion
from quizzes.rules.attempts import Past, attempts_left, button
from quizzes.rules.corrections import Correction, is_credited, is_gone, is_void
from quizzes.rules.disclosure import may_show_key
from quizzes.rules.timing import Clock, accepts, is_time_up
from quizzes.selectors.outcomes import corrections_of, past_from, shown_key


@dataclass(frozen=True)
class Feedback:
    """What is shown once a key may be: `key` is the secret part, for templates; words for everyone else."""

    key: dict[str, Any]
    key_text: str
    explanation_html: str


@dataclass(frozen=True)
class Card:
    """One question for one learner. `draft` is {response, revision} or None before the first save or Check."""

    question_id: str
    position: int
    version: QuestionVersion
    points: Decimal
    attempts: tuple[Attempt, ...]
    attempts_left: int
    is_final: bool
    is_correct: bool | None
    button: str | None
    draft: dict[str, Any] | None
    saved_at: datetime | None
    is_flagged: bool
    is_seen: bool
    accepts_answers: bool
    feedback: Feedback | None
    correction: str = ""

    @property
    def type(self) -> types.QuestionType:
        return types.get(self.version.type)

    @property
    def attempts_used(self) -> int:
        return len(self.attempts)

    @property
    def next_number(self) -> int:
        return len(self.attempts) + 1

    @property
    def revision(self) -> int:
        return self.draft["revision"] if self.draft else 0

    @property
    def response(self) -> Any:
        """What the controls show: the draft, else the last checked response."""
        if self.draft and self.draft["response"] is not None:
            return self.draft["response"]
        return self.attempts[-1].response if self.attempts else None

    @property
    def has_unchecked_draft(self) -> bool:
        return bool(self.draft) and self.draft["response"] is not None  # type: ignore[index]  # bool() narrowed it

    @property
    def standing(self) -> Literal["unseen", "seen", "saved", "checked"]:
        """Where the learner is with it; `saved` has a draft that no Check has consumed."""
        if self.has_unchecked_draft:
            return "saved"
        if self.attempts:
            return "checked"
        return "seen" if self.is_seen else "unseen"

    @property
    def points_earned(self) -> Decimal:
        return self.points if self.is_correct else Decimal(0)

    def context(self) -> dict[str, Any]:
        """For the type's templates; without a key until it may be shown."""
        return self.type.context(self.version.body, self.response, self.feedback.key if self.feedback else None)


@dataclass(frozen=True)
class Paper:
    """An assessment's questions for one learner; empty for an exam that was not started."""

    assessment: Assessment
    sitting: Sitting | None
    cards: tuple[Card, ...]
    is_open: bool
    is_time_up: bool
    is_settled: bool

    def card(self, question_id: str) -> Card | None:
        return next((card for card in self.cards if card.question_id == question_id), None)


def paper(*, assessment: Assessment, learner_id: int | None, now: datetime) -> Paper:
    """The paper of a learner (None: a visitor's or staff's preview, without any state) at `now`."""
    is_exam = assessment.kind == Assessment.Kind.EXAM
    sittings = Sitting.objects.filter(assessment=assessment, learner_id=learner_id, is_void=False)
    sitting = (with_added(sittings) if is_exam else sittings).first()
    clock = Clock(sitting.started_at, sitting.deadline_at, sitting.submitted_at) if sitting else None
    # Not the clock's word but the record's: whatever settles takes the learner's lock and closes the sitting, so a
    # request that came in time and was held up since can no longer spend an attempt on a key that is shown here.
    settled = is_exam and sitting is not None and sitting.settled_at is not None
    is_open = accepts(clock, now) if clock else not is_exam
    rows = rows_of(sitting)
    attempts = attempts_of(sitting)
    asked = exam_questions(rows) if is_exam else review_list(assessment, rows, attempts)
    cards = tuple(
        card(
            assessment.kind,
            question,
            position,
            rows.get(question.pk),
            attempts.get(question.pk, []),
            is_settled=settled,
            is_open=is_open and (is_exam or not question.is_retired),
        )
        for position, question in enumerate(asked, start=1)
    )
    return Paper(assessment, sitting, cards, is_open, clock is not None and is_time_up(clock, now), settled)


def with_added(sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """With the minutes that an instructor added (`added`, None for none)."""
    given = SittingExtension.objects.filter(sitting=OuterRef("pk"))
    total = given.order_by().values("sitting").annotate(total=Sum("minutes")).values("total")
    return sittings.annotate(added=Subquery(total))


def rows_of(sitting: Sitting | None) -> dict[str, SittingQuestion]:
    if sitting is None:
        return {}
    rows = SittingQuestion.objects.filter(sitting=sitting).select_related("version", "question__current")
    return {row.question_id: row for row in rows.order_by("position")}


def attempts_of(sitting: Sitting | None) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    if sitting is not None:
        attempts = Attempt.objects.filter(sitting=sitting).select_related("version", "question")
        for attempt in attempts.order_by("number"):
            found.setdefault(attempt.question_id, []).append(attempt)
    return found


def exam_questions(rows: dict[str, SittingQuestion]) -> list[Question]:
    return [row.question for row in rows.values()]


def review_list(
    assessment: Assessment, rows: dict[str, SittingQuestion], attempts: dict[str, list[Attempt]]
) -> list[Question]:
    """A review's questions; one that was removed stays in sight of those who answered it."""
    questions = Question.objects.filter(assessment=assessment, current__isnull=False).select_related("current")
    return [found for found in questions.order_by("position") if not found.is_retired or found.pk in attempts]


def card(
    kind: str,
    question: Question,
    position: int,
    row: SittingQuestion | None,
    attempts: list[Attempt],
    *,
    is_settled: bool,
    is_open: bool,
) -> Card:
    version = (row and row.version) or question.current
    assert version is not None
    corrections = corrections_of(question)
    past = [past_from(attempt, corrections) for attempt in attempts]
    left = attempts_left(version.attempts_limit, past)
    is_final = left == 0 or is_settled
    shows_key = may_show_key(kind=kind, is_final=left == 0, is_settled=is_settled)
    return Card(
        question_id=question.pk,
        position=position,
        version=version,
        points=row.points if row and row.version_id else version.points,
        attempts=tuple(attempts),
        attempts_left=left,
        is_final=is_final,
        is_correct=verdict_on(past, corrections),
        button=button(version.attempts_limit, past) if is_open else None,
        draft={"response": row.draft, "revision": row.revision} if row and row.revision else None,
        saved_at=row.saved_at if row else None,
        is_flagged=bool(row and row.is_flagged),
        is_seen=bool(row and row.is_seen),
        accepts_answers=is_open and left > 0,
        feedback=feedback(version, corrections) if shows_key else None,
        correction=standing_of(corrections) if shows_key else "",
    )


def verdict_on(past: list[Past], corrections: tuple[Correction, ...]) -> bool | None:
    """None for a question that was not answered, and that nobody is given the points of."""
    if is_credited(corrections):
        return True
    return any(attempt.is_correct for attempt in past) if past else None


def standing_of(corrections: tuple[Correction, ...]) -> Literal["", "corrected", "credit", "void", "gone"]:
    """What regrades have made of a question, for its page."""
    if is_gone(corrections):
        return "gone"
    if is_void(corrections):
        return "void"
    if is_credited(corrections):
        return "credit"
    return "corrected" if corrections else ""


def checked_card(*, kind: str, question: Question, row: SittingQuestion, attempts: tuple[Attempt, ...]) -> Card:
    """The card right after a Check, of what the service had in its hands: no statement."""
    return card(kind, question, row.position, row, list(attempts), is_settled=False, is_open=True)


def feedback(version: QuestionVersion, corrections: tuple[Correction, ...] = ()) -> Feedback:
    key, key_text = shown_key(version, corrections)
    return Feedback(key, key_text, version.explanation_html)
