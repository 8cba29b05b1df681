"""Every order of what two tabs, the sweeper, the worker, an instructor and the clock do in the model of an exam.

Each has a list of steps. If one of them closes the exam, the exam has no time limit. `explore` tries the steps in
every order, and remembers states that several orders reach.
"""

from collections.abc import Iterator

from questions.rules.attempts import is_final
from quizzes.rules import timing
from tests.rules.exam_model import ATTEMPTS, INSTANTS, RIGHT, ModelSitting, ModelState, Step, take

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
REGRADES = (Step("regrade"), Step("undo regrade"), Step("void"))
FOLLOWS, REVIEW = (Step("follow"),) * 3, (Step("answer review"),) * 2
PASSING = tab(0, "start", f"check:{RIGHT}", "hand in")
CLOSES = (Step("close"), Step("extend", response="one"), Step("close"))
SCENES: tuple[Scene, ...] = (
    *((*tabs, SWEEPS, staff, WAITS) for tabs in TABS for staff in (*INSTRUCTORS, CLOSES)),
    (*TABS[0], SWEEPS, FOLLOWS, REGRADES, WAITS),
    (PASSING, REVIEW, SWEEPS, FOLLOWS, REGRADES, WAITS),
)
# Few enough that the services can take every step of them, too
TO_GRACE_AND_SETTLEMENT = (Step("wait"), Step("wait", response="2"))
EXTENDED, VOIDED = (Step("extend", response="one"),), (Step("void"), Step("undo void"))
SHORT_SCENE: Scene = (*TABS[0], SWEEPS[:1], EXTENDED)
SHORT_CLOSING: Scene = (tab(0, "start", f"save:{RIGHT}", "check:7"), SWEEPS[:1], CLOSES[:2], WAITS[1:])
SHORT_REGRADE: Scene = (PASSING, REVIEW[:1], FOLLOWS[:1], REGRADES[:1])
REPLAYED: tuple[Scene, ...] = (
    *((*tabs, SWEEPS[:1], EXTENDED, TO_GRACE_AND_SETTLEMENT) for tabs in TABS),
    (*TABS[0], SWEEPS[:1], VOIDED, TO_GRACE_AND_SETTLEMENT),
    (PASSING, REVIEW, SWEEPS[:1], FOLLOWS, REGRADES[:2], TO_GRACE_AND_SETTLEMENT),
)


def beginning(scene: Scene) -> ModelState:
    """Return the state in which a scene begins."""
    return ModelState(is_untimed=any(step.action == "close" for steps in scene for step in steps))


def explore(scene: Scene) -> Iterator[Edge]:
    """Yield every step that any order of a scene's steps takes, once for each state in which it is taken."""
    begin = beginning(scene)
    states, numbers = [begin], {begin: 0}  # comparing numbers is much faster than comparing states
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
    if after.held == "valid":
        is_busy = any(not each.is_void and timing.is_open(each.clock, after.now) for each in after.sittings)
        passes = after.points + after.review_points == 2
        if is_busy or not (passes or after.waiting):
            yield "I9"
    if not after.waiting and after.recorded != after.review_points:
        yield "I8"


def broken_by_change(old: ModelSitting, new: ModelSitting) -> Iterator[str]:
    if new.deadline_at < old.deadline_at < timing.NO_END:
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
