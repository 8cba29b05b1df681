"""Read how an item of QTI 2 scores: declarations of right responses, mappings, and the known ways of processing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from exchange.formats.texts import element_words, inner_html
from exchange.formats.weighing import FULL, share_in
from exchange.rules.items import NOTHING, Markup, Rich
from exchange.rules.reasons import UnfitItem

HUNDRED = Decimal(100)
# What a processing may do besides the templates of the standard: compare with the right response, set scores and feedback.
KNOWN_RULES = {
    *("responseProcessing", "responseCondition", "responseIf", "responseElseIf", "responseElse", "match", "variable"),
    *("correct", "setOutcomeValue", "baseValue", "isNull", "not", "and", "or", "equal", "equalRounded", "mapResponse"),
    *("multiple", "sum", "member", "stringMatch", "ordered", "contains", "default"),
}


@dataclass
class Declared:
    """The declaration of one response. `mapping` are points by value."""

    cardinality: str
    base: str
    correct: list[str]
    mapping: dict[str, Decimal]
    is_case_exact: bool
    is_matched: bool = True

    def shares(self, idents: Sequence[str]) -> dict[str, Decimal]:
        """Return the share of each choice. Raises UnfitItem."""
        if self.is_matched or not self.mapping:
            share = HUNDRED / len(self.correct) if self.correct else Decimal(0)
            if len(self.correct) == 1 or self.cardinality == "single":
                share = FULL
            return {ident: share if ident in self.correct else Decimal(0) for ident in idents}
        if self.cardinality == "single":
            most = max(self.mapping.values(), default=Decimal(0))
        else:
            most = sum((points for points in self.mapping.values() if points > 0), Decimal(0))
        if most <= 0:
            raise UnfitItem("no_right")
        return {ident: self.mapping.get(ident, Decimal(0)) / most * HUNDRED for ident in idents}

    def values(self) -> dict[str, Decimal]:
        """Return the share of each value that may be typed. Raises UnfitItem."""
        if self.mapping and not self.is_matched:
            most = max(self.mapping.values())
            if most <= 0:
                raise UnfitItem("no_right")
            return {value: points / most * HUNDRED for value, points in self.mapping.items()}
        return dict.fromkeys(self.correct, FULL)


@dataclass
class Responses:
    """The responses of an item by identifier, with its points and its feedback."""

    root: etree._Element
    by_name: dict[str, Declared]
    points: Decimal
    tolerance: tuple[str, bool] = ("0", False)
    rounded: str = ""
    penalties: tuple[Decimal, ...] = ()
    shown: set[str] = field(default_factory=set)

    def of(self, interaction: etree._Element) -> Declared:
        name = interaction.get("responseIdentifier", "")
        if name not in self.by_name:
            raise UnfitItem("no_right")
        declared = self.by_name[name]
        if not declared.correct and not declared.mapping:
            raise UnfitItem("no_right")
        return declared

    def modal(self, ident: str) -> Rich:
        """Return the feedback whose identifier is that of a choice."""
        for element in self.root.iter("modalFeedback"):
            if element.get("identifier") == ident:
                self.shown.add(ident)
                return Rich(inner_html(element), Markup.HTML)
        return NOTHING

    def feedback(self) -> list[tuple[str, Rich]]:
        """Return the feedback that no choice has, with the words before it."""
        right = self._shown_when_right()
        entries: list[tuple[str, Rich]] = []
        for element in self.root.iter("modalFeedback"):
            ident, rich = element.get("identifier", ""), Rich(inner_html(element), Markup.HTML)
            if "".join(element.itertext()).strip() and ident not in self.shown:
                entries.append(("For a right response:" if ident in right else "For another response:", rich))
        body = self.root.find("itemBody")
        blocks = body.iter("feedbackBlock") if body is not None else ()
        return entries + [("", Rich(inner_html(block), Markup.HTML)) for block in blocks if element_words(block)]

    def _shown_when_right(self) -> set[str]:
        first = self.root.find(".//responseProcessing//responseIf")
        if first is None:
            return set()
        return {
            element_words(value) for setting in first.iter("setOutcomeValue") for value in setting.iter("baseValue")
        }


def read_responses(root: etree._Element) -> Responses:
    """Return the responses of an item. Raises UnfitItem for a processing that is not known."""
    by_name = {one.get("identifier", ""): _declared(one) for one in root.iter("responseDeclaration")}
    processing = root.find("responseProcessing")
    template = processing.get("template", "") if processing is not None else ""
    is_mapped = "map_response" in template
    points, tolerance, rounded, scores = Decimal(1), ("0", False), "", list[Decimal]()
    if processing is not None and not template:
        strange = sorted({rule.tag for rule in processing.iter()} - KNOWN_RULES)
        if strange:
            raise UnfitItem("scored_by_program", what=", ".join(strange))
        is_mapped = next(processing.iter("mapResponse"), None) is not None
        scores = _scores(processing)
        if len({score for score in scores if score > 0}) > 1:
            raise UnfitItem("scored_by_program", what=f"scores {', '.join(map(str, scores))}")
        points = max(scores, default=Decimal(0)) or points
        tolerance, rounded = _tolerance(processing)
    for declared in by_name.values():
        declared.is_matched = not is_mapped or not declared.mapping
    if is_mapped:
        points = _mapped_points(root, by_name) or points
    outcome = root.find("outcomeDeclaration[@identifier='MAXSCORE']//value")
    if outcome is not None:
        points = share_in(element_words(outcome))
    penalties = tuple(sorted({score for score in scores if score < 0}))
    return Responses(root, by_name, points, tolerance, rounded, penalties)


def _declared(element: etree._Element) -> Declared:
    entries = list(element.iter("mapEntry"))
    mapping = {entry.get("mapKey", ""): share_in(entry.get("mappedValue")) for entry in entries}
    correct = [element_words(value) for value in element.iterfind("correctResponse/value")]
    is_exact = element.get("baseType") == "string" and not any(
        entry.get("caseSensitive", "true") == "false" for entry in entries
    )
    return Declared(element.get("cardinality", "single"), element.get("baseType", ""), correct, mapping, is_exact)


def _scores(processing: etree._Element) -> list[Decimal]:
    """Return the numbers to which the processing sets a score."""
    return [
        share_in(element_words(value))
        for setting in processing.iter("setOutcomeValue")
        if setting.get("identifier", "").upper().startswith("SCORE")
        for value in setting.iterchildren("baseValue")
    ]


def _tolerance(processing: etree._Element) -> tuple[tuple[str, bool], str]:
    for rule in processing.iter("equal"):
        mode, margin = rule.get("toleranceMode", "exact"), (rule.get("tolerance") or "0").split()[0]
        if mode == "absolute":
            return (margin, False), ""
        if mode == "relative":
            return (f"{share_in(margin) / HUNDRED:f}", True), ""
    for rule in processing.iter("equalRounded"):
        figures = int(share_in(rule.get("figures"), "0"))
        if rule.get("roundingMode") != "decimalPlaces" or not 0 <= figures <= 20:
            raise UnfitItem("scored_by_program", what="equalRounded")
        return (f"{Decimal(5).scaleb(-figures - 1):f}", False), f"{figures} decimals"
    return ("0", False), ""


def _mapped_points(root: etree._Element, by_name: dict[str, Declared]) -> Decimal:
    bound = root.find("responseDeclaration/mapping[@upperBound]")
    if bound is not None:
        return share_in(bound.get("upperBound"))
    total = Decimal(0)
    for declared in by_name.values():
        points = [value for value in declared.mapping.values() if value > 0]
        total += max(points, default=Decimal(0)) if declared.cardinality == "single" else sum(points, Decimal(0))
    return total
