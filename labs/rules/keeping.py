"""What to keep of a learner's runs: output in pages, and only verdict and tests of old runs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PAGE_BYTES = 256 << 10  # bytes of output as JSON; a larger output gets its own page
PAGE_OUTPUTS = 500
MOST_BYTES = 64 << 20  # bytes of code and output of one learner's runs; beyond this, the oldest are emptied
MOST_FULL = 2_000  # runs of one learner with code or output
STREAMS_KEPT = 10  # finished runs of one learner whose live output is kept; the database has all of it
MOST_A_DAY = 5_000  # runs that one learner may order in 24 hours

type Outputs = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class PageOfOutputs:
    """One page of a run's outputs."""

    outputs: list[dict[str, Any]]
    size: int  # bytes as JSON


def size_of(value: object) -> int:
    """Return the bytes of `value` as JSON in ASCII, which is at least what the database uses."""
    return len(json.dumps(value))


def in_pages(outputs: Outputs) -> list[PageOfOutputs]:
    """Return the outputs in order, in pages of at most PAGE_OUTPUTS outputs and PAGE_BYTES bytes.

    A run without output has no pages.
    """
    pages: list[PageOfOutputs] = []
    held: list[dict[str, Any]] = []
    room = PAGE_BYTES
    for output in outputs:
        size = size_of(output)
        if held and (size > room or len(held) == PAGE_OUTPUTS):
            pages.append(PageOfOutputs(held, PAGE_BYTES - room))
            held, room = [], PAGE_BYTES
        held.append(output)
        room -= size
    return [*pages, PageOfOutputs(held, PAGE_BYTES - room)] if held else pages


def too_old(sizes: Iterable[tuple[str, int]]) -> list[str]:
    """Return the ids of the runs that no longer fit, given (id, bytes) with the newest first.

    Once a run does not fit, every older one is dropped too.
    """
    room, beyond = MOST_BYTES, []
    for number, (run_id, size) in enumerate(sizes, 1):
        room -= size
        if room < 0 or number > MOST_FULL:
            beyond.append(run_id)
    return beyond
