"""Questions with gaps inside a text: Moodle's embedded answers, and its texts with places to drag or choose words into."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from exchange.formats.weighing import FULL, Weighed, choice_draft, gaps_draft, number_draft, share_in, text_draft
from exchange.rules.items import ItemDraft, Rich
from exchange.rules.reasons import UnfitItem

GAP = "_____"
EMBEDDED = re.compile(r"\{(?P<points>\d*(?:\.\d+)?):(?P<kind>[A-Z_]+):(?P<answers>(?:\\.|[^\\}])*)\}", re.DOTALL)
PARTS = re.compile(r"((?:\\.|[^\\~])*)~?", re.DOTALL)
ANSWER = re.compile(r"(?P<mark>=|%(?P<share>-?\d+(?:\.\d+)?)%)?(?P<text>(?:\\.|[^\\#])*)(?:#(?P<why>.*))?", re.DOTALL)
TEXTS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
NUMBERS = {"NUMERICAL", "NM"}
CHOICES = {
    "MULTICHOICE",
    "MC",
    "MCV",
    "MCH",
    "MCS",
    "MCVS",
    "MCHS",
    "MULTICHOICE_V",
    "MULTICHOICE_H",
    "MULTICHOICE_S",
    "MULTICHOICE_VS",
    "MULTICHOICE_HS",
}
SEVERAL = {"MULTIRESPONSE", "MR", "MRH", "MRS", "MRHS", "MULTIRESPONSE_H", "MULTIRESPONSE_S", "MULTIRESPONSE_HS"}
POSITION = re.compile(r"\[\[(\d+)\]\]")


def embedded_draft(text: Rich) -> ItemDraft:
    """Return the draft of a text with embedded answers. Raises UnfitItem."""
    gaps = list(EMBEDDED.finditer(text.text, 0, _last_close(text.text)))
    if not gaps:
        raise UnfitItem("no_question")
    if len(gaps) == 1:
        draft = _single(_named(text, gaps, [GAP]), gaps[0], text)
        draft.changed("gap_shown", gap=GAP)
        return draft
    if any(gap["kind"] not in CHOICES for gap in gaps):
        raise UnfitItem("several_gaps")
    prompt = _named(text, gaps, [f"(gap {number})" for number in range(1, len(gaps) + 1)])
    return gaps_draft(prompt, [(f"gap {number}", _answers(gap, text)) for number, gap in enumerate(gaps, 1)])


def _last_close(text: str) -> int:
    """Return where the last brace that closes a gap ends. No gap is sought after it, so that each character is read once."""
    end = text.rfind("}")
    while end > 0 and (end - len(text[:end].rstrip("\\"))) % 2:
        end = text.rfind("}", 0, end)
    return end + 1


def _named(text: Rich, gaps: Sequence[re.Match[str]], names: Sequence[str]) -> Rich:
    """Return a text with names in the place of its gaps."""
    ends = [0, *(gap.end() for gap in gaps)]
    parts = [f"{text.text[end : gap.start()]}{name}" for end, gap, name in zip(ends, gaps, names, strict=False)]
    return replace(text, text="".join([*parts, text.text[ends[-1] :]]))


def _single(prompt: Rich, gap: re.Match[str], text: Rich) -> ItemDraft:
    answers, kind = _answers(gap, text), gap["kind"]
    if kind in TEXTS:
        return text_draft(prompt, answers, is_case_exact=kind.endswith("C"))
    if kind in NUMBERS:
        return number_draft(prompt, [_with_tolerance(answer) for answer in answers])
    if kind in CHOICES | SEVERAL:
        return choice_draft(prompt, answers, is_single=kind in CHOICES)
    raise UnfitItem("kind_unknown", kind=kind)


def _with_tolerance(answer: Weighed) -> Weighed:
    number, _colon, tolerance = answer.text.text.partition(":")
    return replace(answer, text=Rich(number.strip()), tolerance=tolerance.strip() or "0")


def _answers(gap: re.Match[str], text: Rich) -> list[Weighed]:
    parts = [part for part in PARTS.findall(gap["answers"]) if part.strip()]
    return [_answer(part, text) for part in parts]


def _answer(part: str, text: Rich) -> Weighed:
    match = ANSWER.fullmatch(part.strip())
    assert match is not None  # every text fits
    share = FULL if match["mark"] == "=" else share_in(match["share"])
    return Weighed(
        replace(text, text=_unescaped(match["text"]).strip()),
        share,
        replace(text, text=_unescaped(match["why"] or "").strip()),
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}~#/\"\\=%])", r"\1", text)


def placed_draft(text: Rich, choices: Sequence[tuple[str, str]]) -> ItemDraft:
    """Return the draft of a text with numbered places, whose choices are texts with their groups. Raises UnfitItem."""
    places = [int(number) for number in POSITION.findall(text.text)]
    if not places:
        raise UnfitItem("no_question")
    if any(not 1 <= position <= len(choices) for position in places):
        raise UnfitItem("gaps_unmatched", problem="a place names a choice that the item does not have.")
    gaps = []
    for number, position in enumerate(places, 1):
        right, group = choices[position - 1]
        offered = [
            Weighed(Rich(choice), FULL if index == position else Decimal(0))
            for index, (choice, its_group) in enumerate(choices, 1)
            if its_group == group and (index == position or choice != right)
        ]
        gaps.append((f"gap {number}", offered))
    if len(gaps) == 1:
        draft = choice_draft(replace(text, text=POSITION.sub(GAP, text.text)), gaps[0][1], is_single=True)
        draft.changed("gap_shown", gap=GAP)
        return draft
    names = iter(range(1, len(gaps) + 1))
    return gaps_draft(replace(text, text=POSITION.sub(lambda _: f"(gap {next(names)})", text.text)), gaps)
