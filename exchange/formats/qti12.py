"""Read QTI 1.2 (https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_bindv1p2.html), also as Canvas writes it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal

from lxml import etree

from exchange.formats.cloze import GAP
from exchange.formats.qti12_material import rich_of
from exchange.formats.qti12_scoring import Scoring, read_scoring
from exchange.formats.texts import element_words, source_of
from exchange.formats.weighing import FULL, Weighed, choice_draft, gaps_draft, move_feedback, number_draft, share_in
from exchange.rules.items import NOTHING, ItemDraft, Rich, SourceBank, SourceItem
from exchange.rules.reasons import UnfitItem, cut

FORMAT = "QTI 1.2"
LINKED = ("bankentry_item", "sourcebank_ref")
NO_BANK = ("item", *LINKED)
RESPONSES = {"response_lid", "response_str", "response_num", "response_xy", "response_label"}
# Fields that a question here has, or that say how a system stores and shows it.
KNOWN_FIELDS = {
    *("question_type", "points_possible", "original_answer_ids", "assessment_question_identifierref", "cc_profile"),
    *(
        "cc_weighting",
        "cc_question_category",
        "qmd_weighting",
        "qmd_itemtype",
        "qmd_status",
        "calculator_type",
        "source_url",
    ),
    *("scoring_algorithm", "parent_stimulus_item_ident", "bb_question_type", "cc_maxattempts"),
}


def is_qti12(root: etree._Element) -> bool:
    return root.tag == "questestinterop"


def read_qti12(root: etree._Element, pictures: Mapping[str, bytes], first: int = 1) -> SourceBank:
    """Return the items of a file, numbered from `first`."""
    elements = list(root.iter(*NO_BANK))
    items = tuple(read_item(element, number, pictures) for number, element in enumerate(elements, first))
    assessment = next(root.iter("assessment"), None)
    title = assessment.get("title", "") if assessment is not None else field_of(root, "bank_title")
    return SourceBank(FORMAT, cut(title), items, len(elements))


def remove_copies(root: etree._Element, twin: etree._Element) -> int:
    """Remove the items that another file says, too, and return their number.

    Canvas writes a quiz a second time with everything that it knows. Some exports give the copy the ids of the first, others
    give it new ids. Without the same id, an item is a copy if its title and all its texts are the same.
    """
    idents = {item.get("ident", "") for item in twin.iter("item")} - {""}
    texts = {_texts_of(item) for item in twin.iter("item")}
    copies = [item for item in root.iter("item") if item.get("ident") in idents or _texts_of(item) in texts]
    for item in copies:
        around = item.getparent()
        if around is not None:
            around.remove(item)
    return len(copies)


def _texts_of(item: etree._Element) -> tuple[str, ...]:
    return (item.get("title", ""), *(" ".join("".join(text.itertext()).split()) for text in item.iter("mattext")))


def field_of(element: etree._Element, label: str) -> str:
    """Return the value of a metadata field, or ""."""
    for field in element.iter("qtimetadatafield"):
        if element_words(field, "fieldlabel") == label:
            return element_words(field, "fieldentry")
    return ""


def read_item(item: etree._Element, number: int, pictures: Mapping[str, bytes]) -> SourceItem:
    kind = field_of(item, "question_type") or field_of(item, "cc_profile")
    draft, refusal = None, None
    try:
        draft = read_draft(item, kind)
    except UnfitItem as unfit:
        refusal = unfit.reason
    ident = item.get("ident") or item.get("item_ref") or ""
    tag = field_of(item, "cc_question_category")
    return SourceItem(
        number=number,
        kind=kind or item.tag,
        source=source_of(item),
        ident=ident,
        name=cut(item.get("title", "")),
        tags=(cut(tag, 100),) if tag else (),
        draft=draft,
        refusal=refusal,
        pictures=pictures,
    )


def read_draft(item: etree._Element, kind: str) -> ItemDraft:
    """Return the draft of an item. Raises UnfitItem."""
    if item.tag in LINKED:
        raise UnfitItem("linked_elsewhere")
    if kind in REFUSED_KINDS:
        raise UnfitItem(REFUSED_KINDS[kind])
    presentation = item.find("presentation")
    if presentation is None:
        raise UnfitItem("empty")
    scoring = read_scoring(item)
    draft = _by_responses(item, presentation, scoring, kind)
    points = field_of(item, "points_possible") or field_of(item, "cc_weighting") or field_of(item, "qmd_weighting")
    draft.points = share_in(points) if points else scoring.points
    _add_feedback(draft, scoring)
    for field in item.iter("qtimetadatafield"):
        label, value = element_words(field, "fieldlabel"), element_words(field, "fieldentry")
        if label not in KNOWN_FIELDS and value:
            draft.changed("left_out", field=label, value=cut(value, 80))
    return draft


def _by_responses(item: etree._Element, presentation: etree._Element, scoring: Scoring, kind: str) -> ItemDraft:
    choices = list(presentation.iter("response_lid"))
    typed = list(presentation.iter("response_str", "response_num"))
    if any(True for _ in presentation.iter("response_xy", "render_hotspot", "response_grp", "render_slider")):
        raise UnfitItem("image_map")
    if len(typed) > 1 or (typed and choices):
        raise UnfitItem("several_gaps")
    prompt = prompt_of(presentation)
    if typed:
        return _typed(prompt, typed[0], scoring, kind)
    if not choices:
        raise UnfitItem("no_question")
    if len(choices) == 1 and kind not in (
        "matching_question",
        "multiple_dropdowns_question",
        "fill_in_multiple_blanks_question",
    ):
        return _choice(item, prompt, choices[0], scoring)
    if kind == "matching_question":
        return _matching(prompt, choices, scoring)
    return _gaps(prompt, choices, scoring, kind)


def prompt_of(presentation: etree._Element) -> Rich:
    """Return the texts of a presentation outside of its responses."""
    outside = etree.Element("around")
    outside.extend(deepcopy(part) for material in _materials_outside(presentation) for part in material)
    written = (rich_of(material) for material in presentation.iterfind(".//*/material") if _asks(material))
    return rich_of(outside) or next(filter(None, written), NOTHING)


def _materials_outside(presentation: etree._Element) -> Iterator[etree._Element]:
    for material in presentation.iter("material"):
        if not {ancestor.tag for ancestor in material.iterancestors()} & RESPONSES:
            yield material
    for extension in presentation.iter("render_extension"):
        yield from extension.iterchildren("material")


def _asks(material: etree._Element) -> bool:
    """Return whether a text stands directly in a response, so that it asks for it."""
    around = material.getparent()
    return around is not None and around.tag in ("response_lid", "response_str")


def labels_of(response: etree._Element) -> dict[str, Rich]:
    return {label.get("ident", ""): rich_of(label) for label in response.iter("response_label")}


def _choice(item: etree._Element, prompt: Rich, response: etree._Element, scoring: Scoring) -> ItemDraft:
    labels = labels_of(response)
    cardinality = response.get("rcardinality", "Single").lower()
    if cardinality == "ordered":
        return _ordering(prompt, labels, scoring)
    words = {ident: re.sub(r"<[^<>]*>", "", rich.text).strip().lower() for ident, rich in labels.items()}
    shares = scoring.shares(list(labels), is_single=cardinality == "single")
    if sorted(words.values()) == ["false", "true"] and cardinality == "single":
        right = [words[ident] for ident, share in shares.items() if share >= FULL]
        if len(right) == 1:
            draft = ItemDraft("true_false", prompt, answer=right[0] == "true")
            for ident, word in words.items():
                move_feedback(draft, word, scoring.feedback_of(ident))
            return draft
    responses = [Weighed(rich, shares[ident], scoring.feedback_of(ident)) for ident, rich in labels.items()]
    if cardinality == "multiple" and scoring.is_all_or_nothing:
        positive = sum(1 for response in responses if response.share > 0)
        responses = [
            Weighed(one.text, FULL / positive if one.share > 0 else Decimal(-100), one.why) for one in responses
        ]
        draft = choice_draft(prompt, responses, is_single=False)
        draft.reasons = [reason for reason in draft.reasons if reason.code != "each_option"]
    else:
        draft = choice_draft(prompt, responses, is_single=cardinality == "single")
    if any(render.get("shuffle", "").lower() == "no" for render in response.iter("render_choice")):
        draft.changed("fixed_order")
    return draft


def _ordering(prompt: Rich, labels: Mapping[str, Rich], scoring: Scoring) -> ItemDraft:
    order = scoring.order()
    if sorted(order) != sorted(labels):
        raise UnfitItem("no_right")
    draft = ItemDraft("ordering", prompt)
    draft.items = [labels[ident] for ident in order]
    return draft


def _typed(prompt: Rich, response: etree._Element, scoring: Scoring, kind: str) -> ItemDraft:
    is_number = kind == "numerical_question" or any(
        fib.get("fibtype", "").lower() in ("decimal", "integer", "scientific") for fib in response.iter("render_fib")
    )
    if is_number or response.tag == "response_num":
        draft = number_draft(prompt, [Weighed(Rich("*"), Decimal(0)), *scoring.numbers()])
        draft.is_relative = scoring.is_relative
        if scoring.rounded:
            draft.changed("rounding", figures=scoring.rounded, tolerance=draft.tolerance)
        return draft
    answers = scoring.typed()
    if not answers:
        raise UnfitItem("essay")
    draft = ItemDraft("text", prompt, is_case_exact=scoring.is_case_exact)
    full = [answer for answer in answers if answer.share >= FULL]
    if not full:
        raise UnfitItem("no_full", shares=", ".join(answer.words for answer in answers))
    partly = [answer for answer in answers if 0 < answer.share < FULL]
    draft.answers = [answer.text.text for answer in full]
    if partly:
        right = ", ".join(f"“{answer}”" for answer in draft.answers)
        draft.changed(
            "partial_credit",
            shares=", ".join(f"{one.words} {one.share:f} %" for one in partly),
            right=f"only {right} count",
        )
    for answer in answers:
        move_feedback(draft, answer.words, answer.why)
    return draft


def _matching(prompt: Rich, responses: Sequence[etree._Element], scoring: Scoring) -> ItemDraft:
    draft = ItemDraft("matching", prompt)
    labels: dict[str, Rich] = {}
    used: set[str] = set()
    for response in responses:
        labels |= labels_of(response)
        right = scoring.right_of(response.get("ident", ""))
        material = response.find("material")
        if right not in labels or material is None:
            raise UnfitItem("no_right")
        used.add(right)
        draft.pairs.append((rich_of(material), labels[right]))
    draft.extra = [rich for ident, rich in labels.items() if ident not in used]
    draft.changed("each_pair")
    for ident, rich in labels.items():
        move_feedback(draft, cut(rich.text, 60), scoring.feedback_of(ident))
    return draft


def _gaps(prompt: Rich, responses: Sequence[etree._Element], scoring: Scoring, kind: str) -> ItemDraft:
    """Return the draft of a text with names of gaps in brackets, each of which has choices or accepted texts."""
    types = {label.get("answer_type", "") for response in responses for label in response.iter("response_label")}
    is_chosen = kind != "fill_in_multiple_blanks_question" or types <= {"dropdown", "wordbank"}
    text, gaps = prompt.text, []
    for number, response in enumerate(responses, 1):
        ident = response.get("ident", "")
        name = f"gap {number}"
        shown = GAP if len(responses) == 1 else f"({name})"
        text = text.replace(f"[{ident.removeprefix('response_')}]", shown)
        right = scoring.right_of(ident)
        labels = labels_of(response)
        gaps.append(
            (
                name,
                [
                    Weighed(rich, FULL if label == right else Decimal(0), scoring.feedback_of(label))
                    for label, rich in labels.items()
                ],
            )
        )
    shown_prompt = Rich(text, prompt.markup)
    if not is_chosen:
        if len(responses) > 1:
            raise UnfitItem("several_gaps")
        return ItemDraft(
            "text", shown_prompt, answers=[choice.text.text for _name, choices in gaps for choice in choices]
        )
    if len(gaps) == 1:
        return choice_draft(shown_prompt, gaps[0][1], is_single=True)
    return gaps_draft(shown_prompt, gaps)


def _add_feedback(draft: ItemDraft, scoring: Scoring) -> None:
    """Put feedback that belongs to no single response into the explanation."""
    for words, rich in scoring.general:
        draft.explanation += [Rich(words), rich] if words else [rich]
        if words:
            draft.changed("feedback_joined")


REFUSED_KINDS: Mapping[str, str] = {
    "essay_question": "essay",
    "cc.essay.v0p1": "essay",
    "file_upload_question": "file_upload",
    "text_only_question": "no_question",
    "calculated_question": "calculated",
    "hot_spot_question": "image_map",
    "cc.pattern_match.v0p1": "pattern",
}
