"""Frames: a run's output as a series of MIME bundles.

    {"cell": "4", "data": {mime: value}}

`cell` is the id of the cell that was running, or None. Every bundle except CLEAR has `text/plain`, a version for people
and for clients that support nothing else. Values are text, base64 text (images) or JSON (`…+json`).

| type     | value |
|---|---|
| STREAM   | {"name": "stdout" or "stderr"}; the text itself is text/plain, in the order in which it was written |
| ERROR    | {"type", "message", "frames": [{"cell", "line", "function", "source"}], "hint": text or None} |
| PROGRESS | {"step", "total": number or None, "metrics": {name: number}}; replaces the cell's previous one |
| CURVES   | {"x": "epoch" or "step", "series": {name: [[x, y], …]}}; sent once a training or a cell ended |
| NOTE     | {"text"}: something the learner should know once, such as an old name that was replaced |
| CLEAR    | {"wait": bool}: drop the cell's output so far; with `wait`, only when the next frame comes |
| image/png | base64; text/plain then describes the figure by its titles |
| DARK     | beside image/png: the same figure in the dark theme, base64 |
| TABLES   | beside image/png: {"tables": [{"title", "columns", "rows", "left_out": rows not shown}]}, the figure's numbers |
| text/html | untrusted, as pandas or the learner's classes made it |
"""

import re
from typing import Any

Frame = dict[str, Any]

STREAM = "application/vnd.finalcheck.stream+json"
ERROR = "application/vnd.finalcheck.error+json"
PROGRESS = "application/vnd.finalcheck.progress+json"
CURVES = "application/vnd.finalcheck.curves+json"
NOTE = "application/vnd.finalcheck.note+json"
CLEAR = "application/vnd.finalcheck.clear+json"
DARK = "application/vnd.finalcheck.dark+png"
TABLES = "application/vnd.finalcheck.tables+json"

# The MIME types that a display may contain, with the most characters of each. Anything else (scripts, widgets) is left
# out.
DISPLAY_CAPS = {
    "text/plain": 64_000,
    "text/html": 400_000,
    "text/markdown": 64_000,
    "text/latex": 64_000,
    "image/png": 3_000_000,
    "image/jpeg": 3_000_000,
}
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def without_escapes(text: str) -> str:
    """Return the text without terminal escape sequences."""
    return ESCAPES.sub("", text)


def shorten(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[:most]}\n… {len(text) - most:,} more characters are not shown"


def display_data(bundle: dict[str, object]) -> dict[str, object]:
    """Limit a display's bundle: shorten text, and replace any other value that is too large with its name."""
    kept = {mime: value for mime, value in bundle.items() if mime in DISPLAY_CAPS and isinstance(value, str)}
    plain = shorten(without_escapes(kept.pop("text/plain", "")), DISPLAY_CAPS["text/plain"])
    large = sorted(mime for mime, value in kept.items() if len(value) > DISPLAY_CAPS[mime])
    notes = [f"({mime} of {len(kept.pop(mime)):,} characters is too large to show)" for mime in large]
    return {**kept, "text/plain": "\n".join(filter(None, [plain, *notes]))}
