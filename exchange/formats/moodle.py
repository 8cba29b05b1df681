"""Read Moodle XML (https://docs.moodle.org/en/Moodle_XML_format)."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from exchange.formats.cloze import embedded_draft, placed_draft
from exchange.formats.texts import element_words, source_of
from exchange.formats.weighing import Weighed, choice_draft, number_draft, share_in, text_draft
from exchange.rules.items import NOTHING, ItemDraft, Markup, Rich, SourceBank, SourceItem
from exchange.rules.reasons import UnfitItem, cut

FORMAT = "Moodle XML"
MARKUPS = {
    "html": Markup.HTML,
    "markdown": Markup.MARKDOWN,
    "plain_text": Markup.PLAIN,
    "moodle_auto_format": Markup.MOODLE,
}
TOP = re.compile(r"^\$\w+\$/(?:top/?)?")
COMBINED = {
    "correctfeedback": "For a right response:",
    "partiallycorrectfeedback": "For a partly right response:",
    "incorrectfeedback": "For a wrong response:",
}
DEFAULTS = {"your answer is correct.", "your answer is partially correct.", "your answer is incorrect."}
# Read by this module, or how Moodle asks the question: retries, layouts and versions, which courses here decide.
KNOWN = {
    *("name", "questiontext", "generalfeedback", "defaultgrade", "idnumber", "tags", "hint", "answer", "subquestion"),
    *("single", "shuffleanswers", "usecase", "units", "category", "info", "dragbox", "selectoption", "file", *COMBINED),
    *("penalty", "hidden", "answernumbering", "shownumcorrect", "showstandardinstruction", "stamp", "version"),
    *("unitgradingtype", "unitpenalty", "showunits", "unitsleft", "layouttype", "selecttype", "selectcount"),
    *(
        "gradingtype",
        "showgrading",
        "numberingstyle",
        "questionid",
        "truefeedback",
        "falsefeedback",
        "image",
        "image_base64",
    ),
}


def is_moodle(root: etree._Element) -> bool:
    return root.tag == "quiz"


def read_moodle(root: etree._Element, first: int = 1) -> SourceBank:
    """Return the items of a file, numbered from `first`."""
    items: list[SourceItem] = []
    category = ""
    for question in root.iterchildren("question"):
        if question.get("type") == "category":
            category = TOP.sub("", element_words(question, "category"))
        else:
            items.append(read_item(question, first + len(items), category))
    title = next((item.tags[-1] for item in items if item.tags), "")
    questions = [question for question in root.findall("question") if question.get("type") != "category"]
    return SourceBank(FORMAT, title, tuple(items), len(questions))


def read_item(question: etree._Element, number: int, category: str) -> SourceItem:
    kind = question.get("type", "")
    draft, refusal = None, None
    tags = [element_words(tag) for tag in question.iterfind("tags/tag")] + [category]
    try:
        draft = read_draft(question, kind)
    except UnfitItem as unfit:
        refusal = unfit.reason
    return SourceItem(
        number=number,
        kind=kind,
        source=source_of(question),
        ident=element_words(question, "idnumber"),
        name=cut(element_words(question, "name")),
        tags=tuple(dict.fromkeys(cut(tag, 100) for tag in tags if tag)),
        draft=draft,
        refusal=refusal,
        pictures=dict(files_of(question)),
    )


def read_draft(question: etree._Element, kind: str) -> ItemDraft:
    """Return the draft of a question. Raises UnfitItem."""
    if kind not in READERS:
        raise UnfitItem(REFUSED_KINDS.get(kind, "kind_unknown"), kind=kind, what=kind)
    draft = READERS[kind](question)
    draft.points = share_in(element_words(question, "defaultgrade"), "1")
    draft.explanation.insert(0, rich_of(question.find("generalfeedback")))
    for name, words in COMBINED.items():
        rich = rich_of(question.find(name))
        if rich and re.sub(r"<[^<>]*>", "", rich.text).strip().lower() not in DEFAULTS:
            draft.explanation += [Rich(words), rich]
            draft.changed("feedback_joined")
    for hint in question.iterfind("hint"):
        if rich := rich_of(hint):
            draft.explanation += [Rich("Hint:"), rich]
            draft.changed("hints_moved")
    if kind in ("multichoice", "match") and element_words(question, "shuffleanswers") in ("0", "false"):
        draft.changed("fixed_order")
    for child in question:
        if child.tag not in KNOWN and element_words(child):
            draft.changed("left_out", field=child.tag, value=cut(element_words(child), 80))
    return draft


def rich_of(element: etree._Element | None) -> Rich:
    """Return the text of an element with its format; without one, that of the element around it."""
    if element is None:
        return NOTHING
    around = element.getparent()
    written = element.get("format") or (around.get("format") if around is not None else None) or ""
    markup = MARKUPS.get(written, Markup.MOODLE)
    inner = element.find("text")
    text = "".join(inner.itertext()) if inner is not None else (element.text or "")
    return Rich(text.strip(), markup)


def files_of(question: etree._Element) -> Iterator[tuple[str, bytes]]:
    for file in question.iter("file"):
        name = f"{file.get('path', '/')}{file.get('name', '')}".lstrip("/")
        try:
            yield name, base64.b64decode("".join((file.text or "").split()))
        except (binascii.Error, ValueError):
            yield name, b""


def answers_of(question: etree._Element) -> list[Weighed]:
    return [
        Weighed(
            rich_of(answer),
            share_in(answer.get("fraction")),
            rich_of(answer.find("feedback")),
            element_words(answer, "tolerance") or "0",
        )
        for answer in question.iterfind("answer")
    ]


def _choice(question: etree._Element) -> ItemDraft:
    is_single = element_words(question, "single") not in ("false", "0")
    return choice_draft(rich_of(question.find("questiontext")), answers_of(question), is_single=is_single)


def _true_false(question: etree._Element) -> ItemDraft:
    answers = {answer.text.text.strip().lower(): answer for answer in answers_of(question)}
    right = [name for name, answer in answers.items() if answer.share == 100]
    if len(right) != 1 or not {*answers} <= {"true", "false"}:
        raise UnfitItem("no_right")
    draft = ItemDraft("true_false", rich_of(question.find("questiontext")), answer=right[0] == "true")
    for name, answer in answers.items():
        if answer.why:
            draft.changed("feedback_moved", response=name)
            draft.explanation += [Rich(f"For “{name}”:"), answer.why]
    return draft


def _text(question: etree._Element) -> ItemDraft:
    is_exact = element_words(question, "usecase") in ("1", "true")
    answers = [
        Weighed(Rich("".join(inner.itertext()).strip()), answer.share, answer.why)
        for answer, inner in zip(answers_of(question), question.iterfind("answer/text"), strict=False)
    ]
    return text_draft(rich_of(question.find("questiontext")), answers, is_case_exact=is_exact)


def _number(question: etree._Element) -> ItemDraft:
    draft = number_draft(rich_of(question.find("questiontext")), answers_of(question))
    units = [
        (element_words(unit, "unit_name"), element_words(unit, "multiplier") or "1")
        for unit in question.iterfind("units/unit")
    ]
    own = next((name for name, times in units if share_in(times) == 1), "")
    draft.unit = own
    if others := [name for name, _times in units if name != own]:
        draft.changed("unit_free", units=", ".join(others), unit=own or "the one of the question")
    return draft


def _match(question: etree._Element) -> ItemDraft:
    draft = ItemDraft("matching", rich_of(question.find("questiontext")))
    for part in question.iterfind("subquestion"):
        left, right = rich_of(part), rich_of(part.find("answer"))
        right = Rich(right.text, Markup.PLAIN)  # Moodle's choices are plain text
        if left:
            draft.pairs.append((left, right))
        elif right:
            draft.extra.append(right)
    draft.changed("each_pair")
    return draft


def _ordering(question: etree._Element) -> ItemDraft:
    draft = ItemDraft("ordering", rich_of(question.find("questiontext")))
    draft.items = [rich_of(answer) for answer in question.iterfind("answer")]
    if element_words(question, "gradingtype").upper() not in ("-1", "ALL_OR_NOTHING"):
        draft.changed("partial_credit", shares="single items", right="the whole order has to be right")
    return draft


def _embedded(question: etree._Element) -> ItemDraft:
    return embedded_draft(rich_of(question.find("questiontext")))


def _placed(question: etree._Element) -> ItemDraft:
    choices = [
        (element_words(choice, "text"), element_words(choice, "group") or "1")
        for choice in question.iterchildren("dragbox", "selectoption")
    ]
    return placed_draft(rich_of(question.find("questiontext")), choices)


READERS: Mapping[str, Callable[[etree._Element], ItemDraft]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _text,
    "numerical": _number,
    "match": _match,
    "matching": _match,
    "ordering": _ordering,
    "cloze": _embedded,
    "multianswer": _embedded,
    "gapselect": _placed,
    "ddwtos": _placed,
}
REFUSED_KINDS = {
    "essay": "essay",
    "description": "no_question",
    "calculated": "calculated",
    "calculatedsimple": "calculated",
    "calculatedmulti": "calculated",
    "random": "random",
    "randomsamatch": "random",
    "ddimageortext": "image_map",
    "ddmarker": "image_map",
    "coderunner": "scored_by_program",
    "stack": "scored_by_program",
    "formulas": "scored_by_program",
    "pmatch": "pattern",
    "regexp": "pattern",
}
