"""The result of a benchmark: figures beside their goals, printed as a table and written to build/bench/NAME.json."""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.rig.machine import measured_on

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "build" / "bench"


@dataclass(frozen=True)
class Figure:
    """One measured number, its goal, and the reference it was compared with in the same run.

    A figure without `at_most` and `at_least` has no goal: it is there to be read.
    """

    what: str
    measured: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    reference: str = ""

    @property
    def is_met(self) -> bool | None:
        """Return whether the goal is met; None without a goal."""
        if self.at_most is None and self.at_least is None:
            return None
        is_low = self.at_most is None or self.measured <= self.at_most
        return is_low and (self.at_least is None or self.measured >= self.at_least)

    @property
    def goal(self) -> str:
        least = [] if self.at_least is None else [f"at least {written(self.at_least)}"]
        most = [] if self.at_most is None else [f"at most {written(self.at_most)}"]
        return " and ".join(least + most)

    def contents(self) -> dict[str, Any]:
        return asdict(self) | {"goal": self.goal, "is_met": self.is_met}


class Report:
    """The figures of one benchmark. `goal` is its number in docs/performance.md, such as "P1"."""

    def __init__(self, name: str, goal: str, title: str) -> None:
        self.name, self.goal, self.title = name, goal, title
        self.figures: list[Figure] = []
        self.notes: list[str] = []
        self.began, self.load = time.monotonic(), os.getloadavg()[0]

    def add(self, *figures: Figure) -> None:
        self.figures += figures

    def note(self, markdown: str) -> None:
        """Add a paragraph, a list or a table in Markdown, which docs/performance.md shows below the figures."""
        self.notes.append(markdown)

    def write(self) -> None:
        """Print the table, and write everything to build/bench/NAME.json."""
        print(f"{self.goal}: {self.title}\n")
        print("\n".join(table(figure.contents() for figure in self.figures)), flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{self.name}.json").write_text(json.dumps(self.contents(), indent=1))

    def contents(self) -> dict[str, Any]:
        return {
            "goal": self.goal,
            "title": self.title,
            "measured_on": measured_on(),
            "seconds": round(time.monotonic() - self.began),
            "load": [round(self.load, 1), round(os.getloadavg()[0], 1)],
            "figures": [figure.contents() for figure in self.figures],
            "notes": self.notes,
        }


def table(figures: Iterable[dict[str, Any]]) -> list[str]:
    """Return the lines of a Markdown table of figures."""
    head = ["| what | measured | goal | met | reference in the same run |", "|---|---|---|---|---|"]
    return head + [
        f"| {figure['what']} | {written(figure['measured'])} {figure['unit']} | {figure['goal']} "
        f"| {VERDICTS[figure['is_met']]} | {figure['reference']} |"
        for figure in figures
    ]


VERDICTS = {None: "", True: "yes", False: "**no**"}


def written(number: float) -> str:
    """Return a number with three significant digits."""
    digits = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
    return f"{number:,.{digits}f}" if isinstance(number, float) else f"{number:,}"
