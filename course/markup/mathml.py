"""Convert LaTeX to MathML.

The converter silently accepts unknown commands, unbalanced braces and missing arguments, and draws them as letters. So
everything is checked here, before and after the conversion.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml import commands, exceptions
from latex2mathml.converter import Converter
from latex2mathml.symbols_parser import SYMBOLS
from latex2mathml.tokenizer import tokenize

from course.markup.mathml_core import to_core


def _commands(names: str) -> frozenset[str]:
    return frozenset(rf"\{name}" for name in names.split())


ENVIRONMENTS = frozenset(
    {"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix"}
    | {"array", "cases", "split", "aligned", "align", "align*"}
)
# Commands that no browser draws, or that could set a color, a style or a link outside the theme.
REFUSED = _commands(
    "class style href unicode color textcolor colorbox fcolorbox rule boxed fbox cancel bcancel xcancel sout "
    "newcommand newenvironment def DeclareMathOperator verb tag skew sideset"
)
WORDS = _commands("text textbf textit textmd textnormal textrm textsf texttt textup mbox hbox emph llap rlap clap")
KNOWN = (
    frozenset(SYMBOLS)
    | frozenset(commands.FUNCTIONS)
    | frozenset(commands.CONVERSION_MAP)
    | frozenset(commands.LOCAL_FONTS)
    | frozenset(commands.GLOBAL_FONTS)
    | _commands(
        "argmax argmin det gcd liminf limsup Pr mod bmod pmod limits nolimits not space nobreakspace over choose "
        "cr hline big Big bigg Bigg strut mathstrut mathring substack"
    )
) - REFUSED
ARITY = {
    "mfrac": 2,
    "msup": 2,
    "msub": 2,
    "mover": 2,
    "munder": 2,
    "mroot": 2,
    "msubsup": 3,
    "munderover": 3,
    "msqrt": 1,
}
FAILURES: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)),
    *(StopIteration, IndexError, ValueError),
)
DEEPEST = 40  # braces and \\left inside one another; a formula that people read has five
TOO_DEEP = "this formula has too many parts inside one another."
COMMAND = re.compile(r"\\[a-zA-Z]+\*?$")
OPERATOR_NAME = re.compile(r"\\operatorname(\*|withlimits)?\{[a-zA-Z\s]+\}$")
BOUNDARY = re.compile(r"\\(begin|end)\{([a-zA-Z]+\*?)\}$")


@lru_cache(maxsize=4096)
def to_mathml(tex: str, *, is_display: bool) -> tuple[str, tuple[str, ...]]:
    """Return the MathML of one formula and its mistakes, as sentences. If there are mistakes, the MathML is empty."""
    problems = tuple(dict.fromkeys((*_unbalanced(tex), *_unknown(tex))))
    if problems:
        return "", problems
    try:
        return _drawn(tex, is_display)
    except FAILURES as error:
        return "", (f"this formula cannot be read ({_error_in_words(error)}).",)
    except RecursionError:  # \sqrt\sqrt\sqrt… needs no braces
        return "", (TOO_DEEP,)


def _drawn(tex: str, is_display: bool) -> tuple[str, tuple[str, ...]]:
    tree = _convert(tex, is_display)
    problems = tuple(dict.fromkeys(_incomplete(tree)))
    if problems:
        return "", problems
    to_core(tree)
    return ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False), ()


def _convert(tex: str, is_display: bool) -> ElementTree.Element:
    # Browsers draw aligned and split as the same table, but the converter knows only split. The converter also drops
    # the font of a single upright letter, unless the letter is in its own group.
    source = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", tex)
    source = re.sub(r"\\mathrm\s*\{\s*([a-zA-Z])\s*\}", r"\\mathrm{{\1}}", source)
    return Converter(display="block" if is_display else "inline").convert_to_element(source)


def _error_in_words(error: BaseException) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
    return words.removesuffix(" error")


def _tokens(tex: str) -> Iterator[str]:
    """Yield the converter's own tokens, without the words in \text{…}, which are not LaTeX."""
    tokens = tokenize(tex)
    for token in tokens:
        yield token
        if token in WORDS:
            next(tokens, None)


def _unbalanced(tex: str) -> Iterator[str]:
    open_parts: list[str] = []
    for token in _tokens(tex):
        boundary = BOUNDARY.match(token)
        if token in ("{", r"\left"):
            open_parts.append(token)
            if len(open_parts) > DEEPEST:
                yield TOO_DEEP
                return
        elif boundary and boundary[1] == "begin":
            open_parts.append(boundary[2])
        elif token in ("}", r"\right") or boundary:
            expected = {"}": "{", r"\right": r"\left"}.get(token) or (boundary[2] if boundary else "")
            opened = open_parts.pop() if open_parts else ""
            if opened != expected:
                still = f"“{opened}” must be closed before." if opened else "nothing is open here."
                yield f"“{token}” comes too early: {still}"
                return
    for part in open_parts:
        yield f"“{part}” is never closed."


def _unknown(tex: str) -> Iterator[str]:
    for token in dict.fromkeys(_tokens(tex)):
        boundary = BOUNDARY.match(token)
        if boundary:
            if boundary[2] not in ENVIRONMENTS:
                yield f"the environment “{boundary[2]}” is not one that can be drawn."
        elif token in REFUSED:
            yield f"“{token}” is not one that browsers draw."
        elif COMMAND.match(token) and token not in KNOWN and not OPERATOR_NAME.match(token):
            yield f"“{token}” is not a known command."


def _incomplete(tree: ElementTree.Element) -> Iterator[str]:
    for element in tree.iter():
        expected = ARITY.get(element.tag)
        if expected is not None and len(element) < expected:
            yield "an argument is missing (a fraction, a root, an index or an accent has too few parts)."
        if element.tag == "mi" and (element.text or "") == "&":
            yield "“&” stands outside of a table such as aligned, cases or pmatrix."
