"""What an author wrote for one question, on its way into a body and a key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

type Source = Mapping[str, Any]
type Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A mistake at a place in the source: ("options", 1, "right") is options[1].right."""

    path: Path
    message: str


@dataclass(frozen=True)
class Authored:
    """The public `body` and the secret `key` of a version, both JSON.

    Both count only while `problems` is empty. `advice` is what a strict check adds: form that
    gives the key away, wrong options without a reason.
    """

    body: dict[str, Any]
    key: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()


@dataclass
class Reader:
    """Reads fields of a question's source and collects the problems it meets."""

    source: Source
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Path, message: str) -> None:
        self.problems.append(Problem(path, message))

    def at(self, path: Path) -> Any:
        """The value at `path`, None where nothing is."""
        value: Any = self.source
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def text(self, *path: str | int) -> str:
        """A text that is not blank; otherwise reports and gives ""."""
        value = self.at(path)
        if isinstance(value, str) and value.strip():
            return str(value).strip()
        self.report(path, f"needs a text, not {shown(value)}")
        return ""

    def flag(self, *path: str | int) -> bool:
        """true or false, false where nothing is written."""
        value = self.at(path)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.report(path, f"needs true or false, not {shown(value)}")
        return False

    def rows(self, *path: str | int, least: int) -> range:
        """The indices of a list with at least so many rows; otherwise reports and gives none."""
        value = self.at(path)
        if isinstance(value, list) and len(value) >= least:
            return range(len(value))
        self.report(path, f"needs a list of at least {least}, not {shown(value)}")
        return range(0)

    def refuse_unknown(self, known: set[str], *path: str | int) -> None:
        """Reports the names in the mapping at `path` that nothing reads."""
        value = self.at(path)
        if not isinstance(value, Mapping):
            return
        for name in value:
            if name not in known:
                self.report((*path, name), "is not known here")

    def refuse_doubled(self, texts: list[str], *path: str | int) -> None:
        """Reports rows that say the same as an earlier one."""
        for index, text in enumerate(texts):
            if text and text in texts[:index]:
                self.report((*path, index), f"says the same as row {texts.index(text) + 1}")


def shown(value: object) -> str:
    """A value as a message quotes it, short."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def opaque_id(source: Source, role: str, text: str) -> str:
    """An id that stays the same while question and text do, and says nothing about the key."""
    return digest(str(source.get("id")), role, text)[:12]


def digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
