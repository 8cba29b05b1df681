"""Statistics of a question: classical test theory over everyone who was asked it.

`facility` is the share of learners who were right in the end. `discrimination` is the corrected point-biserial: the
correlation of being right with the same learner's share of correct answers to the *other* questions, so that a question
is never correlated with itself (Henrysson 1963). `alpha` is Cronbach's (1951), computed from average variance v and
covariance c as k·c / (v + (k − 1)·c). If everyone was asked the whole paper, this equals his formula; for papers drawn
from a pool, it uses each pair of questions over the learners who were asked both. Its 95 % interval is Feldt's (1965).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import fmean, median

from quizzes.rules.quantiles import f_quantile

FEW = 30  # with fewer learners, a figure is only indicative
LEAST_TO_SUSPECT = 10
PAUSE = 30 * 60  # seconds: a longer gap between two Checks counts as a pause
CONFIDENCE = 0.95
STANDARD_ERRORS = 3  # of up to 50 variants, one is rarely that far from the others by chance


@dataclass(frozen=True, slots=True)
class Answered:
    """One learner's result on one question: right in the end?

    `response` is a text for the first checked response, "" without one. `seconds` is the time since the previous Check,
    None if that is unknown or was a pause. `variant` is the one of the newest version that the learner had, 0 for any other.
    """

    is_right: bool
    is_right_at_once: bool = False
    response: str = ""
    attempts: int = 1
    seconds: float | None = None
    variant: int = 0


type ResponseRow = Mapping[str, Answered]  # one learner's questions


@dataclass(frozen=True)
class Choice:
    """A first response: how many learners gave it, and their mean share of the other questions, None without other questions."""

    response: str
    count: int
    share: float
    rest: float | None
    is_right: bool


@dataclass(frozen=True)
class QuestionFigures:
    """One question. Shares are from 0 to 1.

    `discrimination` is None if nobody or everybody was right, or if fewer than three learners have other questions.
    `suspicion` says why the key may be wrong, "" without a sign of that.
    """

    question: str
    asked: int
    facility: float
    facility_at_once: float
    discrimination: float | None
    attempts: dict[int, int]
    seconds: float | None
    choices: tuple[Choice, ...]
    suspicion: str

    @property
    def is_small(self) -> bool:
        return self.asked < FEW


@dataclass(frozen=True)
class Alpha:
    """`questions` is k, `learners` n; the interval is Feldt's at 95 %."""

    value: float
    low: float
    high: float
    questions: int
    learners: int

    @property
    def is_small(self) -> bool:
        return self.learners < FEW


def analyze(question: str, rows: Sequence[ResponseRow]) -> QuestionFigures:
    """Return the figures of one question over the learners who were asked it. Raises ValueError without any."""
    asked = [(row[question], rest_of(row, question)) for row in rows if question in row]
    if not asked:
        raise ValueError(f"nobody was asked {question}")
    answers = [answer for answer, _rest in asked]
    related = [(float(answer.is_right), rest) for answer, rest in asked if rest is not None]
    choices = tuple(choices_of(asked))
    discrimination = correlation(related)
    seconds = [answer.seconds for answer in answers if answer.seconds is not None]
    return QuestionFigures(
        question=question,
        asked=len(asked),
        facility=fmean(answer.is_right for answer in answers),
        facility_at_once=fmean(answer.is_right_at_once for answer in answers),
        discrimination=discrimination,
        attempts=dict(sorted(Counter(answer.attempts for answer in answers).items())),
        seconds=median(seconds) if seconds else None,
        choices=choices,
        suspicion=suspicion(choices, discrimination, len(asked)),
    )


@dataclass(frozen=True)
class VariantFigures:
    """One variant of a question. `is_unusual`: it is harder or easier than the others by more than chance explains (D43)."""

    variant: int
    asked: int
    facility: float
    facility_at_once: float
    is_unusual: bool


def analyze_variants(question: str, rows: Sequence[ResponseRow]) -> tuple[VariantFigures, ...]:
    """Return the figures of the variants of a question that learners had, in order. Empty for a fixed question."""
    groups: dict[int, list[Answered]] = {}
    for row in rows:
        if question in row and row[question].variant:
            groups.setdefault(row[question].variant, []).append(row[question])
    everyone = [answer for answers in groups.values() for answer in answers]
    right = sum(answer.is_right for answer in everyone)
    return tuple(
        VariantFigures(
            variant=variant,
            asked=len(answers),
            facility=fmean(answer.is_right for answer in answers),
            facility_at_once=fmean(answer.is_right_at_once for answer in answers),
            is_unusual=_is_unusual(sum(answer.is_right for answer in answers), len(answers), right, len(everyone)),
        )
        for variant, answers in sorted(groups.items())
    )


def _is_unusual(right: int, asked: int, right_of_all: int, asked_of_all: int) -> bool:
    """Return whether the share of a variant differs from that of the others by more than three standard errors."""
    others = asked_of_all - asked
    if min(asked, others) < LEAST_TO_SUSPECT:
        return False
    pooled = right_of_all / asked_of_all
    error = sqrt(pooled * (1 - pooled) * (1 / asked + 1 / others))
    return abs(right / asked - (right_of_all - right) / others) > STANDARD_ERRORS * error


def rest_of(row: ResponseRow, question: str) -> float | None:
    """Return the share of the other questions that was right, or None without other questions."""
    others = len(row) - 1
    right = sum(answer.is_right for answer in row.values()) - row[question].is_right
    return right / others if others > 0 else None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's r, or None for fewer than three pairs or if one side does not vary."""
    if len(pairs) < 3:
        return None
    mean_x, mean_y = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    spread_x = sum((x - mean_x) ** 2 for x, _ in pairs)
    spread_y = sum((y - mean_y) ** 2 for _, y in pairs)
    if min(spread_x, spread_y) < 1e-12:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sqrt(spread_x * spread_y)


def choices_of(asked: Sequence[tuple[Answered, float | None]]) -> list[Choice]:
    """Return the first responses, most frequent first.

    What is right in one variant or version and wrong in another is two of them.
    """
    groups: dict[tuple[str, bool], list[tuple[Answered, float | None]]] = {}
    for answer, rest in asked:
        groups.setdefault((answer.response, answer.is_right_at_once), []).append((answer, rest))
    choices = [choice_of(response, is_right, group, len(asked)) for (response, is_right), group in groups.items()]
    return sorted(choices, key=lambda choice: (-choice.count, choice.response))


def choice_of(response: str, is_right: bool, group: Sequence[tuple[Answered, float | None]], asked: int) -> Choice:
    """Return the figures of one first response; `asked` is how many learners were asked the question."""
    rests = [rest for _answer, rest in group if rest is not None]
    return Choice(
        response=response,
        count=len(group),
        share=len(group) / asked,
        rest=fmean(rests) if rests else None,
        is_right=is_right,
    )


def suspicion(choices: Sequence[Choice], discrimination: float | None, asked: int) -> str:
    """Return why the key may be wrong, or "".

    "rival": more learners, and stronger ones, gave a wrong response than the right one. "negative": learners who are
    right here tend to be wrong elsewhere. Always "" below ten learners.
    """
    if asked < LEAST_TO_SUSPECT:
        return ""
    right = [choice for choice in choices if choice.is_right]
    wrong = [choice for choice in choices if not choice.is_right and choice.response]
    most, best = sum(choice.count for choice in right), mean_rest(right)
    if any(choice.count > most and is_above(choice.rest, best) for choice in wrong):
        return "rival"
    return "negative" if discrimination is not None and discrimination < 0 and asked >= FEW else ""


def mean_rest(choices: Sequence[Choice]) -> float | None:
    """Return the mean share of the other questions over all these learners, or None if it is unknown."""
    known = [(choice.rest, choice.count) for choice in choices if choice.rest is not None]
    total = sum(count for _rest, count in known)
    return sum(rest * count for rest, count in known) / total if total else None


def is_above(rest: float | None, best: float | None) -> bool:
    """Return whether `rest` is above `best`. Without a right response it is, the strongest sign of all."""
    return rest is not None and (best is None or rest > best)


def alpha(rows: Sequence[ResponseRow], paper_length: int) -> Alpha | None:
    """Return Cronbach's alpha of papers with `paper_length` questions.

    None for fewer than two questions, fewer than three learners, or no variance.
    """
    masks = masks_of(rows)
    pairs = [covariance(masks[one], masks[two]) for one, two in combinations(sorted(masks), 2)]
    known = [pair for pair in pairs if pair is not None]
    variances = [spread for mask in masks.values() if (spread := covariance(mask, mask)) is not None]
    if paper_length < 2 or len(rows) < 3 or not known or not variances:
        return None
    variance, shared = fmean(variances), fmean(known)
    whole = variance + (paper_length - 1) * shared
    if whole < 1e-12:
        return None
    value = paper_length * shared / whole
    return Alpha(value, *interval(value, paper_length, len(rows)), paper_length, len(rows))


def interval(value: float, questions: int, learners: int) -> tuple[float, float]:
    """Return Feldt's interval: (1 − α) / (1 − α̂) is distributed as F(n − 1, (n − 1)(k − 1))."""
    free = (learners - 1, (learners - 1) * (questions - 1))
    tail = (1 - CONFIDENCE) / 2
    low, high = (1 - (1 - value) * f_quantile(part, *free) for part in (1 - tail, tail))
    return low, high


@dataclass(frozen=True)
class Mask:
    """The learners who were asked a question and those who were right, one bit each, to count pairs quickly."""

    asked: int
    right: int


def masks_of(rows: Sequence[ResponseRow]) -> dict[str, Mask]:
    """Return a mask per question; the bit of a learner is the position of their row."""
    asked: dict[str, int] = {}
    right: dict[str, int] = {}
    for learner, row in enumerate(rows):
        for question, answer in row.items():
            asked[question] = asked.get(question, 0) | 1 << learner
            right[question] = right.get(question, 0) | answer.is_right << learner
    return {question: Mask(bits, right[question]) for question, bits in asked.items()}


def covariance(one: Mask, two: Mask) -> float | None:
    """Return the sample covariance over the learners who were asked both, or None for fewer than two."""
    both = one.asked & two.asked
    n = both.bit_count()
    if n < 2:
        return None
    together = (one.right & two.right).bit_count()
    return (together - (one.right & both).bit_count() * (two.right & both).bit_count() / n) / (n - 1)
