"""Code in a lesson: its attributes and its HTML."""

import ast
import html
import re
from dataclasses import dataclass

from pygments import format as write_tokens
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Text
from pygments.util import ClassNotFound

from course.markup.attributes import Attributes, split_attributes
from course.markup.expectations import Expectation, read_expectations
from course.markup.practice import Prediction, prediction_html, read_prediction, wrong_test

RUNTIMES = {"tf1": "TensorFlow 1", "tf2": "TensorFlow 2", "both": "TensorFlow 1 and 2"}
FLAGS = {"true": True, "false": False}
KEYS = frozenset({"id", "runtime", "run", "after", "expect", "caption", "predict", "choices", "solves", "tests"})
TEXTS = ("id", "expect", "caption", "predict", "choices", "solves", "tests")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
MAGIC = re.compile(r"^([^\S\n]*)[%!].*$", re.MULTILINE)
LONGEST_LINE, LONGEST_SOURCE = 1_000, 20_000  # characters that are highlighted; others are shown plain
BLANK_LINES = re.compile(r"^(?:[^\S\n]*\n){50}", re.MULTILINE)
COLORED = frozenset(
    {"k", "kn", "kc", "ow", "s1", "s2", "si", "sa", "mi", "mf", "nf", "nb", "c1", "o", "p"}
)  # in text.css
LANGUAGE_NAMES = {"python": "Python", "console": "Console", "text": "Text", "": "Text"}


@dataclass(frozen=True)
class Listing:
    """A fenced code block. Without an id, it cannot be run. `expect`: None if the author promises no output.

    `tests` is the id of the listing for which this block is the hidden test; `test` is the source of its own hidden test.
    `solves` is the id of the listing that this one completes.
    """

    language: str
    source: str
    line: int
    id: str = ""
    runtime: str = "tf2"
    is_runnable: bool = False
    after: tuple[str, ...] = ()
    expect: tuple[Expectation, ...] | None = None
    caption: str = ""
    prediction: Prediction | None = None
    solves: str = ""
    tests: str = ""
    test: str = ""


def read_listing(info: str, source: str, line: int) -> tuple[Listing, tuple[str, ...]]:
    """Return the listing of a fence, and the mistakes in its attributes."""
    language, attributes = split_attributes(info)
    if attributes is None:
        return Listing(language, source, line), ("the braces after the language cannot be read: write {key=value …}.",)
    problems = list(_wrong_attributes(language, attributes))
    expect = None
    if isinstance(attributes.get("expect"), str):
        expect, wrong = read_expectations(str(attributes["expect"]))
        problems += wrong
    prediction = None
    if "predict" in attributes:
        prediction, unfit = read_prediction(str(attributes["predict"]), str(attributes.get("choices", "")), expect)
        problems += unfit
    after = attributes.get("after", ())
    listing = Listing(
        language=language,
        source=source,
        line=line,
        id=str(attributes.get("id", "")),
        runtime=str(attributes.get("runtime", "tf2")),
        is_runnable=FLAGS.get(str(attributes.get("run", "false")), False),
        after=after if isinstance(after, tuple) else (after,),
        expect=expect,
        caption=str(attributes.get("caption", "")),
        prediction=prediction,
        solves=str(attributes.get("solves", "")),
        tests=str(attributes.get("tests", "")),
    )
    return listing, (*problems, *_wrong_code(listing))


def _wrong_attributes(language: str, attributes: Attributes) -> list[str]:
    problems = [
        f"a listing has no attribute “{key}” (it has {', '.join(sorted(KEYS))})."
        for key in attributes
        if key not in KEYS
    ]
    runtime, run = attributes.get("runtime", "tf2"), attributes.get("run", "false")
    if runtime not in RUNTIMES:
        problems.append(f"runtime is {', '.join(RUNTIMES)}, not “{runtime}”.")
    if run not in FLAGS:
        problems.append(f"run is true or false, not “{run}”.")
    if attributes and language != "python":
        problems.append("only a python listing can have attributes.")
    if "tests" in attributes:
        problems += ["a hidden test has no attribute except tests."] if len(attributes) > 1 else []
    elif attributes and not KEY.match(str(attributes.get("id", ""))):
        problems.append("a listing with attributes needs an id, a short kebab-case word.")
    problems += [f"{key} is not a list." for key in TEXTS if isinstance(attributes.get(key), tuple)]
    if "choices" in attributes and "predict" not in attributes:
        problems.append("choices belong to predict: say after which word the predicted value is printed.")
    problems += [
        f"a listing with {key} needs run=true." for key in ("predict", "solves") if key in attributes and run != "true"
    ]
    return problems


def _wrong_code(listing: Listing) -> list[str]:
    try:
        get_lexer_by_name(listing.language or "text")
    except ClassNotFound:
        return [f"“{listing.language}” is not a language that can be highlighted."]
    if not (listing.id or listing.tests) or listing.language != "python":
        return []
    source = MAGIC.sub(r"\1pass", listing.source)
    try:
        ast.parse(source)
    except SyntaxError as error:
        return [f"line {error.lineno} of the listing is not Python: {error.msg}."]
    except (RecursionError, MemoryError):  # what Python's parser raises for this, after a few milliseconds
        return ["the listing has too many parts inside one another."]
    return list(wrong_test(source)) if listing.tests else []


def listing_html(listing: Listing, element_id: str, shown: str = "") -> str:
    """Return header, highlighted lines, what the code shows, caption and prediction, or "" for a hidden test.

    A CSS counter numbers the lines, so copying leaves the numbers out.
    """
    if listing.tests:
        return ""
    name = LANGUAGE_NAMES.get(listing.language, listing.language)
    label = f"{name} listing {listing.id}".strip()
    prediction = prediction_html(listing.prediction) if listing.prediction else ""
    caption = f"<figcaption>{html.escape(listing.caption)}</figcaption>" if listing.caption else ""
    return (
        f"<figure data-code{_data(listing, element_id)}>{_header(listing)}"
        f'<pre tabindex="0" role="group" aria-label="{html.escape(label)}">'
        f"{code_html(listing)}</pre>{shown}{caption}{prediction}</figure>\n"
    )


def code_html(listing: Listing) -> str:
    """Return the code with each line in its own span."""
    language = listing.language if is_quickly_read(listing.source) else ""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    tokens = lexer.get_tokens(listing.source)
    colored = ((kind if STANDARD_TYPES.get(kind) in COLORED else Text, text) for kind, text in tokens)
    lines = write_tokens(colored, HtmlFormatter(nowrap=True)).splitlines()
    return "".join(f"<span>{line}\n</span>" for line in lines)


def is_quickly_read(source: str) -> bool:
    """Return whether the source can be highlighted: some patterns of Pygments take the square of these lengths."""
    has_long_line = len(max(source.splitlines(), key=len, default="")) > LONGEST_LINE
    return not has_long_line and len(source) <= LONGEST_SOURCE and BLANK_LINES.search(source) is None


def _header(listing: Listing) -> str:
    if not listing.id:
        return ""
    runtime = "" if listing.runtime == "tf2" else f"<span data-versions>{RUNTIMES.get(listing.runtime, '')}</span>"
    return f"<header><span data-name>{html.escape(listing.id)}</span>{runtime}</header>"


def _data(listing: Listing, element_id: str) -> str:
    if not listing.id:
        return ""
    data = {"listing": listing.id, "runtime": listing.runtime, "after": " ".join(listing.after)}
    if listing.is_runnable:
        data["run"] = "true"
    if listing.test:
        data["tested"] = "true"
    written = "".join(f' data-{key}="{html.escape(value)}"' for key, value in data.items() if value)
    return f' id="{html.escape(element_id)}"{written}'
