"""What a child says, made fit to pass on: known kinds only, control characters out, counted against the run's caps."""

import base64
import binascii
import json
import re
from dataclasses import dataclass

from labs.runner.protocol import Limits
from labs.runner.wire import Malformed, parse

STREAM = "application/vnd.finalcheck.stream+json"
OURS = "application/vnd.finalcheck."
TEXTS = ("text/plain", "text/html", "text/latex", "text/markdown")
IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
JSON_BYTES = 512 << 10

# Escape sequences whole, then every other control character but tab, newline, return and backspace, then the marks
# that turn the direction of text and so can make it read as something else.
UNSAFE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"
    r"|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)


class OverLimit(Exception):
    """The run said more than it may."""


def clean_text(value: bytes) -> str:
    return UNSAFE.sub("", value.decode("utf-8", "replace"))


def clean_image(mime: str, value: bytes) -> str:
    try:
        begins_right = base64.b64decode(value, validate=True).startswith(IMAGES[mime])
    except binascii.Error as error:
        raise Malformed("an image that is not base64") from error
    if not begins_right:
        raise Malformed(f"not {mime}")
    return value.decode("ascii")


def strings_cleaned(value: object) -> object:
    """The same JSON with its texts cleaned as `clean_text` does."""
    if isinstance(value, str):
        return UNSAFE.sub("", value)
    if isinstance(value, list):
        return [strings_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {UNSAFE.sub("", key): strings_cleaned(each) for key, each in value.items()}
    return value


def clean_json(value: bytes) -> object:
    if len(value) > JSON_BYTES:
        raise Malformed("a JSON value too large")
    try:
        found = strings_cleaned(parse(value))
        json.dumps(found, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    return found


def clean(parts: dict[str, bytes]) -> dict:
    """The bundle of the known kinds among the parts. An unknown kind (a script, an SVG) is left out."""
    bundle: dict = {}
    for mime, value in parts.items():
        if mime in TEXTS:
            bundle[mime] = clean_text(value)
        elif mime in IMAGES:
            bundle[mime] = clean_image(mime, value)
        elif mime.startswith(OURS) and mime.endswith("+json"):
            bundle[clean_text(mime.encode())[:100]] = clean_json(value)
    return bundle


def is_display(bundle: dict) -> bool:
    """Figures, tables and values; streams, progress and notes are not counted as displays."""
    return not any(mime.startswith(OURS) for mime in bundle) or any(mime in bundle for mime in ("text/html", *IMAGES))


@dataclass
class Meter:
    """Counts one run's output against its limits."""

    limits: Limits
    bytes: int = 0
    displays: int = 0

    def count(self, size: int, bundle: dict) -> None:
        self.bytes += size
        self.displays += is_display(bundle)
        if self.bytes > self.limits.output_bytes:
            raise OverLimit(f"more than {self.limits.output_bytes >> 20} MiB of output")
        if self.displays > self.limits.displays:
            raise OverLimit(f"more than {self.limits.displays} displays")


def joins(earlier: dict, later: dict) -> bool:
    """Two stretches of the same stream of the same cell, which may be passed on as one."""
    same = earlier["cell"] == later["cell"]
    streams = [each["data"].get(STREAM) for each in (earlier, later)]
    return same and streams[0] is not None and streams[0] == streams[1]


def joined(earlier: dict, later: dict) -> dict:
    text = earlier["data"].get("text/plain", "") + later["data"].get("text/plain", "")
    return {**earlier, "data": {**earlier["data"], "text/plain": text}}
