"""Draw an exam's paper from its pool (D27).

Within a stratum, questions are ranked by the SHA-256 digest of "seed, question id", and the first `count` are taken. So
the same seed draws the same paper in any Python version and for any order of the pool. The paper's total is the same
for every seed. An exam may also limit and promise questions about objectives (D38, `quizzes.rules.objectives`).
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256


@dataclass(frozen=True)
class Stratum:
    """A number of questions of one module and difficulty, each worth `points`.

    `is_whole`: the exam asks every question of its pool, each for its points there.
    """

    module: str
    difficulty: int
    count: int
    points: Decimal = Decimal(1)
    is_whole: bool = False


@dataclass(frozen=True)
class PoolQuestion:
    """A question of the pool, with the fields that decide which strata it fits."""

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


def draw_available(
    strata: Sequence[Stratum], pool: Sequence[PoolQuestion], seed: str, *, at_most: int | None = None
) -> list[Drawn]:
    """Return as much of a paper as the pool has, in the order of its strata: of each module at most what the exam asks (D46).

    Questions of a stratum's difficulty come first; then others of its module fill what is missing. At most `at_most`
    questions are about the same objective.
    """
    paper: list[dict[str, Drawn]] = [{} for _ in strata]
    taken: set[str] = set()
    about: Counter[str] = Counter()
    ranked = sorted(pool, key=lambda question: rank_of(seed, question.id))
    for is_exact in (True, False):
        for stratum, picked in zip(strata, paper, strict=True):
            for question in ranked:
                fits = question.module == stratum.module and (not is_exact or question.difficulty == stratum.difficulty)
                is_full = at_most is not None and question.objective and about[question.objective] >= at_most
                if len(picked) < stratum.count and fits and not (is_full or question.id in taken):
                    picked[question.id] = Drawn(question.id, stratum.points)
                    taken.add(question.id)
                    about[question.objective] += 1
    return [drawn for picked in paper for drawn in picked.values()]


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
