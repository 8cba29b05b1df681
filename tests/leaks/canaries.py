"""Canaries: each is a word in the place of a secret. A page that shows the word would show the secret."""

import html
import io
import re
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote

WORD = re.compile(r"zq([a-z]+)0([a-z]+)0([a-z]*)qz")


@dataclass(frozen=True, order=True)
class Canary:
    """A secret of one kind. `of` is the person, the question or the lab that it belongs to."""

    kind: str
    of: str
    place: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.of, self.place)))


def canary(kind: str, of: str, place: str = "") -> str:
    """Return the word of a canary, as a text field holds it."""
    word = f"zq{kind}0{of}0{place}qz"
    assert WORD.fullmatch(word), word
    return word


def canaries_in(text: str, secrets: dict[str, Canary]) -> set[Canary]:
    """Return the canaries in a text. `secrets` are texts that the product made itself, such as a token."""
    found = {Canary(*words) for words in WORD.findall(text.lower())}
    return found | {secret for value, secret in secrets.items() if value in text}


def readable(content: bytes) -> str:
    """Return what a person can read in a body: as it is, with its entities and escapes undone, and in its archive."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{readable(archive.read(name))}" for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    return f"{text}\n{html.unescape(text)}" if "&" in text else text


def readable_header(value: str) -> str:
    return f"{value}\n{unquote(value)}"
