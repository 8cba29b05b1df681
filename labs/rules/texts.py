from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from course.rules.texts import NEVER_LATE, apart, optional
from labs.rules.trying import tried_digest

NO_TESTS_NAMED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class LabText:
    """A lab's folder: `cells` of lab.py, `solution` and `probes` as written, and the `files` that the judge reads with them.

    `minutes` is how long it takes a learner, as the author estimates; 0 if unknown.
    `late` is the late policy, if there is one (`LateTerms`). `solution_at` and `solution_runs` are what the author wrote
    about the model solution, "" and 0 for nothing. `solution_opens` are the terms that follow (`SolutionTerms`), which
    also depend on whether the course counts the lab; None while that is not known.
    `test_objectives` are the objectives that the author gave to tests, by name; `tests` follow from them and the probes.
    """

    key: str
    module_key: str
    title: str
    runtime: str
    limits: dict[str, int]
    objectives: Sequence[str]
    source: str
    solution: str
    probes: str
    files: dict[str, str]
    cells: Sequence[dict[str, str]] = apart()
    tests: Sequence[dict[str, Any]] = apart()
    position: int = apart()
    solution_opens: Mapping[str, object] | None = apart(default=None)
    minutes: int = optional(0)
    late: Mapping[str, int] = optional(NEVER_LATE)
    solution_at: str = optional("")
    solution_runs: int = optional(0)
    test_objectives: Mapping[str, str] = optional(NO_TESTS_NAMED)

    @property
    def programs(self) -> dict[str, str]:
        """Return the Python files of the lab's folder by name, as they are tried and judged."""
        return {**self.files, "lab.py": self.source, "solution.py": self.solution, "probes.py": self.probes}

    @property
    def tried(self) -> str:
        return tried_digest(self.programs, self.runtime, self.limits)
