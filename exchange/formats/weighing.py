"""Make drafts of responses with shares of the points, as Moodle and GIFT give them: 100 is all, below 0 takes points off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from exchange.rules.items import NOTHING, DraftMiss, DraftOption, ItemDraft, Markup, Rich
from exchange.rules.reasons import UnfitItem, cut

FULL = Decimal(100)
NEARLY = Decimal("0.5")  # shares are rounded: 33.33333 three times is all
ANY = "*"


@dataclass(frozen=True)
class Weighed:
    """A response with its share of the points in percent, and its feedback. `tolerance` is that of a number."""

    text: Rich
    share: Decimal
    why: Rich = NOTHING
    tolerance: str = "0"
    is_last: bool = False

    @property
    def words(self) -> str:
        return cut(re.sub(r"<[^<>]*>", " ", self.text.text), 60)


def share_in(text: str | None, default: str = "0") -> Decimal:
    """Return a share that a file writes. Raises UnfitItem."""
    written = (text or default).strip().replace(",", ".")
    try:
        share = Decimal(written)
    except InvalidOperation:
        raise UnfitItem("number_unread", number=written) from None
    if not share.is_finite() or abs(share) > 1_000_000:
        raise UnfitItem("number_unread", number=written)
    return share


def is_full(share: Decimal) -> bool:
    return share >= FULL - NEARLY


def in_words(responses: Iterable[Weighed]) -> str:
    return ", ".join(f"{response.words} {response.share.normalize():f} %" for response in responses)


def choice_draft(prompt: Rich, responses: Sequence[Weighed], *, is_single: bool) -> ItemDraft:
    """Return a draft with options. Raises UnfitItem."""
    positive = [response for response in responses if response.share > 0]
    if not positive:
        raise UnfitItem("no_right")
    draft = ItemDraft("single_choice" if is_single else "multiple_choice", prompt)
    right = _single_right(draft, responses) if is_single else _several_right(draft, positive, responses)
    draft.options = [
        DraftOption(response.text, any(response is one for one in right), response.why, response.is_last)
        for response in responses
    ]
    return draft


def _single_right(draft: ItemDraft, responses: Sequence[Weighed]) -> list[Weighed]:
    full = [response for response in responses if is_full(response.share)]
    if not full:
        raise UnfitItem("no_full", shares=in_words(responses))
    if len(full) > 1:
        raise UnfitItem("several_right", options=", ".join(response.words for response in full))
    _note_shares(draft, responses, f"“{full[0].words}” is right")
    return full


def _several_right(draft: ItemDraft, positive: list[Weighed], responses: Sequence[Weighed]) -> list[Weighed]:
    total = sum((response.share for response in positive), Decimal(0))
    if not is_full(total):
        raise UnfitItem("no_full", shares=in_words(positive))
    others = [response for response in responses if response.share <= 0]
    if len(positive) > 1 or any(response.share > -FULL for response in others):
        draft.changed("each_option")
    return positive


def _note_shares(draft: ItemDraft, responses: Sequence[Weighed], right: str) -> None:
    """Note shares between none and all, and those below none."""
    partly = [response for response in responses if response.share > 0 and not is_full(response.share)]
    if partly:
        draft.changed("partial_credit", shares=in_words(partly), right=right)
    if negative := [response for response in responses if response.share < 0]:
        draft.changed("penalty", shares=in_words(negative))


def move_feedback(draft: ItemDraft, response: str, why: Rich) -> None:
    """Put feedback for a response into the explanation, below the response."""
    if why:
        draft.changed("feedback_moved", response=response)
        draft.explanation += [Rich(f"For “{response}”:", Markup.PLAIN), why]


def text_draft(prompt: Rich, responses: Sequence[Weighed], *, is_case_exact: bool) -> ItemDraft:
    """Return a draft with accepted texts. Raises UnfitItem."""
    draft = ItemDraft("text", prompt, is_case_exact=is_case_exact)
    asked = [response for response in responses if response.text.text.strip() != ANY]
    full = [response for response in asked if is_full(response.share)]
    if any(response.share > 0 and response.text.text.strip() == ANY for response in responses):
        raise UnfitItem("wildcard", answer=ANY)
    for response in full:
        if re.search(r"(?<!\\)\*", response.text.text):
            raise UnfitItem("wildcard", answer=response.text.text)
    if not full:
        raise UnfitItem("no_full", shares=in_words(asked)) if asked else UnfitItem("no_right")
    draft.answers = [response.text.text.replace("\\*", "*").strip() for response in full]
    accepted = ", ".join(f"“{answer}”" for answer in draft.answers)
    _note_shares(draft, asked, f"only {accepted} {'is' if len(full) == 1 else 'are'} right")
    for response in responses:
        if len(full) == 1 and response is full[0]:
            draft.explanation.append(response.why)
        else:
            other = "any other response" if response.text.text.strip() == ANY else response.words
            move_feedback(draft, other, response.why)
    return draft


def number_draft(prompt: Rich, responses: Sequence[Weighed]) -> ItemDraft:
    """Return a draft with a number. Wrong numbers with feedback become near misses. Raises UnfitItem."""
    draft = ItemDraft("numeric", prompt)
    numbers = [response for response in responses if response.text.text.strip() != ANY]
    full = [response for response in numbers if is_full(response.share)]
    if any(response.share > 0 and response.text.text.strip() == ANY for response in responses):
        raise UnfitItem("wildcard", answer=ANY)
    if not full:
        raise UnfitItem("no_full", shares=in_words(numbers)) if numbers else UnfitItem("no_right")
    if len({(response.text.text.strip(), response.tolerance) for response in full}) > 1:
        raise UnfitItem("several_numbers", answers=", ".join(response.words for response in full))
    draft.answer, draft.tolerance = full[0].text.text.strip(), full[0].tolerance
    draft.explanation.append(full[0].why)
    _note_shares(draft, numbers, f"only {draft.answer} is right, within the tolerance")
    for response in responses:
        if response.text.text.strip() == ANY:
            move_feedback(draft, "any other response", response.why)
        elif response not in full and response.why:
            draft.misses.append(DraftMiss(response.text.text.strip(), response.why))
    return draft


def gaps_draft(prompt: Rich, gaps: Sequence[tuple[str, Sequence[Weighed]]]) -> ItemDraft:
    """Return a matching question of gaps that are filled by choosing: each gap by name, with its choices. Raises UnfitItem."""
    draft = ItemDraft("matching", prompt)
    rights: list[Weighed] = []
    for name, choices in gaps:
        full = [choice for choice in choices if is_full(choice.share)]
        if len(full) != 1:
            raise UnfitItem("gaps_unmatched", problem=f"{name} has {len(full)} right choices.")
        if any((choice.share > 0 and not is_full(choice.share)) or choice.share < 0 for choice in choices):
            draft.changed("partial_credit", shares=in_words(choices), right=f"“{full[0].words}” fills {name}")
        for choice in choices:
            move_feedback(draft, f"{name}, {choice.words}", choice.why)
        rights.append(full[0])
        draft.pairs.append((Rich(name), full[0].text))
    known = {right.text.text.strip() for right in rights}
    others = [choice for _name, choices in gaps for choice in choices if choice.text.text.strip() not in known]
    draft.extra = list({choice.text.text.strip(): choice.text for choice in others}.values())
    draft.changed("gaps_matched")
    draft.changed("each_gap")
    return draft
