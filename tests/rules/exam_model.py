"""A model of one learner's exam: what each action does, decided by the pure rules, and every order of several people's actions.

The learner has passed the review, and the exam has one question with two attempts. So a right response in the exam passes
the course. Two tabs, the sweeper, an instructor and the clock each have a list of steps. `explore` tries the steps in
every order, and remembers states that several orders reach.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from foundation.refusals import Refusal
from grading.rules.certifying import Held, certificate_step
from quizzes.rules import timing
from quizzes.rules.attempts import Past, Replay, decide_attempt, decide_response_draft, draft_counts_at_end, is_final

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMIT, MINUTES = timedelta(hours=1), timedelta(minutes=10)
ATTEMPTS = 2
RIGHT = "0.25"
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

    @property
    def clock(self) -> timing.SittingClock:
        return timing.SittingClock(self.started_at, self.deadline_at, self.submitted_at)

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
    """Everything stored, what the tabs know, and the place of the clock in INSTANTS."""

    instant: int = 0
    sittings: tuple[ModelSitting, ...] = ()
    tabs: tuple[Tab, Tab] = (Tab(), Tab())
    held: Held = "none"

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
            has_passed=bool(self.points), held=self.held, may_revoke=may_revoke, has_open_sitting=is_busy
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
        deadline = timing.deadline(started_at=state.now, limit=LIMIT, multiplier=1, closes_at=None)
        assert deadline is not None
        state = replace(state, sittings=(*state.sittings, ModelSitting(state.now, deadline))).certified()
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
    revision = decide_response_draft(
        stored_revision=sitting.revision,
        stored_response=sitting.draft,
        revision=state.tabs[step.tab].revision,
        response=step.response,
    )
    decide_attempt(past=sitting.past, number=len(sitting.attempts) + 1, response=None)
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
    if step.response in sitting.keys:
        return state, "ok"
    if sitting.is_void or timing.is_settled(sitting.clock, state.now):
        raise Refusal("sitting_settled")
    keys = sitting.keys | {step.response}
    return state.with_sitting(place, deadline_at=sitting.deadline_at + MINUTES, keys=keys), "ok"


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


def wait(state: ModelState, step: Step) -> Outcome:
    """Go on to the next instant, or further if the response is a number."""
    return replace(state, instant=state.instant + int(step.response or 1)), "ok"


ACTIONS: dict[str, Callable[[ModelState, Step], Outcome]] = {
    "start": start, "save": save, "check": check, "hand in": hand_in, "sweep": sweep,
    "extend": extend, "void": void, "undo void": undo_void, "wait": wait,
}  # fmt: skip

type Scene = tuple[tuple[Step, ...], ...]  # the steps of each person
type Edge = tuple[ModelState, Step, ModelState, str]


def tab(number: int, *steps: str) -> tuple[Step, ...]:
    """Return the steps of a tab, each written as an action and, after a colon, a response."""
    return tuple(Step(action, number, response) for action, _, response in (step.partition(":") for step in steps))


WAITS = (Step("wait"),) * (len(INSTANTS) - 1)
SWEEPS = (Step("sweep"),) * 3
TABS = (
    (tab(0, "start", f"save:{RIGHT}", "check:7"), tab(1, "start", "check:8", "hand in")),
    (tab(0, "start", "check:7", f"check:{RIGHT}"), tab(1, "start", f"save:{RIGHT}", "check:7")),
    (tab(0, "start", "save:7", "hand in"), tab(1, "start", f"check:{RIGHT}", "start")),
)
INSTRUCTORS = (
    (Step("extend", response="one"), Step("extend", response="one"), Step("extend", response="two")),
    (Step("void"), Step("undo void"), Step("extend", response="one")),
)
SCENES: tuple[Scene, ...] = tuple((*tabs, SWEEPS, staff, WAITS) for tabs in TABS for staff in INSTRUCTORS)
# Few enough that the services can take every step of them, too
TO_GRACE_AND_SETTLEMENT = (Step("wait"), Step("wait", response="2"))
EXTENDED, VOIDED = (Step("extend", response="one"),), (Step("void"), Step("undo void"))
SHORT_SCENE: Scene = (*TABS[0], SWEEPS[:1], EXTENDED)
REPLAYED: tuple[Scene, ...] = tuple(
    (*tabs, SWEEPS[:1], staff, TO_GRACE_AND_SETTLEMENT)
    for tabs, staff in ((TABS[0], EXTENDED), (TABS[1], EXTENDED), (TABS[2], EXTENDED), (TABS[0], VOIDED))
)


def explore(scene: Scene) -> Iterator[Edge]:
    """Yield every step that any order of a scene's steps takes, once for each state in which it is taken."""
    states, numbers = [ModelState()], {ModelState(): 0}  # comparing numbers is much faster than comparing states
    moves: dict[tuple[int, Step], int] = {}
    known, waiting = {(0, (0,) * len(scene))}, [(0, (0,) * len(scene))]
    while waiting:
        number, places = waiting.pop()
        for person, steps in enumerate(scene):
            if places[person] == len(steps):
                continue
            step = steps[places[person]]
            after = moves.get((number, step))
            if after is None:
                state, outcome = take(states[number], step)
                after = moves[number, step] = numbers.setdefault(state, len(states))
                if after == len(states):
                    states.append(state)
                yield states[number], step, state, outcome
            node = (after, (*places[:person], places[person] + 1, *places[person + 1 :]))
            if node not in known:
                known.add(node)
                waiting.append(node)


def orders_of(scene: Scene) -> int:
    """Return in how many orders the steps can be taken."""
    orders, total = 1, 0
    for steps in scene:
        for place in range(1, len(steps) + 1):
            total += 1
            orders = orders * total // place
    return orders


def violations(before: ModelState, after: ModelState) -> Iterator[str]:
    """Yield the invariants that a step breaks."""
    if sum(not each.is_void for each in after.sittings) > 1:
        yield "I1"
    for old, new in zip(before.sittings, after.sittings, strict=False):
        yield from broken_by_change(old, new)
    for each in after.sittings:
        yield from broken_in(each)
    if after.held == "valid" and before.held != "valid":
        is_busy = any(not each.is_void and timing.is_open(each.clock, after.now) for each in after.sittings)
        if is_busy or not after.points:
            yield "I9"


def broken_by_change(old: ModelSitting, new: ModelSitting) -> Iterator[str]:
    if new.deadline_at < old.deadline_at:
        yield "I2"
    was_final = is_final(old.past)
    if new.attempts[: len(old.attempts)] != old.attempts or (was_final and new.attempts != old.attempts):
        yield "I4"
    if new.revision < old.revision or (old.submitted_at is not None and new.submitted_at != old.submitted_at):
        yield "I10"


def broken_in(sitting: ModelSitting) -> Iterator[str]:
    latest = timing.accepts_until(sitting.deadline_at)
    if any(made.received_at > latest for made in sitting.attempts):
        yield "I3"
    if sitting.submitted_at is not None:
        is_late = sitting.submitted_at > latest
        if is_late or (sitting.ended_by == "deadline" and sitting.submitted_at != sitting.deadline_at):
            yield "I5"
    if len(sitting.attempts) > ATTEMPTS:
        yield "I6"
