"""What a regrade says of a question, and what counts under it (D17): the records stay, their meaning is corrected.

| kind | says | of |
|---|---|---|
| key | another response is the right one | one version |
| accept | this response is right too | one version |
| credit | everyone gets the points, answered or not | the question |
| void | the question does not count | the question |

Corrections in force apply in their order. Unless one `lowers`, what was right stays right under it: another key then
adds to the old one, and a question that is void still counts for whoever had it right.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from quizzes.rules.attempts import Json, is_same

type Kind = Literal["key", "accept", "credit", "void"]
KINDS: tuple[Kind, ...] = ("key", "accept", "credit", "void")
OF_A_VERSION: tuple[Kind, ...] = ("key", "accept")


@dataclass(frozen=True)
class Correction:
    """`version` is the id of the version that a key or a response belongs to, None for the whole question.

    `response` is canonical, `key` the secret under which it is right; `regrade` is the record's id, 0 in a dry run.
    """

    kind: Kind
    version: int | None = None
    response: Json = None
    key: dict[str, Any] | None = None
    lowers: bool = False
    regrade: int = 0


def stored(correction: Correction) -> dict[str, Any]:
    return asdict(correction)


def read(found: Sequence[dict[str, Any]]) -> tuple[Correction, ...]:
    """The inverse of `stored`, for a question's list."""
    return tuple(Correction(**values) for values in found)


def corrected(
    by_key: bool, *, version: int, response: Json, corrections: Sequence[Correction], marks: Callable[[Any], bool]
) -> bool:
    """Is a response right that its version's own key calls `by_key`? `marks` judges it by another key."""
    right = by_key
    for correction in corrections:
        if correction.kind == "credit":
            right = True
        elif correction.version == version and correction.kind == "accept":
            right = right or is_same(correction.response, response)
        elif correction.version == version and correction.kind == "key":
            right = marks(correction.key) or (right and not correction.lowers)
    return right


def key_in_force(key: dict[str, Any], version: int, corrections: Sequence[Correction]) -> dict[str, Any]:
    """The key of a version that may be shown: the last correction's, with what else the version's own says."""
    for correction in corrections:
        if correction.kind == "key" and correction.version == version and correction.key is not None:
            key = {**key, **correction.key}
    return key


def accepted(version: int, corrections: Sequence[Correction]) -> list[Json]:
    """The responses that are right too."""
    return [found.response for found in corrections if found.kind == "accept" and found.version == version]


def is_credited(corrections: Sequence[Correction]) -> bool:
    return any(found.kind == "credit" for found in corrections)


def is_void(corrections: Sequence[Correction]) -> bool:
    """Does not count for whoever did not have it right."""
    return any(found.kind == "void" for found in corrections)


def is_gone(corrections: Sequence[Correction]) -> bool:
    """Void for everyone, also for those who had it right."""
    return any(found.kind == "void" and found.lowers for found in corrections)
