"""Read CSV as spreadsheets write it: a line of names, then a question on each line."""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from exchange.formats.texts import decoded, shortened
from exchange.formats.weighing import share_in
from exchange.refusals import Refusal
from exchange.rules.items import DraftOption, ItemDraft, Rich, SourceBank, SourceItem
from exchange.rules.reasons import UnfitItem, cut

FORMAT = "CSV"
FALLBACK = "windows-1252"  # what spreadsheets of Windows write
DELIMITERS = ",;\t|"
NAMES = {
    "prompt": {"question", "question text", "prompt", "text", "stem", "item"},
    "type": {"type", "question type", "kind"},
    "answer": {
        "answer",
        "correct",
        "correct answer",
        "correct answers",
        "correct answer s",
        "key",
        "right",
        "solution",
    },
    "explanation": {"explanation", "feedback", "general feedback", "reason", "why", "rationale"},
    "points": {"points", "score", "point value", "marks", "point"},
    "tags": {"tags", "tag", "category", "topic", "labels"},
    "id": {"id", "identifier", "number"},
    "name": {"name", "title"},
    "tolerance": {"tolerance", "margin"},
    "unit": {"unit"},
}
OPTION = re.compile(
    r"(?:(?:option|answer|choice|response|distractor) ?)?([a-j]|10|[1-9])(?: (?:text|max \d+ characters))?"
)
FEEDBACK = re.compile(r"(?:feedback|why|reason|explanation) ?([a-j]|10|[1-9])")
TRUE, FALSE = {"true", "t", "yes", "wahr", "richtig"}, {"false", "f", "no", "falsch"}
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
LONGEST_CELL = 200_000


def header_of(text: str) -> list[str] | None:
    """Return what each column says, or None if the first line has no names of a question."""
    line = text.lstrip("\r\n").partition("\n")[0]
    roles = [role_of(name) for name in _row(line, delimiter_of(line))]
    is_table = "prompt" in roles and ("answer" in roles or any(role.startswith("option") for role in roles))
    return roles if is_table else None


def delimiter_of(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def role_of(name: str) -> str:
    """Return what a column says: a name of NAMES, an option or a feedback with its place, or ""."""
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())
    known = next((role for role, names in NAMES.items() if plain in names), "")
    if known:
        return known
    for role, pattern in (("option", OPTION), ("feedback", FEEDBACK)):
        if match := pattern.fullmatch(plain):
            return f"{role} {_place(match[1])}"
    return ""


def _place(mark: str) -> int:
    return int(mark) if mark.isdigit() else ord(mark) - ord("a") + 1


def read_table(content: bytes) -> SourceBank:
    """Return the items of a file. Raises Refusal bank_encoding, bank_unreadable."""
    text = decoded(content, fallback=FALLBACK).lstrip("\r\n")
    if text[:4].lower() == "sep=":  # a line by which spreadsheets tell each other the delimiter
        text = text.partition("\n")[2]
    line = text.partition("\n")[0]
    delimiter = delimiter_of(line)
    roles = [role_of(name) for name in _row(line, delimiter)]
    names = [name.strip() for name in _row(line, delimiter)]
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = [
            row
            for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise Refusal("bank_unreadable", format=FORMAT, problem=str(error)) from None
    items = tuple(_item(row, roles, names, number) for number, row in enumerate(rows[1:], 1))
    return SourceBank(FORMAT, "", items, len(rows) - 1)


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _item(row: list[str], roles: list[str], names: list[str], number: int) -> SourceItem:
    cells = {role: cell.strip() for role, cell in zip(roles, row, strict=False) if role and cell.strip()}
    draft, refusal = None, None
    try:
        if len(row) > len(roles) and any(cell.strip() for cell in row[len(roles) :]):
            raise UnfitItem("unreadable", problem="it has more cells than the line of names")
        draft = _draft(cells)
        for role, name, cell in zip(roles, names, row, strict=False):
            if not role and cell.strip():
                draft.changed("left_out", field=name or "a column without a name", value=cut(cell, 80))
    except UnfitItem as unfit:
        refusal = unfit.reason
    tags = [tag.strip() for tag in re.split(r"[;,]", cells.get("tags", "")) if tag.strip()]
    source = "\n".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=False) if cell.strip())
    return SourceItem(
        number,
        draft.type if draft else cells.get("type", ""),
        shortened(source),
        cells.get("id", ""),
        cut(cells.get("name", "")),
        tuple(dict.fromkeys(cut(tag, 100) for tag in tags)),
        draft,
        refusal,
    )


def _draft(cells: Mapping[str, str]) -> ItemDraft:
    """Return the draft of a line. Raises UnfitItem."""
    if "prompt" not in cells:
        raise UnfitItem("empty")
    kind = cells.get("type", "").lower()
    if any(word in kind for word in ("essay", "open", "long", "paragraph")):
        raise UnfitItem("essay")
    options = {int(role.partition(" ")[2]): cell for role, cell in cells.items() if role.startswith("option ")}
    draft = _choice(cells, options) if options else _single(cells)
    draft.points = share_in(cells.get("points"), "1")
    if "explanation" in cells:
        draft.explanation.append(Rich(cells["explanation"]))
    return draft


def _choice(cells: Mapping[str, str], options: Mapping[int, str]) -> ItemDraft:
    right = set(_right_places(cells.get("answer", ""), options))
    if not right:
        raise UnfitItem("no_right")
    prompt = Rich(cells["prompt"])
    if {option.lower() for option in options.values()} == {"true", "false"} and len(right) == 1:
        return ItemDraft("true_false", prompt, answer=options[next(iter(right))].lower() == "true")
    draft = ItemDraft("single_choice" if len(right) == 1 else "multiple_choice", prompt)
    draft.options = [
        DraftOption(Rich(text), position in right, Rich(cells.get(f"feedback {position}", "")))
        for position, text in sorted(options.items())
    ]
    return draft


def _right_places(answer: str, options: Mapping[int, str]) -> Iterator[int]:
    """Yield the places of the right options, which are named by their text, or by letters or numbers. Raises UnfitItem."""
    same = [position for position, text in options.items() if text.casefold() == answer.casefold()]
    if same:
        yield same[0]
        return
    for mark in filter(None, (part.strip().lower() for part in re.split(r"[,;|&]|\band\b", answer))):
        position = next((position for position, text in options.items() if text.casefold() == mark), 0)
        bare = mark.rstrip(".)").removeprefix("option ").removeprefix("answer ")
        if not position and re.fullmatch(r"[a-j]|10|[1-9]", bare):
            position = _place(bare)
        if position not in options:
            raise UnfitItem("unreadable", problem=f"“{cut(mark, 60)}” is not one of its options")
        yield position


def _single(cells: Mapping[str, str]) -> ItemDraft:
    prompt, answer, kind = Rich(cells["prompt"]), cells.get("answer", ""), cells.get("type", "").lower()
    if not answer:
        raise UnfitItem("no_right")
    if answer.lower() in TRUE | FALSE and not any(word in kind for word in ("short", "text", "blank")):
        return ItemDraft("true_false", prompt, answer=answer.lower() in TRUE)
    if NUMBER.fullmatch(answer) and not any(word in kind for word in ("short", "text", "blank")):
        return ItemDraft(
            "numeric", prompt, answer=answer, tolerance=cells.get("tolerance", "0"), unit=cells.get("unit", "")
        )
    return ItemDraft("text", prompt, answers=[part.strip() for part in re.split(r"[|;]", answer) if part.strip()])
