"""Draw an exam's paper from its pool (D27).

Within a stratum, questions are ranked by the SHA-256 digest of "seed, question id", and the first `count` are taken. So
the same seed draws the same paper in any Python version and for any order of the pool. The paper's total is the same
for every seed. An exam may also limit and promise questions about objectives (D38, `quizzes.rules.objectives`).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256


@dataclass(frozen=True)
class Stratum:
    """A number of questions of one module and difficulty, each worth `points`.

    `is_whole` is that of an exam that asks all questions, for what they are worth in the pool.
    """

    module: str
    difficulty: int
    count: int
    points: Decimal = Decimal(1)
    is_whole: bool = False


@dataclass(frozen=True)
class PoolQuestion:
    """A question of the pool, with what its stratum is chosen by."""

    id: str
    module: str
    difficulty: int
    objective: str = ""
    points: Decimal = Decimal(1)


@dataclass(frozen=True)
class Drawn:
    """A question of the paper, and its worth there."""

    id: str
    points: Decimal


class StratumShort(ValueError):
    """The pool cannot fill a stratum. `course check` reports this before a learner can meet it."""

    def __init__(self, stratum: Stratum, available: int) -> None:
        self.stratum = stratum
        self.available = available
        super().__init__(
            f"{stratum.count} questions of module {stratum.module}, difficulty "
            f"{stratum.difficulty}, are to be drawn, and the pool has {available}"
        )


def draw(strata: Sequence[Stratum], pool: Sequence[PoolQuestion], seed: str) -> list[Drawn]:
    """Return the paper in the order of its strata, every question at most once.

    Raises StratumShort if the pool has too few questions.
    """
    paper: dict[str, Drawn] = {}
    for stratum in strata:
        for question_id in _picked(stratum, pool, seed, taken=paper.keys()):
            paper[question_id] = Drawn(question_id, stratum.points)
    return list(paper.values())


def _picked(stratum: Stratum, pool: Sequence[PoolQuestion], seed: str, taken: Container[str]) -> list[str]:
    ids = {
        question.id: question.points
        for question in pool
        if (question.module, question.difficulty) == (stratum.module, stratum.difficulty) and question.id not in taken
    }
    if len(ids) < stratum.count:
        raise StratumShort(stratum, len(ids))
    ranked = sorted(ids, key=lambda question_id: rank_of(seed, question_id))
    if stratum.is_whole:  # a question that was edited on the site, and is worth something else there, comes last
        ranked.sort(key=lambda question_id: ids[question_id] != stratum.points)
    return ranked[: stratum.count]


def rank_of(seed: str, question_id: str) -> bytes:
    """Return where this seed ranks a question: the lowest come first."""
    return sha256(f"{seed}\n{question_id}".encode()).digest()
