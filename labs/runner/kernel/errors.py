"""Reduce tracebacks to the learner's own cells, and add a hint to common mistakes."""

import re
import textwrap
import traceback
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypedDict

from labs.runner.kernel.frames import ERROR, shorten, without_escapes
from labs.runner.kernel.hints import hint_for

TIMED = "<timed exec>"  # IPython's file name for the code below %%time; %%time itself is the first line of the cell
MOST_MESSAGE = 1_500
MOST_FRAMES = 12
# Text that TensorFlow wraps around its messages: its own stack, devices, names of nodes.
WRAPPING = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"^Graph execution error:\s*",
        r"^Exception encountered when calling [^\n]*\n\s*",
        r"Detected at node [^\n]*\n(?:(?:\s+File [^\n]*|<stack[^\n]*|\s*)\n)*(?:Node: [^\n]*\n)?",
        r"\s*\[\[\{\{.*",
        r"\{\{[^}]*\}\} ?",
        r"\s*(?:Original stack trace|Errors may have originated|Call arguments received|Arguments received|\[Op:\w+\]).*",
    )
)
TRACED = re.compile(r'File "([^"]+)", line (\d+), in (\w+)')


class CodeLine(TypedDict):
    """A line of the learner's own code, where an error occurred."""

    cell: str | None
    line: int
    function: str | None
    source: str


class ErrorReport(TypedDict):
    """The payload of an ERROR frame."""

    type: str
    message: str
    frames: list[CodeLine]
    hint: str | None


class LabError(Exception):
    """A lab cannot do this; the message explains why, so learners do not see a traceback."""


@dataclass
class CellIndex:
    """Map a code object's file name to its cell and source."""

    sources: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def add(self, filename: str, cell: str | None, source: str) -> None:
        self.sources[filename] = (cell, source)

    def line(self, filename: str, number: int) -> str:
        lines = self.sources[filename][1].splitlines()
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def frame(self, filename: str, number: int, function: str) -> CodeLine:
        number += filename == TIMED
        named = None if function == "<module>" else function
        source = shorten(self.line(filename, number), 200)
        return {"cell": self.sources[filename][0], "line": number, "function": named, "source": source}

    def warning(self, message: object, category: type, filename: str, lineno: int, line: str | None = None) -> str:
        """Return the text of a warning: with its location if the learner's code caused it, without a path if a library did."""
        text = f"{category.__name__}: {message}\n"
        return f"{location(self.frame(filename, lineno, '<module>'))}\n  {text}" if filename in self.sources else text


def location(frame: CodeLine) -> str:
    """Return the location as text, such as "Line 2, in predict: y = x @ w". Only pages know the numbers of cells."""
    inside = f", in {frame['function']}" if frame["function"] else ""
    return f"Line {frame['line']}{inside}: {frame['source']}"


def learner_frames(cells: CellIndex, trace: TracebackType | None) -> list[CodeLine]:
    stack = [(frame.f_code.co_filename, number, frame.f_code.co_name) for frame, number in traceback.walk_tb(trace)]
    own = [cells.frame(*entry) for entry in stack if entry[0] in cells.sources]
    return own if len(own) <= MOST_FRAMES else [*own[: MOST_FRAMES // 2], *own[-MOST_FRAMES // 2 :]]


def traced_frames(cells: CellIndex, message: str) -> tuple[list[CodeLine], str]:
    """Return the locations in a function that was traced into a graph, which only the message contains, and the message
    without them.
    """
    if not message.startswith("in user code:"):
        return [], message
    own = [(match[1], int(match[2]), match[3]) for match in TRACED.finditer(message) if match[1] in cells.sources]
    paragraphs = re.split(r"\n\s*\n", message.strip())
    return [cells.frame(*entry) for entry in own], textwrap.dedent(paragraphs[-1]).strip().partition(": ")[2]


def message_of(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception as broken:  # noqa: BLE001 (a learner's own __str__ may raise anything)
        text = f"(the error's text could not be read: {type(broken).__name__})"
    if isinstance(error, KeyError) and len(error.args) == 1:
        text = f"no such key: {text}"
    return clean(text)


def clean(text: str) -> str:
    text = without_escapes(text)
    for pattern in WRAPPING:
        text = pattern.sub("", text)
    return shorten(text.strip(), MOST_MESSAGE)


def syntax_frame(cells: CellIndex, error: SyntaxError) -> list[CodeLine]:
    if error.filename in cells.sources and error.lineno:
        return [cells.frame(error.filename, error.lineno, "<module>")]
    return []


def describe(cells: CellIndex, error: BaseException) -> ErrorReport:
    """Return the payload of an ERROR frame. Of chained errors, take the last, which ended the cell."""
    if isinstance(error, LabError):
        return {"type": "LabError", "message": str(error), "frames": [], "hint": None}
    if isinstance(error, SyntaxError):
        frames, message = syntax_frame(cells, error), shorten(error.msg or "invalid syntax", MOST_MESSAGE)
    else:
        frames, message = learner_frames(cells, error.__traceback__), message_of(error)
    traced, message = traced_frames(cells, message)
    frames, name = frames + traced, type(error).__name__
    return {"type": name, "message": message, "frames": frames, "hint": hint_for(name, message)}


def as_text(report: ErrorReport) -> str:
    if report["type"] == "LabError":
        return f"{report['message']}\n"
    head = f"{report['type']}: {report['message']}" if report["message"] else report["type"]
    locations = [f"  {location(frame)}" for frame in report["frames"]]
    hint = [f"Hint: {report['hint']}"] if report["hint"] else []
    return "\n".join([head, *locations, *hint]) + "\n"


def error_data(report: ErrorReport) -> dict[str, object]:
    return {ERROR: report, "text/plain": as_text(report)}
