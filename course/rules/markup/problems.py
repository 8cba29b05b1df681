from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at a line (counted from 1) of a text, in a sentence."""

    line: int
    text: str
