"""A model of one learner's exam: what each action does, decided by the pure rules.

The review has two questions, of which the learner has answered the first right, and the exam has one. So a right response
in the exam passes the course with 75 %, and with 50 % nobody passes, whatever happens to the exam, once a regrade makes the
first response wrong. A worker then updates the score of the review.

The exam has a time limit, or none: then it never closes until an instructor sets its closing time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from course.rules.schedule import refuse_outside
from foundation.refusals import Refusal
from grading.rules.certifying import Held, certificate_step
from questions.rules.attempts import (
    Past,
    Replay,
    decide_attempt,
    decide_response_draft,
    draft_counts_at_end,
    refuse_final,
)
from quizzes.rules import timing

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMIT, MINUTES = timedelta(hours=1), timedelta(minutes=10)
ATTEMPTS = 2
RIGHT = "0.25"
CLOSING = START + LIMIT
TICK = timedelta(microseconds=1)
# The edges of a deadline, and the settlement of one that was extended once
INSTANTS = (
    START,
    START + LIMIT + timing.NETWORK_GRACE,
    START + LIMIT + timing.NETWORK_GRACE + TICK,
    START + LIMIT + timing.SETTLEMENT,
    START + LIMIT + MINUTES + timing.SETTLEMENT,
)


@dataclass(frozen=True)
class Made:
    """An attempt; `by` is learner or deadline."""

    response: str
    received_at: datetime
    by: str = "learner"


@dataclass(frozen=True)
class ModelSitting:
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None = None
    ended_by: str = ""
    is_void: bool = False
    draft: str | None = None
    saved_at: datetime | None = None
    revision: int = 0
    attempts: tuple[Made, ...] = ()
    keys: frozenset[str] = frozenset()
    is_untimed: bool = False

    @property
    def clock(self) -> timing.SittingClock:
        return timing.SittingClock(self.started_at, self.deadline_at, self.submitted_at, is_untimed=self.is_untimed)

    @property
    def used_until(self) -> datetime:
        instants = (self.started_at, self.saved_at, *(made.received_at for made in self.attempts))
        return max(filter(None, instants))

    @property
    def past(self) -> list[Past]:
        return [
            Past(place, made.response, made.response == RIGHT, ATTEMPTS) for place, made in enumerate(self.attempts, 1)
        ]

    @property
    def is_right(self) -> bool:
        return any(past.is_correct for past in self.past)


@dataclass(frozen=True)
class Tab:
    """What a page knows: the number of the sitting from 0, the revision, and the number of the next attempt."""

    sitting: int = -1
    revision: int = 0
    number: int = 1


@dataclass(frozen=True)
class ModelState:
    """Everything stored, what the tabs know, and the place of the clock in INSTANTS.

    `is_regraded`: the first question of the review has another key. `recorded` are the points of the review in the
    gradebook, and `waiting` is the number of regrades that the worker has not followed. `others` are the attempts at the
    review's second question, all of them wrong. `is_closing`: an instructor has set CLOSING as the closing time.
    """

    instant: int = 0
    sittings: tuple[ModelSitting, ...] = ()
    tabs: tuple[Tab, Tab] = (Tab(), Tab())
    held: Held = "none"
    is_regraded: bool = False
    recorded: int = 1
    waiting: int = 0
    others: int = 0
    is_untimed: bool = False
    is_closing: bool = False

    @property
    def closes_at(self) -> datetime | None:
        return CLOSING if self.is_closing else None

    @property
    def now(self) -> datetime:
        return INSTANTS[self.instant]

    @property
    def counted(self) -> int:
        """Return the number of the sitting that counts, or -1."""
        return next((place for place, each in enumerate(self.sittings) if not each.is_void), -1)

    @property
    def points(self) -> int:
        return int(self.counted >= 0 and self.sittings[self.counted].is_right)

    @property
    def review_points(self) -> int:
        return int(not self.is_regraded)

    @property
    def has_passed(self) -> bool:
        return self.points + self.recorded == 2

    def with_sitting(self, place: int, **changes: object) -> "ModelState":
        sittings = list(self.sittings)
        sittings[place] = replace(sittings[place], **changes)
        return replace(self, sittings=tuple(sittings))

    def with_tab(self, tab: int, **changes: object) -> "ModelState":
        tabs = list(self.tabs)
        tabs[tab] = replace(tabs[tab], **changes)
        return replace(self, tabs=(tabs[0], tabs[1]))

    def certified(self, *, may_revoke: bool = False) -> "ModelState":
        """Return the state after the certificate followed from the grade."""
        is_busy = any(not each.is_void and timing.is_open(each.clock, self.now) for each in self.sittings)
        step = certificate_step(
            has_passed=self.has_passed, held=self.held, may_revoke=may_revoke, has_open_sitting=is_busy
        )
        held: dict[str, Held] = {"": self.held, "issued": "valid", "restored": "valid", "revoked": "revoked"}
        return replace(self, held=held[step])


@dataclass(frozen=True)
class Step:
    """An action, with its arguments. `tab` is that of a learner's step."""

    action: str
    tab: int = 0
    response: str = ""


type Outcome = tuple[ModelState, str]  # the state afterwards, and "ok", a refusal's code, or "nothing" to act on


def take(state: ModelState, step: Step) -> Outcome:
    """Return what a step does."""
    try:
        return ACTIONS[step.action](state, step)
    except Refusal as refusal:
        after = state
        if refusal.code == "stale_draft":  # the page offers what is stored
            after = state.with_tab(step.tab, revision=refusal.facts["draft"]["revision"])
        return after, refusal.code


def start(state: ModelState, step: Step) -> Outcome:
    place = state.counted
    if place < 0:
        place = len(state.sittings)
        refuse_outside("assessment", opens_at=None, closes_at=state.closes_at, now=state.now)
        limit = None if state.is_untimed else LIMIT
        deadline = timing.deadline(started_at=state.now, limit=limit, multiplier=1, closes_at=state.closes_at)
        started = ModelSitting(state.now, deadline, is_untimed=state.is_untimed)
        state = replace(state, sittings=(*state.sittings, started)).certified()
    sitting = state.sittings[place]
    if not timing.accepts(sitting.clock, state.now):
        raise Refusal("sitting_over")
    number = len(sitting.attempts) + 1
    return state.with_tab(step.tab, sitting=place, revision=sitting.revision, number=number), "ok"


def running(state: ModelState) -> ModelSitting:
    if state.counted < 0:
        raise Refusal("sitting_not_started")
    return state.sittings[state.counted]


def save(state: ModelState, step: Step) -> Outcome:
    sitting = running(state)
    refuse_late(sitting, state.now)
    refuse_final(sitting.past)
    revision = decide_response_draft(
        stored_revision=sitting.revision,
        stored_response=sitting.draft,
        revision=state.tabs[step.tab].revision,
        response=step.response,
    )
    after = state.with_sitting(state.counted, draft=step.response, saved_at=state.now, revision=revision)
    return after.with_tab(step.tab, revision=revision), "ok"


def check(state: ModelState, step: Step) -> Outcome:
    sitting, number = running(state), state.tabs[step.tab].number
    if not any(past.number == number and past.response == step.response for past in sitting.past):
        refuse_late(sitting, state.now)
    decision = decide_attempt(past=sitting.past, number=number, response=step.response)
    after = state
    if not isinstance(decision, Replay):
        attempts = (*sitting.attempts, Made(step.response, state.now))
        consumed = {"draft": None, "saved_at": None, "revision": sitting.revision + 1}
        after = state.with_sitting(state.counted, attempts=attempts, **consumed).certified()
    return after.with_tab(step.tab, number=number + 1, revision=after.sittings[state.counted].revision), "ok"


def refuse_late(sitting: ModelSitting, now: datetime) -> None:
    if not timing.accepts(sitting.clock, now):
        raise Refusal("sitting_over")


def hand_in(state: ModelState, step: Step) -> Outcome:
    place = state.tabs[step.tab].sitting
    if place < 0:
        return state, "nothing"
    sitting = state.sittings[place]
    if sitting.submitted_at is not None:
        return state, "ok"
    if sitting.is_void or not timing.accepts(sitting.clock, state.now):
        raise Refusal("sitting_over")
    return settled(state, place, submitted_at=state.now, ended_by="learner"), "ok"


def settled(state: ModelState, place: int, *, submitted_at: datetime, ended_by: str) -> ModelState:
    """Grade the draft that is left, and close the sitting."""
    sitting = state.sittings[place]
    if draft_counts_at_end(past=sitting.past, draft_response=sitting.draft):
        assert sitting.draft is not None
        assert sitting.saved_at is not None
        made = Made(sitting.draft, sitting.saved_at, "deadline")
        consumed = {"draft": None, "saved_at": None, "revision": sitting.revision + 1}
        state = state.with_sitting(place, attempts=(*sitting.attempts, made), **consumed)
    return state.with_sitting(place, submitted_at=submitted_at, ended_by=ended_by).certified()


def sweep(state: ModelState, _: Step) -> Outcome:
    sitting = state.sittings[state.counted] if state.counted >= 0 else None
    if sitting is not None and sitting.submitted_at is None and timing.is_settled(sitting.clock, state.now):
        state = settled(state, state.counted, submitted_at=sitting.deadline_at, ended_by="deadline")
    return state, "ok"


def extend(state: ModelState, step: Step) -> Outcome:
    """Add minutes to the newest sitting, once for each key, which is the step's response."""
    if not state.sittings:
        return state, "nothing"
    sitting, place = state.sittings[-1], len(state.sittings) - 1
    if sitting.is_untimed:
        raise Refusal("no_time_limit")
    if step.response in sitting.keys:
        return state, "ok"
    if sitting.is_void or timing.is_settled(sitting.clock, state.now):
        raise Refusal("sitting_settled")
    keys = sitting.keys | {step.response}
    return state.with_sitting(place, deadline_at=sitting.deadline_at + MINUTES, keys=keys), "ok"


def close(state: ModelState, _: Step) -> Outcome:
    """Set the closing time of the exam, and let running sittings without a time limit follow."""
    after = replace(state, is_closing=True)
    for place, sitting in enumerate(state.sittings):
        ends_at = timing.deadline_after_closing(
            sitting.clock, closes_at=CLOSING, used_until=max(state.now, sitting.used_until)
        )
        if ends_at is not None and not sitting.is_void and timing.is_open(sitting.clock, state.now):
            after = after.with_sitting(place, deadline_at=ends_at)
    return after, "ok"


def void(state: ModelState, _: Step) -> Outcome:
    """Void the newest sitting."""
    if not state.sittings:
        return state, "nothing"
    if state.sittings[-1].is_void:
        raise Refusal("already_void")
    return state.with_sitting(len(state.sittings) - 1, is_void=True).certified(may_revoke=True), "ok"


def undo_void(state: ModelState, _: Step) -> Outcome:
    """Make the oldest sitting count again."""
    if not state.sittings:
        return state, "nothing"
    if not state.sittings[0].is_void:
        raise Refusal("nothing_to_undo")
    if state.counted >= 0:
        raise Refusal("sitting_replaced")
    return state.with_sitting(0, is_void=False).certified(may_revoke=True), "ok"


def answer_review(state: ModelState, _: Step) -> Outcome:
    """Answer the second question of the review wrong. That brings the score of the whole review up to date."""
    return replace(state, others=state.others + 1, recorded=state.review_points).certified(), "ok"


def regrade(state: ModelState, _: Step) -> Outcome:
    return replace(state, is_regraded=True, waiting=state.waiting + 1), "ok"


def undo_regrade(state: ModelState, _: Step) -> Outcome:
    return replace(state, is_regraded=False, waiting=state.waiting + 1), "ok"


def follow(state: ModelState, _: Step) -> Outcome:
    """Let the worker follow every regrade that waits."""
    if not state.waiting:
        return state, "ok"
    after = replace(state, waiting=0, recorded=state.review_points)
    has_moved = after.recorded != state.recorded
    return after.certified(may_revoke=True) if has_moved or not after.has_passed else after, "ok"


def wait(state: ModelState, step: Step) -> Outcome:
    """Go on to the next instant, or further if the response is a number."""
    return replace(state, instant=state.instant + int(step.response or 1)), "ok"


ACTIONS: dict[str, Callable[[ModelState, Step], Outcome]] = {
    "start": start, "save": save, "check": check, "hand in": hand_in, "sweep": sweep,
    "extend": extend, "close": close, "void": void, "undo void": undo_void, "wait": wait,
    "answer review": answer_review, "regrade": regrade, "undo regrade": undo_regrade, "follow": follow,
}  # fmt: skip
