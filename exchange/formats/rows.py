"""Make a question of a course file of a draft, and check it as a course is checked."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from authoring.folder.files import find_asset
from course.markup import Setting, render_fragment
from exchange.formats.escaping import escaped
from exchange.formats.markdown import MarkdownWriter
from exchange.formats.pictures import ItemPictures
from exchange.formats.rich import to_markdown
from exchange.rules.items import ItemDraft, Rich, SourceItem
from exchange.rules.reasons import Reason, UnfitItem, cut
from questions import types
from questions.refusals import Refusal
from questions.rules.places import named_letters, named_place, speaks_of_others
from questions.types.numeric.marking import is_right, parse
from questions.types.text.marking import MAX_LENGTH, folded, is_visible, tidy

LEAST_POINTS, MOST_POINTS = Decimal("0.01"), Decimal(1000)
LEVEL, DIFFICULTY = "recall", 2  # of an imported question, until its author says better
LONGEST_ROW = 100_000  # characters of all texts of a question
TRUE_FALSE = {"true": True, "false": False}

type MadeRow = dict[str, Any]


@dataclass(frozen=True)
class MadeQuestion:
    """A question as a course writes it, without id and objective. `pictures` are by path beside the text."""

    row: MadeRow
    pictures: Mapping[str, bytes]
    reasons: tuple[Reason, ...]


@dataclass
class RowMaker:
    """Turns the texts of one draft into Markdown."""

    draft: ItemDraft
    pictures: ItemPictures
    lifted_prompt: list[str] = field(default_factory=list)
    lifted_explanation: list[str] = field(default_factory=list)

    def block(self, rich: Rich) -> str:
        return to_markdown(rich, MarkdownWriter(self.pictures.find, self.draft.changed))

    def option(self, rich: Rich) -> str:
        """Return an option, an item or a side of a pair. Its pictures go below the question, where the option finds them."""
        return self.line(rich, self.lifted_prompt, "Picture", "picture_moved")

    def why(self, rich: Rich) -> str:
        return self.line(rich, self.lifted_explanation, "Picture of a reason", "reason_picture_moved")

    def line(self, rich: Rich, lifted: list[str], name: str, code: str) -> str:
        def lift(markdown: str) -> str:
            self.draft.changed(code)
            words = f"{name} {len(lifted) // 2 + 1}"
            lifted.extend((f"**{words}**", markdown))
            return words

        return to_markdown(rich, MarkdownWriter(self.pictures.find, self.draft.changed, lift))


def make_question(item: SourceItem) -> MadeQuestion:
    """Return the question of an item with a draft. Raises UnfitItem."""
    draft = item.draft
    assert draft is not None
    maker = RowMaker(draft, ItemPictures(item.pictures))
    prompt = maker.block(draft.prompt)
    own = OWN_FIELDS[draft.type](maker)
    prompt = "\n\n".join(part for part in (prompt, *maker.lifted_prompt) if part)
    if not prompt:
        raise UnfitItem("empty")
    parts = [maker.block(rich) for rich in draft.explanation if rich]
    explanation = "\n\n".join(dict.fromkeys(part for part in (*parts, *maker.lifted_explanation) if part))
    row: MadeRow = {
        "type": draft.type,
        "level": LEVEL,
        "difficulty": DIFFICULTY,
        "points": _points(draft),
        "prompt": prompt,
        **own,
        "explanation": explanation or _answer_in_words(draft.type, own),
    }
    if item.tags:
        row["tags"] = list(item.tags)
    refuse_unfit(row, maker.pictures.used)
    return MadeQuestion(row, maker.pictures.used, tuple(draft.reasons))


def _points(draft: ItemDraft) -> Decimal | int:
    points = draft.points
    if not LEAST_POINTS <= points <= MOST_POINTS:
        fitted = Decimal(1) if points <= 0 else max(LEAST_POINTS, min(MOST_POINTS, points))
        draft.changed("points_range", points=f"{points.normalize():f}", now=f"{fitted:f}")
        points = fitted
    return int(points) if points == points.to_integral_value() else Decimal(f"{points.normalize():f}")


def _true_false(maker: RowMaker) -> MadeRow:
    draft = maker.draft
    draft.explanation += [option.why for option in draft.options if option.why]
    return {"answer": draft.answer is True}


def _options(maker: RowMaker) -> MadeRow:
    draft = maker.draft
    rows: list[MadeRow] = []
    for option in draft.options:
        text, why = maker.option(option.text), maker.why(option.why)
        if not text:
            raise UnfitItem("empty")
        if any(row["text"] == text for row in rows):
            raise UnfitItem("option_equal", text=text)
        is_last = option.is_last or speaks_of_others(text)
        rows.append(
            {
                "text": text,
                **({"right": True} if option.is_right else {}),
                **({"why": why} if why else {}),
                **({"last": True} if is_last else {}),
            }
        )
    if len(rows) < 2:
        raise UnfitItem("too_few", what="A choice", least="two options", count=len(rows))
    for row in rows:
        if named := named_letters(row["text"], draft.prompt.text) or named_place(row["text"]):
            raise UnfitItem("by_place", words=named)
        if named := named_place(row.get("why", "")):
            draft.changed("place_named", words=named)
    right = sum("right" in row for row in rows)
    if not right:
        raise UnfitItem("no_right")
    if draft.type == "single_choice" and right != 1:
        draft.type = "multiple_choice"
    return {"options": rows}


def _number(text: str) -> str:
    try:
        return str(parse(text, {}))
    except Refusal:
        raise UnfitItem("number_unread", number=text) from None


def _numeric(maker: RowMaker) -> MadeRow:
    draft = maker.draft
    answer, tolerance = _number(str(draft.answer)), _number(draft.tolerance)
    is_relative = draft.is_relative and answer != "0"
    own: MadeRow = {"answer": answer}
    if tolerance != "0":
        own["tolerance"] = tolerance.removeprefix("-")
    if is_relative:
        own["relative"] = True
    if draft.unit:
        own["unit"] = draft.unit
    misses: list[MadeRow] = []
    for miss in draft.misses:
        why, value = maker.why(miss.why), _number(miss.answer)
        if not why:
            continue
        key = {"answer": answer, "tolerance": own.get("tolerance", "0"), "relative": is_relative}
        others = [{**key, "answer": row["answer"]} for row in misses]
        if is_right(value, key) or any(
            is_right(value, other) or is_right(other["answer"], {**key, "answer": value}) for other in others
        ):
            draft.changed("miss_left_out", response=miss.answer)
            draft.explanation.append(miss.why)
            continue
        misses.append({"answer": value, "why": why})
    return {**own, **({"near_misses": misses} if misses else {})}


def _text(maker: RowMaker) -> MadeRow:
    draft = maker.draft
    same = tidy if draft.is_case_exact else folded
    fitting = [answer for answer in draft.answers if is_visible(answer) and len(tidy(answer)) <= MAX_LENGTH]
    answers = {same(answer): tidy(answer) for answer in reversed(fitting)}
    if not answers:
        raise UnfitItem("no_right")
    if len(fitting) < len(draft.answers):
        draft.changed("answers_left_out", count=len(draft.answers) - len(fitting))
    return {"answers": list(reversed(answers.values())), **({"case": "exact"} if draft.is_case_exact else {})}


def _matching(maker: RowMaker) -> MadeRow:
    draft = maker.draft
    pairs = [[maker.option(left), maker.option(right)] for left, right in draft.pairs]
    if any(not side for pair in pairs for side in pair):
        raise UnfitItem("empty")
    lefts, rights = [left for left, _right in pairs], list(dict.fromkeys(right for _left, right in pairs))
    if len({*lefts}) < len(lefts):
        raise UnfitItem("option_equal", text=next(left for left in lefts if lefts.count(left) > 1))
    extra = [text for text in dict.fromkeys(maker.option(rich) for rich in draft.extra) if text and text not in rights]
    if len(pairs) < 2:
        raise UnfitItem("too_few", what="A matching question", least="two pairs", count=len(pairs))
    if len(rights) + len(extra) < 2:
        raise UnfitItem("too_few", what="A matching question", least="two right sides", count=len(rights))
    return {"pairs": pairs, **({"extra": extra} if extra else {})}


def _ordering(maker: RowMaker) -> MadeRow:
    items = [maker.option(rich) for rich in maker.draft.items]
    if len(items) < 2:
        raise UnfitItem("too_few", what="An ordering question", least="two items", count=len(items))
    if len({*items}) < len(items):
        raise UnfitItem("option_equal", text=next(item for item in items if items.count(item) > 1))
    return {"items": items}


OWN_FIELDS: Mapping[str, Callable[[RowMaker], MadeRow]] = {
    "true_false": _true_false,
    "single_choice": _options,
    "multiple_choice": _options,
    "numeric": _numeric,
    "text": _text,
    "matching": _matching,
    "ordering": _ordering,
}


def _answer_in_words(kind: str, own: MadeRow) -> str:
    """Return an explanation for a question that came without one: it names the correct answer."""
    match kind:
        case "true_false":
            return f"Correct answer: {own['answer']}."
        case "numeric":
            unit = escaped(f" {own['unit']}") if "unit" in own else ""
            return f"Correct answer: {own['answer']}{unit}."
        case "text":
            return f"Correct answer: {escaped(own['answers'][0])}"
        case "matching":
            return "\n".join(f"- {_one_line(left)}: {_one_line(right)}" for left, right in own["pairs"])
        case "ordering":
            return "\n".join(f"{number}. {_one_line(text)}" for number, text in enumerate(own["items"], 1))
    right = [row["text"] for row in own["options"] if "right" in row]
    if len(right) == 1:
        return f"Correct answer: {_one_line(right[0])}"
    return "Correct answers:\n\n" + "\n".join(f"- {_one_line(text)}" for text in right)


def _one_line(text: str) -> str:
    return text.replace("\\\n", " ")


def refuse_unfit(row: MadeRow, pictures: Mapping[str, bytes]) -> None:
    """Raise UnfitItem for what the check of the course would report of this question."""
    texts = list(_strings(row))
    if sum(map(len, texts)) > LONGEST_ROW:
        raise UnfitItem("too_long")
    if any(re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text) for text in texts):
        raise UnfitItem("unreadable", problem="it has control characters")
    setting = Setting(find_asset=lambda path: find_asset(pictures, path, lambda _digest, name: name))
    problems: list[str] = []

    def render(written: str, *, is_inline: bool = True) -> str:
        page = render_fragment(written, setting, is_inline=is_inline)
        problems.extend(problem.text for problem in page.problems)
        return page.html

    for name in ("prompt", "explanation"):
        render(row[name], is_inline=False)
    authored = types.get(row["type"]).compile({"id": "checked", **row}, render)
    problems += [problem.message for problem in authored.problems]
    if problems:
        raise UnfitItem("unfit", problem=cut(problems[0]))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
