"""A question as one learner may see it, and what decides how it looks."""

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

from foundation.fast.moving import Ranks
from grading.rules.lateness import WHOLE, share_of
from questions import types
from quizzes.models import Attempt, QuestionVersion
from quizzes.rules.disclosure import DisclosurePolicy
from quizzes.rules.teaching import TaughtSection
from quizzes.selectors.feedback import Feedback, NamedMistake
from quizzes.selectors.shown_orders import shown_body


class CardFrame(NamedTuple):
    """The parts of a card around its prompt, its controls and its explanation. Many cards have equal frames.

    A frame holds no response and no key. Outside of those three, a page shows nothing of a card but its frame
    (`quizzes.looks`). `attempts` is their number.
    """

    type_name: str
    points: Decimal
    percent: int
    attempts: int
    attempts_limit: int
    attempts_left: int
    is_final: bool
    is_correct: bool | None
    accepts_answers: bool
    has_unchecked_draft: bool
    problem: str
    button: str | None
    is_verdict_shown: bool
    state: str
    outcome: str
    correction: str
    disclosure: DisclosurePolicy
    feedback: bool
    is_explained: bool

    @property
    def next_number(self) -> int:
        return self.attempts + 1

    @property
    def points_earned(self) -> Decimal:
        return share_of(self.points, self.percent) if self.is_correct else Decimal(0)

    @property
    def deduction(self) -> int:
        return WHOLE - self.percent


@dataclass(frozen=True)
class Card:
    """One question as one learner may see it. `draft` is {response, revision}, or None before the first save or Check.

    `percent` is how much of its points the right attempt counts, less than 100 if it was late (D34). `is_verdict_shown`:
    the learner may know whether the responses are right (D33). If not, no other field depends on that. `order` is the
    number by which the sitting shuffles the options (D40), None in the order of the file and where nothing is shuffled.
    """

    question_id: str
    position: int
    version: QuestionVersion
    points: Decimal
    attempts: tuple[Attempt, ...]
    attempts_limit: int
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
    disclosure: DisclosurePolicy
    correction: str = ""
    percent: int = WHOLE
    is_verdict_shown: bool = True
    near_misses: tuple[NamedMistake, ...] = ()
    read_again: TaughtSection | None = None
    order: int | None = None

    @cached_property
    def type(self) -> types.QuestionType:
        return types.get(self.version.type)

    @cached_property
    def body(self) -> dict[str, Any]:
        """Return the body in the order in which the learner sees it."""
        return self.version.body if self.order is None else shown_body(self.version, self.order)

    def in_order(self, order: int | None) -> "Card":
        """Return the card with its options in the order of a sitting (D40).

        The two cards share what does not depend on the order, so it is computed once for all learners.
        """
        if order is None or not self.type.is_shuffled:
            return self
        _shared = self.frame, self.cell_look, self.is_movable and self.look
        card = object.__new__(Card)
        vars(card).update(vars(self), order=order)
        for name in ("body", "ranks", *(() if self.is_movable else ("look",))):
            vars(card).pop(name, None)
        return card

    @cached_property
    def is_movable(self) -> bool:
        """Return whether the look of the card leaves the order of its options to `ranks`: nobody has answered it yet."""
        return (
            self.accepts_answers and not self.attempts and self.response is None and self.type.moves(self.version.body)
        )

    @property
    def item_ids(self) -> list[str]:
        """Return the ids of options, pairs or items in the order in which the learner sees them."""
        return [item["id"] for items in self.body.values() if isinstance(items, list) for item in items]

    @cached_property
    def ranks(self) -> Ranks | None:
        """Return the place of each movable part of the card, None if its look names their order."""
        return Ranks({item: rank for rank, item in enumerate(self.item_ids)}) if self.is_movable else None

    @property
    def type_name(self) -> str:
        return self.version.type

    @property
    def is_explained(self) -> bool:
        """Return whether the card shows an explanation."""
        return self.feedback is not None and bool(self.feedback.explanation_html)

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
        """Return the response that the controls show: the draft, or else the last checked one."""
        if self.draft and self.draft["response"] is not None:
            return self.draft["response"]
        return self.attempts[-1].response if self.attempts else None

    @cached_property
    def has_unchecked_draft(self) -> bool:
        return self.draft is not None and self.draft["response"] is not None

    @cached_property
    def problem(self) -> str:
        """Return in words why the draft would not be graded as it is (D8), and "" for one that would be, or without a draft."""
        if not self.has_unchecked_draft:
            return ""
        return self.type.problem_of(self.response, self.version.body)

    @cached_property
    def state(self) -> Literal["unseen", "seen", "saved", "checked"]:
        """Return how far the learner is with the question; `saved` means a draft that was not checked."""
        if self.has_unchecked_draft:
            return "saved"
        return "checked" if self.attempts else "seen" if self.is_seen else "unseen"

    @cached_property
    def outcome(self) -> Literal["", "right", "wrong", "again"]:
        """Return the verdict so far, "" without one; `again` is wrong with an attempt left."""
        if self.is_correct is not False:
            return "right" if self.is_correct else ""
        return "again" if self.accepts_answers else "wrong"

    @cached_property
    def standing(self) -> str:
        """Return the mark of the question in a navigator: the outcome, or whether a response waits for a Check.

        It is `unreadable` if that response would not be graded as it is.
        """
        if self.has_unchecked_draft:
            return "unreadable" if self.problem else self.state
        return self.outcome or self.state

    @property
    def tried(self) -> list[object]:
        """Return the wrong responses of a question that is still open."""
        return [attempt.response for attempt in self.attempts] if self.accepts_answers else []

    @property
    def points_earned(self) -> Decimal:
        return share_of(self.points, self.percent) if self.is_correct else Decimal(0)

    @property
    def deduction(self) -> int:
        """Return how many percent of the points the right attempt lost because it was late."""
        return WHOLE - self.percent

    @cached_property
    def look(self) -> tuple[Hashable, ...]:
        """Return everything that decides how the card looks besides its `ranks`, as a key for its rendered HTML."""
        key = self.feedback and (self.feedback.key, self.feedback.key_text, bool(self.feedback.explanation_html))
        order = None if self.order is None or self.is_movable else self.item_ids
        shown = (self.response, self.tried, key, self.near_misses, self.read_again, order)
        return (
            self.version.pk,
            self.position,
            str(self.points),
            len(self.attempts),
            self.attempts_left,
            (self.is_final, self.is_correct, self.accepts_answers, self.has_unchecked_draft, self.is_flagged),
            (self.button, self.is_verdict_shown),
            self.state,
            self.revision,
            self.correction,
            self.percent,
            self.disclosure,
            json.dumps(shown, sort_keys=True, default=str),
        )

    @cached_property
    def frame(self) -> CardFrame:
        return CardFrame(
            type_name=self.version.type,
            points=self.points,
            percent=self.percent,
            attempts=len(self.attempts),
            attempts_limit=self.attempts_limit,
            attempts_left=self.attempts_left,
            is_final=self.is_final,
            is_correct=self.is_correct,
            accepts_answers=self.accepts_answers,
            has_unchecked_draft=self.has_unchecked_draft,
            problem=self.problem if self.has_unchecked_draft else "",
            button=self.button,
            is_verdict_shown=self.is_verdict_shown,
            state=self.state,
            outcome=self.outcome,
            correction=self.correction,
            disclosure=self.disclosure,
            feedback=self.feedback is not None,
            is_explained=self.is_explained,
        )

    @cached_property
    def cell_look(self) -> tuple[Hashable, ...]:
        """Return everything that decides how the question's cell in a navigator looks, as a key for its rendered HTML."""
        shown = (self.position, self.state, self.standing, self.outcome, self.accepts_answers, self.is_flagged)
        return (self.question_id, *shown)

    def context(self) -> dict[str, object]:
        """Return the context for the type's templates, without a key until it may be shown."""
        return self.type.context(self.body, self.response, self.feedback.key if self.feedback else None)
