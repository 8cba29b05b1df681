"""How well a learner remembers a question, and when they should see it again, by the scheduler FSRS.

The scheduler counts in whole days: what was practiced today comes back tomorrow at the earliest. It leaves nothing to
chance, so the same answers always give the same days.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card, Rating, Scheduler, State

LONGEST_WAIT = 365  # days until a question comes back, however well it is known
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_WAIT, enable_fuzzing=False)


@dataclass(frozen=True)
class Memory:
    """What the scheduler knows about a question after a review: how long the memory lasts, how hard the question is, and
    on which days it was reviewed and is due.
    """

    stability: float
    difficulty: float
    reviewed_on: date
    due_on: date


def first_memory(*, right_on: int | None, day: date) -> Memory:
    """Return the memory of a question that became final on a day: right on this attempt, or never (None).

    What was never right is due at once. What was right on the first attempt comes back later than what took a second.
    """
    rating = Rating.Again if right_on is None else Rating.Good if right_on == 1 else Rating.Hard
    first = _reviewed(Card(card_id=0, due=_at(day)), rating, day)
    return first if right_on is not None else replace(first, due_on=day)


def next_memory(memory: Memory, *, is_right: bool, day: date) -> Memory:
    """Return the memory after a response in practice. A wrong response brings the question back tomorrow, even if the
    scheduler would wait longer because the learner knew it for so long.
    """
    after = _reviewed(_card_of(memory), Rating.Good if is_right else Rating.Again, day)
    return after if is_right else replace(after, due_on=day + timedelta(days=1))


def chance_to_know(memory: Memory, day: date) -> float:
    """Return how likely the learner is to know the answer on a day, from 0 to 1."""
    return SCHEDULER.get_card_retrievability(_card_of(memory), _at(day))


def _reviewed(card: Card, rating: Rating, day: date) -> Memory:
    after, _log = SCHEDULER.review_card(card, rating, _at(day))
    assert after.stability is not None
    assert after.difficulty is not None
    return Memory(after.stability, after.difficulty, day, after.due.date())


def _card_of(memory: Memory) -> Card:
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_at(memory.due_on),
        last_review=_at(memory.reviewed_on),
    )


def _at(day: date) -> datetime:
    """Return an instant for a day. The scheduler takes instants, and only the days between them matter."""
    return datetime.combine(day, time(), UTC)
