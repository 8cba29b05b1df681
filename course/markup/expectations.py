"""Parse the output that a listing promises in `expect`, and check actual output against it."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
NEAR = re.compile(rf"(?P<name>[^\s≈]+)\s*≈\s*(?P<number>{NUMBER})\s*±\s*(?P<tolerance>{NUMBER})$")
NAMED = re.compile(rf"(?P<name>[^\s≈]+)\s+(?P<number>{NUMBER})$")


@dataclass(frozen=True)
class Expectation:
    """A promised piece of output.

    `number` is as written, for use in the prose; `tolerance` (inclusive) is None if the text must match exactly.
    """

    text: str
    name: str = ""
    number: str = ""
    tolerance: Decimal | None = None


def read_expectations(text: str) -> tuple[tuple[Expectation, ...], tuple[str, ...]]:
    """Return the expectations of one listing and its mistakes. An empty `expect` means that the listing prints nothing."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    expectations = tuple(_read_expectation(part) for part in parts)
    names = Counter(expectation.name for expectation in expectations if expectation.name)
    problems = [
        f"“{expectation.text}” is not name≈number±tolerance."
        for expectation in expectations
        if "≈" in expectation.text and expectation.tolerance is None
    ]
    problems += [f"the name “{name}” stands twice in expect." for name, times in names.items() if times > 1]
    return expectations, tuple(sorted(problems))


def _read_expectation(part: str) -> Expectation:
    if near := NEAR.match(part):
        return Expectation(part, near["name"], near["number"], Decimal(near["tolerance"]))
    if named := NAMED.match(part):
        return Expectation(part, named["name"], named["number"])
    return Expectation(part)


def unmet_expectations(expectations: tuple[Expectation, ...], output: str) -> tuple[Expectation, ...]:
    """Return the expectations that the output does not meet. Any white space counts as one space."""
    return tuple(expectation for expectation in expectations if not _is_met(expectation, output))


def _is_met(expectation: Expectation, output: str) -> bool:
    if expectation.tolerance is None:
        return _squeeze(expectation.text) in _squeeze(output)
    wanted = Decimal(expectation.number)
    return any(
        abs(Decimal(printed) - wanted) <= expectation.tolerance
        for printed in _printed_numbers(expectation.name, output)
    )


def _printed_numbers(name: str, output: str) -> list[str]:
    line = re.compile(rf"^\s*{re.escape(name)}\s+({NUMBER})(?![\w.])", re.MULTILINE)
    return line.findall(output)


def _squeeze(text: str) -> str:
    return " ".join(text.split())
