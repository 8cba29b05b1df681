"""Decide when a lab's model solution opens for a person, and whether its code may fill their cells (D37)."""

from collections.abc import Mapping
from typing import NamedTuple

OPENINGS = ("never", "after_close", "after_passing", "after_runs")
HONEST_RUNS = 3  # finished test runs after which help is worth more than another try
MOST_RUNS_ASKED = 100


class SolutionTerms(NamedTuple):
    """When a lab's model solution opens. `opens` is one of OPENINGS, and `runs` is for "after_runs" only.

    `is_counted`: the lab counts toward the grade. `is_own`: its author wrote when the solution opens.
    """

    opens: str
    runs: int
    is_counted: bool
    is_own: bool = False

    def stored(self) -> dict[str, object]:
        return {"opens": self.opens, "runs": self.runs, "is_counted": self.is_counted, "is_own": self.is_own}

    @property
    def is_usual(self) -> bool:
        """Return whether the solution opens as in every lab whose author says nothing and that does not count."""
        return (self.opens, self.runs) == ("after_runs", HONEST_RUNS)

    @property
    def depends_on_closing(self) -> bool:
        """Return whether the decision needs to know if the lab has closed for the person."""
        return self.is_counted or self.opens == "after_close"


class SolutionStage(NamedTuple):
    """How far a person is in a lab. `is_closed` holds for this person: their own dates decide.

    `is_staff`: the person has a role in the course and previews the lab.
    """

    finished_runs: int = 0
    has_passed: bool = False
    is_closed: bool = False
    is_staff: bool = False


class SolutionView(NamedTuple):
    """Whether a person may open the model solution, and whether its code may fill the cells of their editor."""

    is_shown: bool
    is_usable: bool


def solution_terms(*, is_counted: bool, opens: str = "", runs: int = 0) -> SolutionTerms:
    """Return the terms of a lab whose author wrote `opens` and `runs`; "" and 0 if nothing is written.

    Without a word, a lab that counts withholds its solution until it closes, and another one shows it after a pass or
    HONEST_RUNS finished test runs.
    """
    usual = "after_close" if is_counted else "after_runs"
    return SolutionTerms(opens or usual, runs or HONEST_RUNS, is_counted, bool(opens))


def stored_terms(stored: Mapping[str, object]) -> SolutionTerms:
    """Return terms as they were stored."""
    return SolutionTerms(
        str(stored["opens"]), int(str(stored["runs"])), bool(stored["is_counted"]), bool(stored["is_own"])
    )


USUAL_TERMS = solution_terms(is_counted=False)


def solution_view(terms: SolutionTerms, stage: SolutionStage) -> SolutionView:
    """Decide what a person gets of a lab's model solution. Staff see it, and have no cells to fill."""
    is_shown = stage.is_staff or has_solution_opened(terms, stage)
    is_final = stage.is_closed or not terms.is_counted  # nothing that the person does in the lab can count any more
    return SolutionView(is_shown, is_shown and is_final and not stage.is_staff)


def has_solution_opened(terms: SolutionTerms, stage: SolutionStage) -> bool:
    """Return whether the solution has opened for a learner. What is not one of OPENINGS opens nothing."""
    match terms.opens:
        case "after_close":
            return stage.is_closed
        case "after_passing":
            return stage.has_passed
        case "after_runs":
            return stage.has_passed or stage.finished_runs >= terms.runs
        case _:
            return False


def runs_problem(opens: str | None, runs: int | None) -> str | None:
    """Return what is wrong with a number of runs beside what is written about the opening, or None."""
    if runs is not None and opens != "after_runs":
        return "“solution_runs” needs “solution: after_runs” beside it"
    return None
