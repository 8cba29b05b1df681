"""Parse the expressions of a question that draws its values (decision 65).

This is a small parser of our own: nothing that an author writes is ever given to Python's, which reads 0.1 as a binary
fraction. It knows no attributes, no assignments and no calls other than of FUNCTIONS. Every expression is short and
shallow, so parsing and evaluating it costs a bounded number of steps.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from questions.variants.functions import FUNCTIONS
from questions.variants.values import ExpressionFault, ExpressionValue

LONGEST = 500  # characters
DEEPEST = 20  # brackets, signs and conditions inside one another
TOKEN = re.compile(
    r"(?P<number>\d{1,40}(?:\.(?!\.)\d{0,40})?(?:[eE][-+]?\d{1,2})?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>\*\*|//|<=|>=|==|!=|[-+*/%<>()\[\],])",
    re.ASCII,
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", re.ASCII)
TYPED = str.maketrans("\u2212\u00d7", "-*")  # − and ×
CONSTANTS: dict[str, ExpressionValue] = {"true": True, "false": False, "True": True, "False": False}
WORDS = frozenset({"and", "or", "not", "if", "else", *CONSTANTS})
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


@dataclass(frozen=True)
class ExpressionNode:
    """A part of an expression. `word` is a name, a function or operators; `at` is its character, from 1."""

    kind: str
    at: int
    parts: "tuple[ExpressionNode, ...]" = ()
    words: tuple[str, ...] = ()
    value: ExpressionValue = False


@dataclass(frozen=True)
class Expression:
    """A parsed expression; `names` are the values that it reads. `rest` is what follows a colon, a format."""

    text: str
    root: ExpressionNode
    names: frozenset[str]
    rest: str = ""


@dataclass(frozen=True)
class _Lexeme:
    kind: str
    text: str
    at: int


def is_free_name(name: str) -> bool:
    """Return whether a value may have this name."""
    return bool(NAME.fullmatch(name)) and len(name) <= 40 and name not in WORDS and name not in FUNCTIONS


def parse_expression(text: str, *, has_format: bool = False) -> Expression:
    """Parse a text. With `has_format`, what follows the first colon is not part of the expression.

    Raises ExpressionFault.
    """
    if len(text) > LONGEST:
        raise ExpressionFault(f"an expression has at most {LONGEST} characters")
    lexemes, rest = _lexemes(text, has_format=has_format)
    root = _ExpressionParser(lexemes).whole()
    return Expression(text, root, frozenset(_names(root)), rest)


def _lexemes(text: str, *, has_format: bool) -> tuple[list[_Lexeme], str]:
    lexemes: list[_Lexeme] = []
    at, typed = 0, text.translate(TYPED)
    while at < len(typed):
        if typed[at].isspace():
            at += 1
            continue
        if has_format and typed[at] == ":":
            return [*lexemes, _Lexeme("end", "", at + 1)], text[at + 1 :].strip()
        match = TOKEN.match(typed, at)
        if match is None:
            raise ExpressionFault(f"“{text[at]}” is not part of this language", at + 1)
        lexemes.append(_Lexeme(str(match.lastgroup), match[0], at + 1))
        at = match.end()
    return [*lexemes, _Lexeme("end", "", len(text) + 1)], ""


def _names(node: ExpressionNode) -> Iterator[str]:
    if node.kind == "name":
        yield node.words[0]
    for part in node.parts:
        yield from _names(part)


class _ExpressionParser:
    """Recursive descent. Chains of one precedence are one node, so only nesting makes a tree deep."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self.lexemes = lexemes
        self.index = 0
        self.depth = 0

    @property
    def next(self) -> _Lexeme:
        return self.lexemes[self.index]

    def whole(self) -> ExpressionNode:
        root = self.condition()
        if self.next.kind != "end":
            raise ExpressionFault(f"“{self.next.text}” was not expected here", self.next.at)
        return root

    def take(self, *texts: str) -> _Lexeme | None:
        """Return the next lexeme and go on, if it is one of these."""
        lexeme = self.next
        if lexeme.kind not in ("sign", "name") or lexeme.text not in texts:
            return None
        self.index += 1
        return lexeme

    def need(self, text: str) -> None:
        if self.take(text) is None:
            raise ExpressionFault(f"“{text}” is missing", self.next.at)

    def deeper(self, parse: Callable[[], ExpressionNode]) -> ExpressionNode:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionFault(
                f"at most {DEEPEST} brackets, signs or conditions may be inside one another", self.next.at
            )
        node = parse()
        self.depth -= 1
        return node

    def condition(self) -> ExpressionNode:
        value = self.chain("or", self.conjunction, "or")
        if (lexeme := self.take("if")) is None:
            return value
        test = self.chain("or", self.conjunction, "or")
        self.need("else")
        return ExpressionNode("condition", lexeme.at, (test, value, self.deeper(self.condition)))

    def conjunction(self) -> ExpressionNode:
        return self.chain("and", self.negation, "and")

    def negation(self) -> ExpressionNode:
        if lexeme := self.take("not"):
            return ExpressionNode("not", lexeme.at, (self.deeper(self.negation),))
        return self.chain("comparison", self.addition, *COMPARISONS)

    def addition(self) -> ExpressionNode:
        return self.chain("arithmetic", self.product, "+", "-")

    def product(self) -> ExpressionNode:
        return self.chain("arithmetic", self.signed, "*", "/", "//", "%")

    def chain(self, kind: str, parse: Callable[[], ExpressionNode], *operators: str) -> ExpressionNode:
        """Parse operands between operators of one precedence."""
        parts, words = [parse()], []
        at = self.next.at
        while lexeme := self.take(*operators):
            words.append(lexeme.text)
            parts.append(parse())
        return ExpressionNode(kind, at, tuple(parts), tuple(words)) if words else parts[0]

    def signed(self) -> ExpressionNode:
        if lexeme := self.take("-", "+"):
            operand = self.deeper(self.signed)
            return ExpressionNode("negative", lexeme.at, (operand,)) if lexeme.text == "-" else operand
        return self.power()

    def power(self) -> ExpressionNode:
        base = self.indexed()
        if (lexeme := self.take("**")) is None:
            return base
        return ExpressionNode("arithmetic", lexeme.at, (base, self.deeper(self.signed)), ("**",))

    def indexed(self) -> ExpressionNode:
        value, at, indices = self.atom(), self.next.at, []
        while self.take("["):
            indices.append(self.deeper(self.condition))
            while self.take(","):
                indices.append(self.deeper(self.condition))
            self.need("]")
        return ExpressionNode("index", at, (value, *indices)) if indices else value

    def atom(self) -> ExpressionNode:
        lexeme = self.next
        if self.take("("):
            inner = self.deeper(self.condition)
            self.need(")")
            return inner
        if self.take("["):
            return ExpressionNode("vector", lexeme.at, self.listed("]"))
        self.index += 1
        match lexeme.kind:
            case "number":
                return ExpressionNode("literal", lexeme.at, value=Fraction(lexeme.text))
            case "text":
                return ExpressionNode("literal", lexeme.at, value=lexeme.text[1:-1])
            case "name":
                return self.named(lexeme)
        raise ExpressionFault(
            "a value is missing" if lexeme.kind == "end" else f"a value is missing before “{lexeme.text}”", lexeme.at
        )

    def named(self, lexeme: _Lexeme) -> ExpressionNode:
        name = lexeme.text
        if name in CONSTANTS:
            return ExpressionNode("literal", lexeme.at, value=CONSTANTS[name])
        if name in WORDS:
            raise ExpressionFault(f"a value is missing before “{name}”", lexeme.at)
        if self.take("("):
            return self.call(name, lexeme.at)
        if name in FUNCTIONS:
            raise ExpressionFault(f"“{name}” is a function: write {name}(…)", lexeme.at)
        return ExpressionNode("name", lexeme.at, words=(name,))

    def call(self, name: str, at: int) -> ExpressionNode:
        function = FUNCTIONS.get(name)
        if function is None:
            raise ExpressionFault(f"“{name}” is not a function of this language ({', '.join(sorted(FUNCTIONS))})", at)
        arguments = self.listed(")")
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionFault(f"{name} is used as {function.usage}", at)
        return ExpressionNode("call", at, arguments, (name,))

    def listed(self, end: str) -> tuple[ExpressionNode, ...]:
        """Parse values between commas, up to a closing bracket."""
        values: list[ExpressionNode] = []
        while not self.take(end):
            if values:
                self.need(",")
            values.append(self.deeper(self.condition))
        return tuple(values)
