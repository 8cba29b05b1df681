from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class MarkupProblem:
    """A mistake at a line of a text (counted from 1), as a sentence."""

    line: int
    text: str
