"""Find keys that their form gives away, and questions asked twice, in questions as written."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from questions.rules.places import named_place
from quizzes.rules.texts import QuestionText

ENOUGH = 5  # questions of one kind in a file, from which on a habit shows
HABIT = 0.6  # the share of them that may have the same irrelevant feature
LOPSIDED = 0.75  # the share of a file's true/false questions that may have the same answer
ALIKE = 0.8  # the share of their words that two questions may have in common
LONG_WORD = re.compile(r"[^\W\d_]{6,}")
WORD = re.compile(r"\w+")

type Advice = Iterator[tuple[QuestionText, str]]


def habits_of(questions: Sequence[QuestionText]) -> Iterator[str]:
    """Yield what the questions of one file have in common that would help a guesser."""
    answers = Counter(question.secret["answer"] for question in questions if question.type == "true_false")
    if answers.total() >= ENOUGH and len(answers) == 1:
        yield f"all {answers.total()} true/false questions here have the same answer."
    elif _is_habit(answers, LOPSIDED):
        (answer, count) = answers.most_common(1)[0]
        yield f"{count} of {answers.total()} true/false questions here are {str(answer).lower()}."
    choices = [question for question in questions if question.type == "single_choice"]
    yield from _length_habits(choices)


def _length_habits(choices: Sequence[QuestionText]) -> Iterator[str]:
    for name, extreme in (("longest", max), ("shortest", min)):
        count = sum(_right_is(extreme, question) for question in choices)
        if len(choices) >= ENOUGH and count > HABIT * len(choices):
            yield f"in {count} of {len(choices)} single choice questions here the {name} option is right."


def echoes(questions: Iterable[QuestionText]) -> Advice:
    """Return questions in which only the right option repeats words of the prompt."""
    for question in questions:
        if question.type == "single_choice":
            right, wrong = _options(question)
            asked = _long_words(question.prompt) & _long_words(right)
            if len(asked - _long_words(" ".join(wrong))) > 1:
                yield question, "only the right option repeats words of the prompt."


def places(questions: Iterable[QuestionText]) -> Advice:
    """Return questions whose prompt or explanation names an option by its place, which differs between learners (D40)."""
    for question in questions:
        if "options" in question.body:
            for name in ("prompt", "explanation"):
                if words := named_place(getattr(question, name)):
                    yield question, f"its {name} says “{words}”, and each learner sees the options in another order."


def near_equal(questions: Sequence[QuestionText]) -> Advice:
    """Return the second of any questions that ask the same in nearly the same words, once for all of them."""
    by_type: dict[str, list[QuestionText]] = defaultdict(list)
    for question in questions:
        by_type[question.type].append(question)
    for of_type in by_type.values():
        for one, other, *more in _groups_of_alike(of_type):
            also = ", ".join(f"“{question.key}”" for question in more)
            rest = f", and so {'do' if len(more) > 1 else 'does'} {also}" if more else ""
            yield other, f"asks nearly what “{one.key}” asks ({one.file}){rest}."


def _groups_of_alike(questions: Sequence[QuestionText]) -> Iterator[list[QuestionText]]:
    """Yield the groups of questions, in their order, each of which has nearly the words of another one in its group."""
    words = [_vocabulary(question) for question in questions]
    group_of = {index: [index] for index in range(len(questions))}
    for index, later in combinations(group_of, 2):
        group, joining = group_of[index], group_of[later]
        if group is joining or len(words[index] & words[later]) < ALIKE * len(words[index] | words[later]):
            continue
        group += joining
        group_of |= dict.fromkeys(joining, group)
    for index, group in group_of.items():
        if len(group) > 1 and index == min(group):
            yield [questions[member] for member in sorted(group)]


def _is_habit(counts: Counter[bool], share: float) -> bool:
    return counts.total() >= ENOUGH and max(counts.values()) > share * counts.total()


def _right_is(extreme: Callable[[Iterable[int]], int], question: QuestionText) -> bool:
    right, wrong = _options(question)
    bound = extreme(len(option) for option in wrong)
    return len(right) != bound and extreme((len(right), bound)) == len(right)


def _options(question: QuestionText) -> tuple[str, list[str]]:
    texts = {option["id"]: option["source"] for option in question.body["options"]}
    right = question.secret["right"][0]
    return texts[right], [text for key, text in texts.items() if key != right]


def _vocabulary(question: QuestionText) -> frozenset[str]:
    """Return the words and numbers that the learner reads."""
    written = [question.prompt, *(option["source"] for option in question.body.get("options", ()))]
    return frozenset(WORD.findall(" ".join(written).casefold()))


def _long_words(text: str) -> set[str]:
    return {word.casefold() for word in LONG_WORD.findall(text)}
