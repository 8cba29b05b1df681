"""Read how a QTI 1.2 item scores responses: conditions that set or add points and show feedback."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from exchange.formats.qti12_material import rich_of
from exchange.formats.texts import element_words
from exchange.formats.weighing import FULL, Weighed, share_in
from exchange.rules.items import NOTHING, Rich
from exchange.rules.reasons import UnfitItem

BOUNDS = {"vargte", "vargt", "varlte", "varlt"}
KNOWN_CONDITIONS = BOUNDS | {"conditionvar", "varequal", "and", "or", "not", "other", "unanswered"}
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Condition:
    """A condition: the responses that it asks for, those that it excludes, the points, and the feedback that it shows.

    `equal` are pairs of a response's name and its value. `other` says that it holds for any response.
    """

    element: etree._Element
    equal: tuple[tuple[str, str], ...]
    unequal: tuple[tuple[str, str], ...]
    points: Decimal | None
    adds: bool
    feedback: tuple[str, ...]
    is_other: bool


@dataclass
class Scoring:
    """The conditions of an item, its most points and its feedback texts by id."""

    conditions: list[Condition]
    points: Decimal
    most: Decimal
    texts: dict[str, Rich]
    is_all_or_nothing: bool = False
    is_relative: bool = False
    is_case_exact: bool = False
    rounded: str = ""
    shown: set[str] = field(default_factory=set)

    def share(self, points: Decimal | None) -> Decimal:
        return (points or Decimal(0)) / self.most * HUNDRED

    def shares(self, idents: Sequence[str], *, is_single: bool) -> dict[str, Decimal]:
        """Return the share of each option by its id."""
        whole = [
            one for one in self.conditions if one.points and one.points > 0 and len(one.equal) + len(one.unequal) > 1
        ]
        if whole and not is_single:
            self.is_all_or_nothing = True
            right = {value for _name, value in max(whole, key=lambda one: one.points or Decimal(0)).equal}
            return {ident: FULL if ident in right else Decimal(0) for ident in idents}
        shares = dict.fromkeys(idents, Decimal(0))
        for condition in self.conditions:
            if condition.points is not None and len(condition.equal) == 1 and not condition.unequal:
                ident = condition.equal[0][1]
                if ident in shares:
                    added = shares[ident] if condition.adds else Decimal(0)
                    shares[ident] = added + self.share(condition.points)
        if not is_single and sum(share > 0 for share in shares.values()) == 1:
            shares = {ident: share if share > 0 else min(share, Decimal(0)) for ident, share in shares.items()}
        return shares

    def order(self) -> list[str]:
        """Return the values of the condition that gives points for an order."""
        best = max(self.conditions, key=lambda one: (one.points or Decimal(0), len(one.equal)), default=None)
        return [value for _name, value in best.equal] if best else []

    def right_of(self, name: str) -> str:
        """Return the value of a response that gives points, or ""."""
        for condition in self.conditions:
            for own, value in condition.equal:
                if own == name and condition.points is not None and condition.points > 0:
                    return value
        return ""

    def feedback_of(self, ident: str) -> Rich:
        """Return the feedback for one response."""
        for condition in self.conditions:
            if [value for _name, value in condition.equal] == [ident] and not condition.unequal:
                for link in condition.feedback:
                    if link in self.texts and not _is_general(link):
                        return self.texts[link]
        return self.texts.get(f"{ident}_fb", NOTHING)

    @property
    def general(self) -> list[tuple[str, Rich]]:
        """Return feedback that belongs to no single response, each with the words before it, in the order of the item."""
        single = {
            link for one in self.conditions if len(one.equal) == 1 for link in one.feedback if not _is_general(link)
        }
        entries = []
        for link, rich in self.texts.items():
            if rich and link not in single and not (link.endswith("_fb") and not _is_general(link)):
                words = (
                    "For a right response:" if _is_right(link) else "For a wrong response:" if _is_wrong(link) else ""
                )
                entries.append((words, rich))
        return entries

    def typed(self) -> list[Weighed]:
        """Return the texts that give points or feedback."""
        shares: dict[str, Decimal] = {}
        for condition in self.conditions:
            for _name, value in condition.equal:
                if condition.points is not None:
                    shares[value] = max(shares.get(value, Decimal(0)), self.share(condition.points))
        return [Weighed(Rich(value), share, self.feedback_of(value)) for value, share in shares.items()]

    def numbers(self) -> list[Weighed]:
        """Return the numbers and ranges that give points. Raises UnfitItem."""
        entries = [one for one in self.conditions if one.points]
        return [weighed for one in entries for weighed in self._numbers_of(one)]

    def _numbers_of(self, condition: Condition) -> list[Weighed]:
        share = self.share(condition.points)
        exact = list(condition.element.iter("varequal"))
        bounds = {element.tag: share_in(element_words(element)) for element in condition.element.iter(*BOUNDS)}
        low, high = bounds.get("vargte", bounds.get("vargt")), bounds.get("varlte", bounds.get("varlt"))
        if (low is None) != (high is None):
            raise UnfitItem("open_range", range=", ".join(f"{name} {value}" for name, value in bounds.items()))
        if not exact:
            if low is None or high is None:
                return []
            if bounds.keys() & {"vargt", "varlt"}:
                raise UnfitItem("open_range", range=f"{low} to {high}")
            return [Weighed(Rich(f"{(low + high) / 2:f}"), share, tolerance=f"{(high - low) / 2:f}")]
        made = []
        for element in exact:
            value = share_in(element_words(element))
            tolerance = self._tolerance(element, value, low, high, is_open=bool(bounds.keys() & {"vargt", "varlt"}))
            made.append(Weighed(Rich(f"{value:f}"), share, self.feedback_of(element_words(element)), tolerance))
        return made

    def _tolerance(
        self, element: etree._Element, value: Decimal, low: Decimal | None, high: Decimal | None, *, is_open: bool
    ) -> str:
        """Return how far a response may be from a number. Raises UnfitItem if the item names two ranges."""
        if element.get("margintype") == "percent":
            self.is_relative = True
            return f"{share_in(element.get('margin')) / HUNDRED:f}"
        if low is None or high is None:
            return f"{share_in(element.get('margin')):f}" if element.get("margin") else "0"
        if high - value == value - low:
            if is_open and high != low:
                self.rounded = f"{element.get('precision') or 'some'} {element.get('precisiontype') or 'digits'}"
            return f"{high - value:f}"
        raise UnfitItem("several_numbers", answers=f"{value:f}; {low:f} to {high:f}")


def _is_general(link: str) -> bool:
    return link in ("general_fb", "correct_fb", "general_incorrect_fb") or _is_right(link) or _is_wrong(link)


def _is_right(link: str) -> bool:
    return link.lower() in ("correct_fb", "correct")


def _is_wrong(link: str) -> bool:
    return link.lower() in ("general_incorrect_fb", "incorrect", "incorrect_fb")


def read_scoring(item: etree._Element) -> Scoring:
    """Return how an item scores. Raises UnfitItem."""
    _refuse_strange(item)
    conditions = [_condition(element) for element in item.iter("respcondition")]
    texts = {element.get("ident", ""): rich_of(element) for element in item.iter("itemfeedback")}
    declared = next(
        (share_in(element.get("maxvalue")) for element in item.iter("decvar") if element.get("maxvalue")), None
    )
    given = [one.points for one in conditions if one.points is not None and one.points > 0]
    added = sum((one.points or Decimal(0) for one in conditions if one.adds and (one.points or 0) > 0), Decimal(0))
    most = declared if declared and declared > 0 else max([*given, added], default=Decimal(1)) or Decimal(1)
    if any(one.adds for one in conditions) and len(list(item.iter("response_lid"))) == 1 and declared is None:
        most = max(given, default=most) if _is_single(item) else most
    points = most if most != HUNDRED else Decimal(1)
    is_exact = any(element.get("case", "").lower() == "yes" for element in item.iter("varequal"))
    return Scoring(conditions, points, most, texts, is_case_exact=is_exact)


def _refuse_strange(item: etree._Element) -> None:
    """Raise UnfitItem for a condition that is not read, so that none is left out in silence."""
    tags = {str(condition.tag) for around in item.iter("conditionvar") for condition in around.iter()}
    if "varsubstring" in tags:
        raise UnfitItem("pattern")
    if strange := sorted(tags - KNOWN_CONDITIONS):
        raise UnfitItem("scored_by_program", what=", ".join(strange))


def _is_single(item: etree._Element) -> bool:
    return all(element.get("rcardinality", "Single").lower() == "single" for element in item.iter("response_lid"))


def _condition(element: etree._Element) -> Condition:
    equal, unequal = [], []
    for value in element.iter("varequal"):
        is_excluded = any(ancestor.tag == "not" for ancestor in value.iterancestors())
        (unequal if is_excluded else equal).append((value.get("respident", ""), element_words(value)))
    setting = element.find("setvar")
    points = share_in(element_words(setting)) if setting is not None else None
    return Condition(
        element,
        tuple(equal),
        tuple(unequal),
        points,
        setting is not None and setting.get("action", "Set").lower() == "add",
        tuple(feedback.get("linkrefid", "") for feedback in element.iter("displayfeedback")),
        any(True for _ in element.iter("other")),
    )
