"""Who writes the messages of each kind. The app of an event registers a builder; mail does not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from mail.models import Mail
    from mail.services.letters import Letter


@dataclass(frozen=True)
class LetterBuilder:
    """What mail asks the app of an event.

    `why_withheld` returns the result of a message that must not be sent any more, or "". `letter` writes a message.
    `end_wish` does what else follows when a person wants no more mail of the kind.
    """

    why_withheld: Callable[["Mail", datetime], str]
    letter: Callable[["Mail"], "Letter"]
    end_wish: Callable[["User"], None] = lambda user: None


_builders: dict[str, LetterBuilder] = {}


def register_letters(kind: str, builder: LetterBuilder) -> None:
    """Let `builder` write the messages of this kind. Call it once, when the app is ready."""
    _builders[kind] = builder


def builder_of(kind: str) -> LetterBuilder:
    """Return who writes the messages of this kind. Raises KeyError, a programming error, if no app does."""
    return _builders[kind]
