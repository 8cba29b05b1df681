"""An author's source of one question, on the way to a body and a key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NotRequired, TypedDict

type QuestionSource = Mapping[str, Any]
type SourcePath = tuple[str | int, ...]


class BodyItem(TypedDict):
    """An option, an item or one side of a pair, as a body stores it. An option with `last` stays behind the others."""

    id: str
    html: str
    source: str
    last: NotRequired[bool]


@dataclass(frozen=True)
class SourceProblem:
    """A mistake at a place in the source: ("options", 1, "right") is options[1].right."""

    path: SourcePath
    message: str


@dataclass(frozen=True)
class Authored:
    """The public `body` and the secret `key` of a version, both JSON.

    Use both only if `problems` is empty. `advice` comes from the strict check: form that gives the key away, wrong
    options without an explanation.
    """

    body: dict[str, Any]
    key: dict[str, Any]
    problems: tuple[SourceProblem, ...] = ()
    advice: tuple[SourceProblem, ...] = ()


@dataclass
class Reader:
    """Read fields of a question's source, and collect mistakes on the way."""

    source: QuestionSource
    problems: list[SourceProblem] = field(default_factory=list)

    def report(self, path: SourcePath, message: str) -> None:
        self.problems.append(SourceProblem(path, message))

    def at(self, path: SourcePath) -> object:
        """Return the value at `path`, or None if it is missing."""
        value: Any = self.source
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def text(self, *path: str | int) -> str:
        """Return a text that is not blank; otherwise report a mistake and return ""."""
        value = self.at(path)
        if isinstance(value, str) and value.strip():
            return str(value).strip()
        self.report(path, f"needs a text, not {quote_short(value)}")
        return ""

    def flag(self, *path: str | int) -> bool:
        """Return true or false; false if the field is missing."""
        value = self.at(path)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.report(path, f"needs true or false, not {quote_short(value)}")
        return False

    def rows(self, *path: str | int, least: int) -> range:
        """Return the indices of a list with at least `least` rows; otherwise report a mistake and return none."""
        value = self.at(path)
        if isinstance(value, list) and len(value) >= least:
            return range(len(value))
        self.report(path, f"needs a list of at least {least}, not {quote_short(value)}")
        return range(0)

    def refuse_unknown(self, known: set[str], *path: str | int) -> None:
        """Report the names in the mapping at `path` that nothing reads."""
        value = self.at(path)
        if not isinstance(value, Mapping):
            return
        for name in value:
            if name not in known:
                self.report((*path, name), "is not a known field here")

    def refuse_doubled(self, texts: list[str], *path: str | int) -> None:
        """Report rows that repeat an earlier one."""
        for index, text in enumerate(texts):
            if text and text in texts[:index]:
                self.report((*path, index), f"says the same as row {texts.index(text) + 1}")


def quote_short(value: object) -> str:
    """Return a value in the short form in which messages quote it."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def opaque_id(source: QuestionSource, role: str, text: str) -> str:
    """Return an id that stays the same while question and text do, and reveals nothing about the key."""
    return digest_of_parts(str(source.get("id")), role, text)[:12]


def digest_of_parts(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
