"""Texts that would take a parser long: a thousand, generated from marks of the dialect, each at any length."""

from collections.abc import Callable
from random import Random

MARKS = (
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "](a)",
        "[a](b)",
        "[a]",
        "[a]: b",
        "[a]:",
        "[^a]",
        "[^a]: b",
        "[a][b]",
        '[a](b "c")',
    ),
    *("*", "**", "***", "_", "__", "*a", "a*", "**a", "a**b", "_a_", "*a_", "~~", "`", "``", "```", "`a", "a`b``"),
    *("$", "$$", "$a$", "$ a", "$a^{b}$", r"$\frac{a}{b}$", "${", "$}", r"$\left(", r"$\begin{", "$$\na\n$$", "$$ (a)"),
    *("<", ">", "<a", "<a>", "<!--", "<?", "<![CDATA[", "<http://a>", "&", "&amp;", "&#", "&#x;", "&a"),
    *(
        "\\",
        "\\*",
        "\\\n",
        "{",
        "}",
        "{#a}",
        "{a=b}",
        '{a="',
        "{a='b'}",
        "{a=[b",
        "{{",
        "}}",
        "{{a.b}}",
        "{{a.",
        "{{a.b%}}",
    ),
    *("#", "# a", "## a", "### a {#b}", "#######", "a\n===", "a\n---", "---", "***", "- - -"),
    *("- a", "-", "* a", "+ a", "1. a", "1)", "123456789. a", "> a", ">", "> - a", "- > a", "    a", "\ta"),
    *("|", "|a", "|a|b|", "|-", "|-|-|", "|:-:|", "a|b\n-|-", "||"),
    *(":::", "::: note", "::: note a", "::: exercise {id=a}", "::::", "::: aside", "::: solution", ":::: hint"),
    *(
        "```python",
        "```python {id=a run=true}",
        "~~~",
        "```\na\n```",
        "```python\na = 1\n```",
        "``` {",
        '```python {expect="',
    ),
    *(
        "![a](b)",
        '![a](b "c")',
        '![a](b "*c*"){id=d}',
        "![a](b){id=c}",
        "http://a",
        "lesson:a",
        "[a](lesson:b)",
        "[](#a)",
    ),
    *("a", "a ", " ", "  ", "\n", "\n\n", "a\n", "\u00a0", "ä", "“", "0", "a  \n", "\x00", "\r\n", "'", '"'),
)
AROUND = (
    "{}",
    "## {}",
    "- {}",
    "> {}",
    "|{}|\n|-|\n",
    "::: note\n{}\n:::",
    "![{}](a)",
    "[{}](a)",
    "${}$",
    "$$\n{}\n$$",
    "*{}*",
)
JOINTS = ("", "", " ", "\n", "\n\n")
CASES = 1000


def repeated(length: int, *marks: str) -> str:
    """Repeat the marks, in turns, to this length."""
    one = "".join(marks)
    return (one * (length // len(one) + 1))[:length]


def one_after_the_other(length: int, *marks: str) -> str:
    """Repeat each mark: what many of the first leave open, the others meet."""
    return "".join(repeated(length // len(marks), mark) for mark in marks)


def mirrored(length: int, *marks: str) -> str:
    """Open with the first mark as often as the last one closes."""
    half = repeated(length // 2, marks[0])
    return f"{half}a{repeated(length // 2, marks[-1])}"


def growing(length: int, *marks: str) -> str:
    """Write runs of the first mark, each one longer than the run before, apart from each other by the last one."""
    runs, total, size = [], 0, 1
    while total < length:
        runs.append(marks[0] * size + (marks[-1] if len(marks) > 1 else " "))
        total, size = total + len(runs[-1]), size + 1
    return "".join(runs)[:length]


def deeper(length: int, *marks: str) -> str:
    """Write one line after the other, each one further to the right."""
    lines, total, depth = [], 0, 0
    while total < length:
        lines.append(f"{'  ' * depth}{''.join(marks)}\n")
        total, depth = total + len(lines[-1]), depth + 1
    return "".join(lines)[:length]


def numbered(length: int, *marks: str) -> str:
    """Repeat the marks, each time with another number behind them."""
    pieces, total = [], 0
    while total < length:
        pieces.append(f"{''.join(marks)}{len(pieces)}\n\n")
        total += len(pieces[-1])
    return "".join(pieces)[:length]


SHAPES = (repeated, repeated, one_after_the_other, mirrored, growing, deeper, numbered)


def case(number: int) -> tuple[str, Callable[[int], str]]:
    """Return a name, and what gives the text at a length. The same number always gives the same."""
    chosen = Random(number)
    shape, around, joint = chosen.choice(SHAPES), chosen.choice((AROUND[0], *AROUND)), chosen.choice(JOINTS)
    marks = [f"{mark}{joint}" for mark in chosen.sample(MARKS, chosen.choice((1, 1, 2, 2, 3)))]
    return f"{shape.__name__} {marks} in {around!r}", lambda length: around.replace("{}", shape(length, *marks))
