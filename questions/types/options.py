"""Compile options to choose from, shared by single and multiple choice."""

from collections.abc import Callable, Iterator
from typing import TypedDict

from questions.refusals import Refusal
from questions.rules.places import named_letters, named_place, speaks_of_others
from questions.types.authored import Authored, BodyItem, QuestionSource, Reader, SourceProblem, opaque_id

FIELDS = frozenset({"options"})
GIVEAWAYS = ("all of the above", "none of the above", "all of these", "none of these")
BY_PLACE = "“{words}” names an option by its place, and each learner sees the options in another order"
OF_OTHERS = "this option speaks of the others, so it needs “last: true” to stay behind them"
TOO_LONG = 1.5  # times the longest wrong option: beyond this, length alone gives the key away


class OptionsBody(TypedDict):
    """The options in the order of their text."""

    options: list[BodyItem]


class OptionsKey(TypedDict):
    """The ids of the correct options, and the reasons by option id."""

    right: list[str]
    whys: dict[str, str]


def known_ids(body: OptionsBody) -> list[str]:
    return [option["id"] for option in body["options"]]


def refuse_unknown_option(chosen: object, body: OptionsBody, expected: str) -> None:
    if chosen not in known_ids(body):
        raise Refusal("invalid_response", expected=expected)


def compile_options(
    source: QuestionSource, render: Callable[[str], str], *, refuse_count: Callable[[int], str | None]
) -> Authored:
    """Return body `{options: [{id, html, source}]}`, key `{right: [ids], whys: {id: html}}`.

    `refuse_count` returns what is wrong with a number of right options, or None.
    """
    reader = Reader(source)
    rows = reader.rows("options", least=2)
    texts = [reader.text("options", row, "text") for row in rows]
    right = [reader.flag("options", row, "right") for row in rows]
    whys = [_why(reader, row) for row in rows]
    last = [reader.flag("options", row, "last") for row in rows]
    for row in rows:
        reader.refuse_unknown({"text", "right", "why", "last"}, "options", row)
    reader.refuse_doubled(texts, "options")
    if rows and (message := refuse_count(sum(right))):
        reader.report(("options",), message)
    ids = [opaque_id(source, "option", text) for text in texts]
    return Authored(
        body={
            "options": [
                {"id": option_id, "html": render(text), "source": text, **({"last": True} if is_last else {})}
                for option_id, text, is_last in zip(ids, texts, last, strict=True)
            ]
        },
        key={
            "right": sorted(option_id for option_id, is_right in zip(ids, right, strict=True) if is_right),
            "whys": {i: render(why) for i, why in zip(ids, whys, strict=True) if why},
        },
        problems=tuple(reader.problems),
        advice=(*_advice(texts, right, whys), *_place_advice(str(source.get("prompt")), texts, whys, last)),
    )


def _why(reader: Reader, row: int) -> str:
    path = ("options", row, "why")
    return reader.text(*path) if reader.at(path) is not None else ""


def _advice(texts: list[str], right: list[bool], whys: list[str]) -> list[SourceProblem]:
    reasons = [
        SourceProblem(("options", row, "why"), "a wrong option needs the reason why someone believes it")
        for row, (is_right, why) in enumerate(zip(right, whys, strict=True))
        if not is_right and not why
    ]
    giveaways = [
        SourceProblem(("options", row, "text"), "“of the above” can be guessed from its form")
        for row, text in enumerate(texts)
        if text.casefold().rstrip(".") in GIVEAWAYS
    ]
    return reasons + giveaways + _length_advice(texts, right)


def _place_advice(prompt: str, texts: list[str], whys: list[str], last: list[bool]) -> Iterator[SourceProblem]:
    """Yield texts that depend on the place of an option."""
    for row, (text, why, is_last) in enumerate(zip(texts, whys, last, strict=True)):
        for name, words in (("text", named_place(text) or named_letters(text, prompt)), ("why", named_place(why))):
            if words:
                yield SourceProblem(("options", row, name), BY_PLACE.format(words=words))
        if speaks_of_others(text) and not is_last:
            yield SourceProblem(("options", row), OF_OTHERS)


def _length_advice(texts: list[str], right: list[bool]) -> list[SourceProblem]:
    lengths = [len(text) for text in texts]
    wrong = [length for length, is_right in zip(lengths, right, strict=True) if not is_right]
    if sum(right) != 1 or not wrong or max(lengths) < 24:
        return []
    row = right.index(True)
    if lengths[row] <= TOO_LONG * max(wrong):
        return []
    return [SourceProblem(("options", row, "text"), "the right option is by far the longest")]
