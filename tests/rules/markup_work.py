"""Count the steps of the parser, which are the same on every machine and under every load."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from course.markup import render_page
from course.markup.mathml import to_mathml
from tests.rules.markup_cases import case

TOOL = 3  # of sys.monitoring; debuggers, coverage and profilers have the smaller ones
EVENTS = sys.monitoring.events.PY_START | sys.monitoring.events.JUMP
# Twice the text may be this much more work. Work that grows with the square of the length is four times as much.
MOST, FEW = 2.8, 3_000
# What the work grows with has also begun to show one doubling before. A text that is cut off may be of another kind than
# its half, for example because a formula is no longer closed; that shows in one doubling only.
BEGINNING = 2.2


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Count functions that begin and rounds of loops, until the block ends."""
    steps, monitoring = [0], sys.monitoring

    def count(*_: object) -> None:
        steps[0] += 1

    monitoring.use_tool_id(TOOL, "steps")
    try:
        for event in (monitoring.events.PY_START, monitoring.events.JUMP):
            monitoring.register_callback(TOOL, event, count)
        monitoring.set_events(TOOL, EVENTS)
        yield steps
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)


def steps_for(text: str) -> int:
    to_mathml.cache_clear()  # a formula of another text would be read from memory
    with counted_steps() as steps:
        render_page(text)
    return steps[0]


def growing_cases(numbers: range, length: int) -> list[str]:
    """Return the cases whose work grows faster than their text, with the work at the length, its double and its fourfold."""
    found = []
    for number in numbers:
        name, text_of = case(number)
        render_page(text_of(length))  # what is loaded at first use counts for nobody
        works = [steps_for(text_of(length * times)) for times in (1, 2, 4)]
        if works[2] > MOST * works[1] + FEW and works[1] > BEGINNING * works[0]:
            found.append(f"{number}: {works} {name}")
    return found
