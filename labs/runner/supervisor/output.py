"""Make a child's output fit to pass on: allow known kinds only, remove control characters, and count it against the
run's limits.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass

from labs.runner.protocol import RunLimits
from labs.runner.wire import Malformed, parse

STREAM = "application/vnd.finalcheck.stream+json"
OURS = "application/vnd.finalcheck."
TEXTS = ("text/plain", "text/html", "text/latex", "text/markdown")
PNG = b"\x89PNG\r\n\x1a\n"
IMAGES = {"image/png": PNG, "image/jpeg": b"\xff\xd8\xff", f"{OURS}dark+png": PNG}
JSON_BYTES = 512 << 10
# Bytes of a frame's own header, which do not count as the learner's output.
HEAD_BYTES = 96
# The least that a message and a stored frame count for, in bytes of the run's output.
MESSAGE_PRICE, FRAME_PRICE = 32, 128

# Whole escape sequences, then every other control character except tab, newline, return and backspace, then marks that
# change the direction of text and could make it read as something else.
UNSAFE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"
    r"|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)


# A lone UTF-16 surrogate: JSON can contain one, but encodings and databases reject it.
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class OverLimit(Exception):
    """The run produced more output than its limit."""


def clean_text(value: bytes) -> str:
    return clean_string(value.decode("utf-8", "replace"))


def clean_string(value: str) -> str:
    """Return text that every encoding and database accepts: without control characters, and with lone surrogates replaced."""
    return UNSAFE.sub("", LONE_SURROGATE.sub("\ufffd", value))


def clean_image(mime: str, value: bytes) -> str:
    try:
        begins_right = base64.b64decode(value, validate=True).startswith(IMAGES[mime])
    except binascii.Error as error:
        raise Malformed("an image that is not base64") from error
    if not begins_right:
        raise Malformed(f"not {mime}")
    return value.decode("ascii")


def clean_strings(value: object) -> object:
    """Return the same JSON with every string cleaned by `clean_string`, keys included."""
    if isinstance(value, str):
        return clean_string(value)
    if isinstance(value, list):
        return [clean_strings(item) for item in value]
    if isinstance(value, dict):
        return {clean_string(key): clean_strings(item) for key, item in value.items()}
    return value


def clean_json(value: bytes) -> object:
    if len(value) > JSON_BYTES:
        raise Malformed("a JSON value too large")
    try:
        cleaned = clean_strings(parse(value))
        json.dumps(cleaned, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    return cleaned


def clean(parts: dict[str, bytes]) -> dict:
    """Return the bundle of the known kinds among the parts. Unknown kinds (a script, an SVG) are left out."""
    bundle: dict = {}
    for mime, value in parts.items():
        if mime in TEXTS:
            bundle[mime] = clean_text(value)
        elif mime in IMAGES:
            bundle[mime] = clean_image(mime, value)
        elif mime.startswith(OURS) and mime.endswith("+json"):
            bundle[clean_string(mime)[:100]] = clean_json(value)
    return bundle


def is_display(bundle: dict) -> bool:
    """Return whether this is a figure, table or value. Streams, progress and notes do not count as displays."""
    return not any(mime.startswith(OURS) for mime in bundle) or any(mime in bundle for mime in ("text/html", *IMAGES))


@dataclass
class Meter:
    """Count one run's output against its limits. Every message and every frame has a minimum price."""

    limits: RunLimits
    bytes: int = 0
    displays: int = 0
    frames: int = 0
    last: object = None

    def count_message(self, size: int) -> None:
        """Count a message as it arrived, before processing it."""
        self.spend(max(size - HEAD_BYTES, MESSAGE_PRICE))

    def count(self, cell: str | None, bundle: dict, size: int) -> None:
        """Count a frame by its size as stored; `size` of its bytes are already counted.

        Text that continues the previous stream is stored with it, so it does not count as a frame.
        """
        stream = (cell, bundle[STREAM]) if bundle.keys() == {"text/plain", STREAM} else None
        if stream is not None and stream == self.last:
            self.spend(max(0, len(json.dumps(bundle["text/plain"])) - size))
            return
        self.last = stream
        self.frames += 1
        self.displays += is_display(bundle)
        self.spend(max(0, FRAME_PRICE + len(json.dumps(bundle)) - size))
        if self.frames > self.limits.frames:
            raise OverLimit(f"more than {self.limits.frames:,} pieces of output")
        if self.displays > self.limits.displays:
            raise OverLimit(f"more than {self.limits.displays} displays")

    def spend(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.limits.output_bytes:
            raise OverLimit(f"more than {self.limits.output_bytes >> 20} MiB of output")


def joins(earlier: dict, later: dict) -> bool:
    """Return whether these are two pieces of the same stream of the same cell, which may be passed on as one."""
    same = earlier["cell"] == later["cell"]
    streams = [piece["data"].get(STREAM) for piece in (earlier, later)]
    return same and streams[0] is not None and streams[0] == streams[1]


def joined(earlier: dict, later: dict) -> dict:
    text = earlier["data"].get("text/plain", "") + later["data"].get("text/plain", "")
    return {**earlier, "data": {**earlier["data"], "text/plain": text}}
