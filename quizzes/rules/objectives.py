"""Draw a paper whose questions are spread over objectives (D38).

A paper is a set of questions, and each question joins the stratum that it fills to the objective that it asks about. So
the rules are a bipartite matching: first one question for each promised objective, then questions for what the strata
still lack. A question that is in the way is replaced along an augmenting path, so a paper is drawn for every seed
if any paper meets the rules. Ranks by seed decide the order of every search.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.rules.draw import Drawn, PoolQuestion, Stratum, StratumShort, draw, rank_of

type StratumKey = tuple[str, int]  # module and difficulty


@dataclass(frozen=True)
class ObjectiveRules:
    """A paper asks about each objective in `always`, and about no objective more than `at_most` times."""

    at_most: int | None = None
    always: frozenset[str] = frozenset()

    @classmethod
    def of(cls, stated: Mapping[str, Any]) -> "ObjectiveRules":
        """Return the rules that an exam states: `{at_most, always}`, each of which may be missing."""
        return cls(stated.get("at_most"), frozenset(stated.get("always", ())))


class ObjectivesUnmet(ValueError):
    """No paper meets the rules. `course check` reports this before a learner can meet it.

    `objective` is a promised one without room, or "" if a stratum cannot be filled within `at_most`.
    """

    def __init__(self, text: str, objective: str = "") -> None:
        self.objective = objective
        super().__init__(text)


def draw_by_objectives(
    strata: Sequence[Stratum], pool: Sequence[PoolQuestion], seed: str, rules: ObjectiveRules
) -> list[Drawn]:
    """Return a paper that meets the rules, in the order of its strata. Without rules, it is that of `draw`.

    Raises StratumShort if the pool has too few questions, and ObjectivesUnmet if no paper meets the rules.
    """
    if rules == ObjectiveRules():
        return draw(strata, pool, seed)
    paper = _Paper(strata, pool, seed, rules)
    for objective in paper.promised(rules.always):
        if not paper.cover(objective, set()):
            raise ObjectivesUnmet(f"no paper has room for a question about “{objective}”", objective)
    for kind, room in paper.room.items():
        while paper.taken[kind] < room:
            if not paper.fill(kind, set()):
                raise ObjectivesUnmet(
                    f"with at most {rules.at_most} per objective, no paper has {room} questions of module {kind[0]}, "
                    f"difficulty {kind[1]}"
                )
    return paper.in_order(strata)


def missing_shares(
    strata: Sequence[Stratum], pool: Sequence[PoolQuestion], rules: ObjectiveRules, *, draws: int
) -> Mapping[str, float]:
    """Return for each objective of the pool the share of papers that do not ask about it, from so many papers.

    Their seeds are fixed, so the same pool has the same shares.
    """
    objectives = {question.id: question.objective for question in pool}
    asked = Counter(
        objective
        for seed in range(draws)
        for objective in {objectives[drawn.id] for drawn in draw_by_objectives(strata, pool, f"{seed}", rules)}
    )
    return {objective: 1 - asked[objective] / draws for objective in sorted({*objectives.values()} - {""})}


class _Paper:
    """A paper while it is drawn."""

    def __init__(
        self, strata: Sequence[Stratum], pool: Sequence[PoolQuestion], seed: str, rules: ObjectiveRules
    ) -> None:
        self.at_most = rules.at_most
        self.room: Counter[StratumKey] = Counter()
        for stratum in strata:
            self.room[stratum.module, stratum.difficulty] += stratum.count
        self.ranks = {question.id: rank_of(seed, question.id) for question in pool}
        self.taken: Counter[StratumKey] = Counter()
        self.about: Counter[str] = Counter()
        self.chosen: dict[str, PoolQuestion] = {}
        self.by_kind: defaultdict[StratumKey, list[PoolQuestion]] = defaultdict(list)
        self.by_objective: defaultdict[str, list[PoolQuestion]] = defaultdict(list)
        by_id = {question.id: question for question in pool}
        for question in map(by_id.__getitem__, sorted(by_id, key=self.ranks.__getitem__)):
            kind = (question.module, question.difficulty)
            if kind in self.room:
                self.by_kind[kind].append(question)
                self.by_objective[question.objective].append(question)
        for stratum in strata:
            kind = (stratum.module, stratum.difficulty)
            if len(self.by_kind[kind]) < self.room[kind]:
                raise StratumShort(stratum, len(self.by_kind[kind]))

    def promised(self, always: frozenset[str]) -> list[str]:
        """Return the promised objectives in the order of their first questions, which the seed decides."""
        asked = [objective for objective in self.by_objective if objective in always]
        return [*asked, *sorted(always.difference(asked))]

    def cover(self, objective: str, seen: set[StratumKey]) -> bool:
        """Add a question about the objective. Questions about others may be replaced by further ones about them."""
        for question in self.by_objective[objective]:
            kind = (question.module, question.difficulty)
            if question.id in self.chosen or kind in seen:
                continue
            seen.add(kind)
            if self.taken[kind] < self.room[kind]:
                self._add(question)
                return True
            for other in [row for row in self.chosen.values() if (row.module, row.difficulty) == kind]:
                if self.cover(other.objective, seen):
                    self._drop(other)
                    self._add(question)
                    return True
        return False

    def fill(self, kind: StratumKey, seen: set[str]) -> bool:
        """Add a question of this kind. Questions of others may be replaced; no objective loses its last one."""
        for question in self.by_kind[kind]:
            objective = question.objective
            if question.id in self.chosen or objective in seen:
                continue
            seen.add(objective)
            if not objective or self.at_most is None or self.about[objective] < self.at_most:
                self._add(question)
                return True
            for other in [row for row in self.chosen.values() if row.objective == objective]:
                if self.fill((other.module, other.difficulty), seen):
                    self._drop(other)
                    self._add(question)
                    return True
        return False

    def in_order(self, strata: Sequence[Stratum]) -> list[Drawn]:
        """Return the paper in the order of its strata, and of ranks within each."""
        left: defaultdict[StratumKey, list[str]] = defaultdict(list)
        for question_id in sorted(self.chosen, key=self.ranks.__getitem__):
            question = self.chosen[question_id]
            left[question.module, question.difficulty].append(question_id)
        paper = []
        for stratum in strata:
            its = left[stratum.module, stratum.difficulty]
            paper += [Drawn(question_id, stratum.points) for question_id in its[: stratum.count]]
            del its[: stratum.count]
        return paper

    def _add(self, question: PoolQuestion) -> None:
        self.chosen[question.id] = question
        self.taken[question.module, question.difficulty] += 1
        self.about[question.objective] += 1

    def _drop(self, question: PoolQuestion) -> None:
        del self.chosen[question.id]
        self.taken[question.module, question.difficulty] -= 1
        self.about[question.objective] -= 1
