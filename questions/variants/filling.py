"""Texts with placeholders, {{ n }} or {{ a / b:.2f }}, and what they say for the values of a variant.

The spaces inside the braces are needed: so the braces of LaTeX, as in \\frac{{{ a }}}{2}, need no escape.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from questions.variants.evaluating import Evaluation
from questions.variants.expressions import Expression, parse_expression
from questions.variants.values import ExpressionFault, ExpressionValue, fixed_text, is_matrix, kind_of, number_text

PLACEHOLDER = re.compile(r"\{\{[ \n](.{1,520}?)[ \n]\}\}", re.DOTALL)  # longer than any expression with its format
TIGHT = re.compile(r"(?<!\{)\{\{([A-Za-z]\w*)(?::[^{}]*)?\}\}(?!\})", re.ASCII)
FORMAT = re.compile(r"(?P<sign>\+|\(\))?(?P<comma>,)?(?:\.(?P<places>\d{1,2})f)?(?P<form>latex|list|fraction)?")
FORMATS = ".2f, +, (), a comma, latex, list or fraction"
LONGEST_FILLED = 20_000  # characters of one text


@dataclass(frozen=True)
class Placeholder:
    """An expression in a text, and how its value is written. `row` is its line in the text, from 0."""

    expression: Expression
    row: int
    sign: str = ""
    is_grouped: bool = False
    places: int | None = None
    form: str = ""


@dataclass(frozen=True)
class FillableText:
    """A text in pieces. One that is a single placeholder without a format gives the value itself, not its text."""

    pieces: tuple[str | Placeholder, ...]

    @property
    def placeholders(self) -> list[Placeholder]:
        return [piece for piece in self.pieces if isinstance(piece, Placeholder)]

    @property
    def whole(self) -> Placeholder | None:
        """Return the placeholder, if the text is nothing else."""
        return self.placeholders[0] if len(self.pieces) == 1 and self.placeholders else None


PLAIN = Placeholder(parse_expression("0"), 0)  # without a format


class FillingFault(ExpressionFault):
    """A fault in a text; `row` is its line in the text, from 0."""

    def __init__(self, fault: ExpressionFault, written: str, row: int) -> None:
        super().__init__(f"“{written.strip()}”: {fault.sentence}")
        self.row = row


def read_fillable(text: str) -> FillableText:
    """Return the pieces of a text. Raises FillingFault."""
    pieces: list[str | Placeholder] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        pieces.append(text[end : match.start()])
        pieces.append(_read_placeholder(match[1], text.count("\n", 0, match.start())))
        end = match.end()
    pieces.append(text[end:])
    for piece in pieces:
        if isinstance(piece, str) and (tight := TIGHT.search(piece)):
            row = text.count("\n", 0, text.index(tight[0]))
            raise FillingFault(ExpressionFault(f"write it with spaces: {{{{ {tight[1]} }}}}"), tight[0], row)
        if isinstance(piece, str) and "{{ " in piece:
            row = text.count("\n", 0, text.index(piece[piece.index("{{ ") :]))
            raise FillingFault(ExpressionFault("a space and two braces end a placeholder: {{ n }}"), "{{ ", row)
    return FillableText(tuple(piece for piece in pieces if piece != ""))


def _read_placeholder(written: str, row: int) -> Placeholder:
    try:
        expression = parse_expression(written, has_format=True)
        match = FORMAT.fullmatch(expression.rest)
        if match is None:
            raise ExpressionFault(f"“{expression.rest}” is not a format ({FORMATS})")
    except ExpressionFault as fault:
        raise FillingFault(fault, written, row) from None
    places = int(match["places"]) if match["places"] else None
    return Placeholder(expression, row, match["sign"] or "", bool(match["comma"]), places, match["form"] or "")


def fill(text: FillableText, evaluation: Evaluation) -> str:
    """Return the text for the values of a variant. Raises FillingFault."""
    written = "".join(piece if isinstance(piece, str) else fill_placeholder(piece, evaluation) for piece in text.pieces)
    if len(written) > LONGEST_FILLED:
        raise ExpressionFault(f"a text has at most {LONGEST_FILLED:,} characters")
    return written


def fill_placeholder(placeholder: Placeholder, evaluation: Evaluation) -> str:
    try:
        return written_value(evaluation.of(placeholder.expression), placeholder)
    except ExpressionFault as fault:
        raise FillingFault(fault, placeholder.expression.text, placeholder.row) from None


def written_value(value: ExpressionValue, how: Placeholder) -> str:
    """Return a value in the format of a placeholder."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return _signed(_number(value, how), how.sign)
    if how.form == "latex":
        return _latex(value, how)
    return f"[{', '.join(_entry(part, how) for part in value)}]"


def _entry(value: ExpressionValue, how: Placeholder) -> str:
    return f'"{value}"' if isinstance(value, str) else written_value(value, how)


def _number(number: Fraction, how: Placeholder) -> str:
    if how.form == "fraction" and number.denominator != 1:
        return f"{'-' if number < 0 else ''}\\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"
    text = number_text(number) if how.places is None else fixed_text(number, how.places)
    if text is None:
        raise ExpressionFault(f"the digits of {number} never end: give it a format, such as .2f, or use round(x, 2)")
    return _grouped(text) if how.is_grouped else text


def _grouped(text: str) -> str:
    """Return a number with a comma between thousands."""
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}" if int(whole) else text


def _signed(text: str, sign: str) -> str:
    is_negative = text.startswith("-")
    if sign == "()":
        return f"({text})" if is_negative else text
    return f"+{text}" if sign == "+" and not is_negative else text


def _latex(value: tuple[ExpressionValue, ...], how: Placeholder) -> str:
    if not is_matrix(value):
        return rf"({', '.join(_entry(part, how) for part in value)})"
    rows = [" & ".join(_entry(entry, how) for entry in row) for row in value if isinstance(row, tuple)]
    return rf"\begin{{pmatrix}} {r' \\ '.join(rows)} \end{{pmatrix}}"


def key_value(value: ExpressionValue) -> object:
    """Return a value as YAML would hold it where a whole field is a placeholder: numbers as quoted texts, sizes as numbers."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Fraction):
        return _number(value, PLAIN)
    if not all(isinstance(part, Fraction) and part.denominator == 1 for part in value):
        raise ExpressionFault(f"a list must have whole numbers here, not {kind_of(value)} of others")
    return [int(part) for part in value if isinstance(part, Fraction)]
