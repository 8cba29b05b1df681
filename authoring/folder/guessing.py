"""Estimate how much of an exam somebody earns who knows nothing of its subject.

Two guessers answer every question. The *blind* one responds at random and repeats no wrong response. The *test-wise* one
also knows the habits that the questions share (the lengths and words of right options, how many are right in multiple choice,
whether options that stay last are right, the more frequent truth value) and can do one step of arithmetic. Other options are
shuffled for each learner (D40), so their places say nothing. The second share is rather too high than too low: habits are
counted on the questions that are then answered, and a number that one step of arithmetic reaches counts as solved.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import comb, factorial, perm, prod

from authoring.folder.papers import PAPERS_TRIED, papers_of
from questions.types.numeric.marking import is_right
from quizzes.rules.texts import AssessmentText, QuestionText

NUMBER = re.compile(r"(?<![\w.])-?\d(?:\d|,(?=\d{3}))*(?:\.\d+)?")
MINUS = str.maketrans("\u2212", "-")
SHAPE = re.compile(r"[\[(]((?:None|\d+)(?:, (?:None|\d+))*),?[\])]")
LONG_WORD = re.compile(r"[^\W\d_]{4,}")
NOTABLY = 1.15  # how much longer an option must be before a reader notices

type Habit = Callable[[int, QuestionText], float]  # how well an option fits; the fittest is chosen first
type Chances = Mapping[str, Fraction]


@dataclass(frozen=True)
class KindShare:
    """What both guessers earn of the questions of one type."""

    type: str
    count: int
    blind: float
    test_wise: float


@dataclass(frozen=True)
class GuessedShare:
    """What both guessers earn of an exam, as shares of its points. `reached` names the numbers of one step."""

    title: str
    pool: int
    blind: float
    test_wise: float
    kinds: tuple[KindShare, ...]
    reached: tuple[str, ...]


def guess(exam: AssessmentText) -> GuessedShare:
    """Return what the two guessers earn of this exam."""
    questions = exam.questions
    blind = {question.key: blind_chance(question) for question in questions}
    test_wise = chances_of_a_test_wise_guesser(questions)
    return GuessedShare(
        title=exam.title,
        pool=len(questions),
        blind=share_of_paper(exam, blind),
        test_wise=share_of_paper(exam, test_wise),
        kinds=tuple(_kind_shares(questions, blind, test_wise)),
        reached=tuple(question.key for question in questions if any(map(is_one_step, _variants_of(question)))),
    )


def share_of_paper(exam: AssessmentText, chances: Chances) -> float:
    """Return the expected share of the points of a paper: each stratum adds the mean of its questions as often as it draws.

    If the exam has rules about objectives, its questions differ in how often they are drawn, so papers are drawn.
    """
    if exam.objectives:
        drawn = [question for paper in papers_of(exam, draws=PAPERS_TRIED) for question in paper]
        points = Fraction(sum(question.points for question in drawn))
        return float(sum(chances[question.id] * Fraction(question.points) for question in drawn) / points)
    if any("is_whole" in row for row in exam.draw):
        points = sum(Fraction(question.points) for question in exam.questions)
        return float(sum(chances[question.key] * Fraction(question.points) for question in exam.questions) / points)
    rows = [(row["module"], row["difficulty"], row["count"], Decimal(row["points"])) for row in exam.draw]
    strata: dict[tuple[str, int], list[Fraction]] = defaultdict(list)
    for question in exam.questions:
        strata[question.module_key, question.difficulty].append(chances[question.key])
    earned = sum(count * Fraction(points) * _mean(strata[module, level]) for module, level, count, points in rows)
    return float(earned / sum(count * Fraction(points) for _, _, count, points in rows))


def blind_chance(question: QuestionText) -> Fraction:
    """Return the probability that random responses are right within the attempts, without repeating one."""
    responses = _count_responses(question)
    return min(Fraction(1), Fraction(question.attempts_limit, responses)) if responses else Fraction(0)


def chances_of_a_test_wise_guesser(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    """Return the probability of a right response for each key, for somebody who follows the best habits."""
    by_type: dict[str, list[QuestionText]] = defaultdict(list)
    for question in questions:
        by_type[question.type].append(question)
    chances: dict[str, Fraction] = {}
    for kind, alike in by_type.items():
        chances |= TEST_WISE.get(kind, _by_chance)(alike)
    return chances


def is_one_step(question: QuestionText) -> bool:
    """Return whether one step of arithmetic with the numbers of the prompt gives the key."""
    return question.type == "numeric" and any(is_right(str(value), question.secret) for value in _steps(question))


def _count_responses(question: QuestionText) -> int:
    """Return how many responses there are to guess from, or 0 if nobody could list them (a number, a text, a shape)."""
    body = question.body
    match question.type:
        case "true_false":
            return 2
        case "single_choice":
            return len(body["options"])
        case "multiple_choice":
            return 2 ** len(body["options"]) - 1
        case "ordering":
            return factorial(len(body["items"]))
        case "matching":
            return _count_matches(len(body["left"]), len(body["right"]))
        case _:
            return 0


def _count_matches(left: int, right: int) -> int:
    """Return how many responses use each match at most once, or any number of times if there are too few matches."""
    return perm(right, left) if right >= left else right**left


def _by_chance(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    return {question.key: blind_chance(question) for question in questions}


def _by_truth(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    usual, _ = Counter(bool(question.secret["answer"]) for question in questions).most_common(1)[0]
    return {question.key: Fraction(question.secret["answer"] == usual) for question in questions}


def _by_options(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    """Follow the two habits that earn most over all these questions; the second decides where the first does not."""
    habits: list[Habit] = [_stays_last, _is_shuffled, _longest, _shortest, _echo, _odd, _usual]
    pairs = [*permutations(habits, 2)]
    answered = [{question.key: _habit_chance(question, *pair) for question in questions} for pair in pairs]
    return max([_by_chance(questions), *answered], key=lambda chances: sum(chances.values()))


def _by_number(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    """Choose as many options at random as earns most over all questions with this number of options."""
    numbers: dict[int, Counter[int]] = defaultdict(Counter)
    for question in questions:
        numbers[len(question.body["options"])][sum(_pattern(question))] += 1
    return {question.key: _number_chance(question, numbers) for question in questions}


def _number_chance(question: QuestionText, numbers: Mapping[int, Counter[int]]) -> Fraction:
    options, right = len(question.body["options"]), sum(_pattern(question))
    counts = numbers[options]
    best = max(counts, key=lambda number: Fraction(counts[number], comb(options, number)))
    return min(Fraction(1), Fraction(question.attempts_limit, comb(options, right))) if right == best else Fraction(0)


def _by_arithmetic(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    return {
        question.key: _mean([Fraction(is_one_step(one)) for one in _variants_of(question)]) for question in questions
    }


def _by_shapes(questions: Sequence[QuestionText]) -> dict[str, Fraction]:
    """Choose among the shapes in the prompt and those that differ from one of them by a size of the prompt or an axis."""
    return {question.key: _mean([_shape_chance(one) for one in _variants_of(question)]) for question in questions}


def _variants_of(question: QuestionText) -> list[QuestionText]:
    """Return the variants of a question that draws its values, or the question itself."""
    return [variant.question for variant in question.variants] or [question]


TEST_WISE: Mapping[str, Callable[[Sequence[QuestionText]], dict[str, Fraction]]] = {
    "true_false": _by_truth,
    "single_choice": _by_options,
    "multiple_choice": _by_number,
    "numeric": _by_arithmetic,
    "tensor_shape": _by_shapes,
}


def _habit_chance(question: QuestionText, *habits: Habit) -> Fraction:
    """Return the probability that the right option is among the fittest; equally fit options are drawn at random."""
    fits = [[habit(option, question) for habit in habits] for option in range(len(question.body["options"]))]
    right = fits[_place_of_right(question)]
    better = sum(fit > right for fit in fits)
    return Fraction(max(0, min(fits.count(right), question.attempts_limit - better)), fits.count(right))


def _stays_last(option: int, question: QuestionText) -> float:
    return bool(question.body["options"][option].get("last"))


def _is_shuffled(option: int, question: QuestionText) -> float:
    return not _stays_last(option, question)


def _longest(option: int, question: QuestionText) -> float:
    lengths = [len(text) for text in _option_texts(question)]
    return sum(NOTABLY * length <= lengths[option] for length in lengths)


def _shortest(option: int, question: QuestionText) -> float:
    lengths = [len(text) for text in _option_texts(question)]
    return sum(length >= NOTABLY * lengths[option] for length in lengths)


def _echo(option: int, question: QuestionText) -> float:
    return len(_words(_option_texts(question)[option]) & _words(question.prompt))


def _usual(option: int, question: QuestionText) -> float:
    """Return how many words an option shares with the others."""
    texts = _option_texts(question)
    return sum(len(_words(texts[option]) & _words(text)) for other, text in enumerate(texts) if other != option)


def _odd(option: int, question: QuestionText) -> float:
    return -_usual(option, question)


def _steps(question: QuestionText) -> Iterator[Fraction]:
    """Yield the numbers of the prompt and their squares, and what one step makes of two of them or of all together."""
    numbers = _numbers(question.prompt)
    for number in numbers:
        yield from (number, number * number)
    for one, other in permutations(numbers, 2):
        yield from (one + other, one - other, one * other)
        if other:
            yield one / other
    if numbers:
        yield from (sum(numbers, Fraction(0)), prod(numbers, start=Fraction(1)))


def _shape_chance(question: QuestionText) -> Fraction:
    shapes = set(_near_shapes(question.prompt))
    key = tuple(question.secret["answer"])
    return min(Fraction(1), Fraction(question.attempts_limit, len(shapes))) if key in shapes else Fraction(0)


def _near_shapes(prompt: str) -> Iterator[tuple[int | None, ...]]:
    sizes = [int(number) for number in _numbers(prompt) if number.denominator == 1]
    for text in SHAPE.findall(prompt):
        shape = tuple(None if size == "None" else int(size) for size in text.split(", "))
        yield shape
        for axis in range(len(shape)):
            yield shape[:axis] + shape[axis + 1 :]
            yield from ((*shape[:axis], size, *shape[axis + 1 :]) for size in sizes)


def _numbers(text: str) -> list[Fraction]:
    return [Fraction(number.replace(",", "")) for number in dict.fromkeys(NUMBER.findall(text.translate(MINUS)))]


def _option_texts(question: QuestionText) -> list[str]:
    return [option["source"] for option in question.body["options"]]


def _words(text: str) -> set[str]:
    return {word.casefold() for word in LONG_WORD.findall(text)}


def _pattern(question: QuestionText) -> tuple[bool, ...]:
    return tuple(option["id"] in question.secret["right"] for option in question.body["options"])


def _place_of_right(question: QuestionText) -> int:
    return _pattern(question).index(True)


def _mean(chances: Sequence[Fraction]) -> Fraction:
    return sum(chances, Fraction(0)) / max(1, len(chances))


def _kind_shares(questions: Iterable[QuestionText], blind: Chances, test_wise: Chances) -> Iterator[KindShare]:
    keys: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        keys[question.type].append(question.key)
    for kind, its in sorted(keys.items()):
        shares = (float(_mean([chances[key] for key in its])) for chances in (blind, test_wise))
        yield KindShare(kind, len(its), *shares)
