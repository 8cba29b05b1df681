"""Read items of QTI 2.1 and 2.2 (https://www.imsglobal.org/question/qtiv2p2/imsqti_v2p2_impl.html)."""

import posixpath
import re
from collections.abc import Callable, Mapping
from copy import deepcopy

from lxml import etree

from exchange.formats.cloze import GAP
from exchange.formats.qti21_scoring import Responses, read_responses
from exchange.formats.texts import inner_html, source_of
from exchange.formats.weighing import FULL, Weighed, choice_draft, gaps_draft, number_draft, text_draft
from exchange.rules.items import NOTHING, ItemDraft, Markup, Rich, SourceItem
from exchange.rules.reasons import UnfitItem, cut

FORMAT = "QTI 2"
INTERACTION = re.compile(r"\w*Interaction$")


def is_item(root: etree._Element) -> bool:
    return root.tag == "assessmentItem"


def read_item(root: etree._Element, number: int, path: str, files: Mapping[str, bytes]) -> SourceItem:
    """Return an item. `path` is its place in the package `files`."""
    interactions = [element for element in root.iter() if INTERACTION.match(element.tag)]
    draft, refusal = None, None
    try:
        draft = read_draft(root, interactions)
    except UnfitItem as unfit:
        refusal = unfit.reason
    folder = posixpath.dirname(path)
    near = {posixpath.relpath(name, folder or "."): content for name, content in files.items()}
    return SourceItem(
        number=number,
        kind=interactions[0].tag if interactions else "assessmentItem",
        source=source_of(root),
        ident=root.get("identifier", ""),
        name=cut(root.get("title", "")),
        tags=(cut(root.get("label", ""), 100),) if root.get("label") else (),
        draft=draft,
        refusal=refusal,
        pictures=near | dict(files),
    )


def read_draft(root: etree._Element, interactions: list[etree._Element]) -> ItemDraft:
    """Return the draft of an item. Raises UnfitItem."""
    if next(root.iter("templateDeclaration", "templateProcessing"), None) is not None:
        raise UnfitItem("calculated")
    body = root.find("itemBody")
    if body is None or not interactions:
        raise UnfitItem("no_question")
    kinds = {interaction.tag for interaction in interactions}
    if kinds - READERS.keys():
        kind = min(kinds - READERS.keys())
        raise UnfitItem(REFUSED_KINDS.get(kind, "kind_unknown"), kind=kind, what=kind)
    if len(interactions) > 1 and kinds != {"inlineChoiceInteraction"}:
        is_gaps = kinds <= {"textEntryInteraction", "inlineChoiceInteraction"}
        raise UnfitItem("several_gaps" if is_gaps else "several_questions", count=len(interactions))
    responses = read_responses(root)
    draft = READERS[interactions[0].tag](root, interactions, responses)
    draft.points = responses.points
    if responses.penalties:
        draft.changed("penalty", shares=", ".join(f"{score:f} points" for score in responses.penalties))
    for words, rich in responses.feedback():
        draft.explanation += [Rich(words), rich] if words else [rich]
        if words:
            draft.changed("feedback_joined")
    if any(element.get("shuffle") == "false" for element in interactions) and draft.type != "text":
        draft.changed("fixed_order")
    return draft


def rich_of(element: etree._Element | None) -> Rich:
    return Rich(inner_html(_plain(element)), Markup.HTML) if element is not None else NOTHING


def _plain(element: etree._Element) -> etree._Element:
    """Return an element whose pictures are HTML's, and without feedback inside."""
    made = deepcopy(element)
    for picture in list(made.iter("object")):
        if picture.get("type", "").startswith("image/"):
            picture.tag = "img"
            picture.set("src", picture.get("data", ""))
            picture.set("alt", " ".join("".join(picture.itertext()).split()))
            picture.text = None
            del picture[:]
    for inside in list(made.iter("feedbackInline", "feedbackBlock", "rubricBlock", "stylesheet")):
        if inside is not made:
            _replace(inside, "")
    return made


def _replace(element: etree._Element, words: str) -> None:
    """Put words in the place of an element."""
    around, text = element.getparent(), words + (element.tail or "")
    if around is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        around.text = (around.text or "") + text
    around.remove(element)


def prompt_of(root: etree._Element, names: Mapping[int, str] | None = None) -> Rich:
    """Return the body of an item with its prompts, where each interaction is replaced by its name, "" for none."""
    body = root.find("itemBody")
    assert body is not None
    made = deepcopy(body)
    for number, element in enumerate([one for one in made.iter() if INTERACTION.match(one.tag)]):
        asked = element.find("prompt")
        if asked is not None:
            asked = deepcopy(asked)
            asked.tag, asked.tail = "div", None
            element.addprevious(asked)
        _replace(element, (names or {}).get(number, ""))
    return rich_of(made)


def _whys(choice: etree._Element) -> Rich:
    inside = next(choice.iter("feedbackInline", "feedbackBlock"), None)
    return rich_of(inside)


def _choice(root: etree._Element, interactions: list[etree._Element], responses: Responses) -> ItemDraft:
    interaction = interactions[0]
    declared = responses.of(interaction)
    choices = list(interaction.iter("simpleChoice"))
    shares = declared.shares([choice.get("identifier", "") for choice in choices])
    is_single = interaction.get("maxChoices", "1") == "1" or declared.cardinality == "single"
    words = [" ".join("".join(choice.itertext()).split()).lower() for choice in choices]
    prompt = prompt_of(root)
    if sorted(words) == ["false", "true"] and is_single:
        right = [
            word for word, choice in zip(words, choices, strict=True) if shares[choice.get("identifier", "")] >= FULL
        ]
        if len(right) == 1:
            return ItemDraft("true_false", prompt, answer=right[0] == "true")
    last = choices[-1] if choices else None
    weighed = [
        Weighed(
            rich_of(choice),
            shares[choice.get("identifier", "")],
            _whys(choice) or responses.modal(choice.get("identifier", "")),
            is_last=choice is last and choice.get("fixed") == "true" and interaction.get("shuffle") == "true",
        )
        for choice in choices
    ]
    draft = choice_draft(prompt, weighed, is_single=is_single)
    if declared.is_matched:
        draft.reasons = [reason for reason in draft.reasons if reason.code != "each_option"]
    return draft


def _entry(root: etree._Element, interactions: list[etree._Element], responses: Responses) -> ItemDraft:
    declared = responses.of(interactions[0])
    prompt = prompt_of(root, {0: GAP})
    if declared.base in ("float", "integer"):
        tolerance, is_relative = responses.tolerance
        draft = number_draft(
            prompt, [Weighed(Rich(value), share, tolerance=tolerance) for value, share in declared.values().items()]
        )
        draft.is_relative = is_relative
        if responses.rounded:
            draft.changed("rounding", figures=responses.rounded, tolerance=tolerance)
        return draft
    if interactions[0].get("patternMask"):
        raise UnfitItem("pattern")
    values = [Weighed(Rich(value.replace("*", "\\*")), share) for value, share in declared.values().items()]
    return text_draft(prompt, values, is_case_exact=declared.is_case_exact)


def _order(root: etree._Element, interactions: list[etree._Element], responses: Responses) -> ItemDraft:
    choices = {choice.get("identifier", ""): rich_of(choice) for choice in interactions[0].iter("simpleChoice")}
    order = responses.of(interactions[0]).correct
    if sorted(order) != sorted(choices):
        raise UnfitItem("no_right")
    draft = ItemDraft("ordering", prompt_of(root))
    draft.items = [choices[ident] for ident in order]
    return draft


def _match(root: etree._Element, interactions: list[etree._Element], responses: Responses) -> ItemDraft:
    sets = interactions[0].findall("simpleMatchSet")
    if len(sets) != 2:
        raise UnfitItem("unreadable", problem="it has not two sets to match")
    left, right = (
        {choice.get("identifier", ""): rich_of(choice) for choice in one.iter("simpleAssociableChoice")} for one in sets
    )
    declared = responses.of(interactions[0])
    pairs = [tuple(value.split()) for value in declared.correct]
    by_left = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if len(by_left) != len(pairs) or sorted(by_left) != sorted(left):
        raise UnfitItem("gaps_unmatched", problem="a left side has no right side, or several.")
    draft = ItemDraft("matching", prompt_of(root))
    draft.pairs = [(left[ident], right.get(by_left[ident], NOTHING)) for ident in left]
    draft.extra = [rich for ident, rich in right.items() if ident not in by_left.values()]
    if declared.mapping:
        draft.changed("each_pair")
    return draft


def _inline(root: etree._Element, interactions: list[etree._Element], responses: Responses) -> ItemDraft:
    gaps = []
    for number, interaction in enumerate(interactions, 1):
        choices = list(interaction.iter("inlineChoice"))
        shares = responses.of(interaction).shares([choice.get("identifier", "") for choice in choices])
        gaps.append((f"gap {number}", [Weighed(rich_of(one), shares[one.get("identifier", "")]) for one in choices]))
    if len(gaps) == 1:
        return choice_draft(prompt_of(root, {0: GAP}), gaps[0][1], is_single=True)
    return gaps_draft(prompt_of(root, {number: f"({name})" for number, (name, _choices) in enumerate(gaps)}), gaps)


READERS: Mapping[str, Callable[[etree._Element, list[etree._Element], Responses], ItemDraft]] = {
    "choiceInteraction": _choice,
    "textEntryInteraction": _entry,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "inlineChoiceInteraction": _inline,
}
REFUSED_KINDS: Mapping[str, str] = {
    "extendedTextInteraction": "essay",
    "uploadInteraction": "file_upload",
    "drawingInteraction": "file_upload",
    "hotspotInteraction": "image_map",
    "selectPointInteraction": "image_map",
    "graphicOrderInteraction": "image_map",
    "graphicAssociateInteraction": "image_map",
    "graphicGapMatchInteraction": "image_map",
    "positionObjectInteraction": "image_map",
    "customInteraction": "scored_by_program",
    "gapMatchInteraction": "several_gaps",
}
