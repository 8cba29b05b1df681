"""What a regrade says about a question, and what counts under it (D17).

Records never change; they are marked differently.

| kind | says | of |
|---|---|---|
| key | another response is the correct one | one version |
| accept | this response is correct too | one version |
| credit | everyone gets the points, answered or not | the question |
| void | the question does not count | the question |

A question that draws its values may be corrected in one variant, or in all of them at once (D43). `variants` then holds
the response and the key of each other variant.

Corrections apply in order. Unless a correction `lowers`, responses that were correct stay correct: a new key then adds
to the old one, and a void question still counts for learners who had it right.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from questions.rules.attempts import Json, is_same

type CorrectionKind = Literal["key", "accept", "credit", "void"]
KINDS: tuple[CorrectionKind, ...] = ("key", "accept", "credit", "void")
type CorrectionEffect = Literal["", "corrected", "credit", "void", "gone"]
OF_A_VERSION: tuple[CorrectionKind, ...] = ("key", "accept")


@dataclass(frozen=True)
class OfVersion:
    """A key or accept for one version: the canonical response, and the secret under which it is correct."""

    version: int
    response: Json = None
    key: dict[str, Json] | None = None


@dataclass(frozen=True)
class Correction:
    """`version` is the id of the version that a key or a response belongs to, None for the whole question.

    `response` is canonical, `key` is the secret under which it is correct; `regrade` is the record's id, 0 in a dry
    run.
    """

    kind: CorrectionKind
    version: int | None = None
    response: Json = None
    key: dict[str, Json] | None = None
    lowers: bool = False
    regrade: int = 0
    variants: tuple[OfVersion, ...] = ()

    def of(self, version: int) -> "OfVersion | Correction | None":
        """Return what a key or accept says of this version, None if it is about others."""
        if self.version == version:
            return self
        return next((variant for variant in self.variants if variant.version == version), None)


def correction_as_json(correction: Correction) -> dict[str, object]:
    """Return a correction as JSON. The inverse of `read_corrections`, for one correction."""
    values = asdict(correction)
    variants = list(values.pop("variants"))
    return {**values, "variants": variants} if variants else values  # 0.9.0 reads a correction without variants


def read_corrections(rows: Sequence[dict[str, Any]]) -> tuple[Correction, ...]:
    """Parse a question's stored corrections. The inverse of `correction_as_json`."""
    return tuple(Correction(**values) if "variants" not in values else _of_variants(values) for values in rows)


def _of_variants(values: dict[str, Any]) -> Correction:
    return Correction(**{**values, "variants": tuple(OfVersion(**variant) for variant in values["variants"])})


def counts_as_correct(
    by_key: bool,
    *,
    version: int,
    response: Json,
    corrections: Sequence[Correction],
    marks: Callable[[dict[str, Json] | None], bool],
) -> bool:
    """Return whether a response counts as correct.

    `by_key` is the outcome under its version's own key; `marks` marks the response by another key.
    """
    right = by_key
    for correction in corrections:
        if correction.kind == "credit":
            right = True
        elif (of_version := correction.of(version)) is None:
            continue
        elif correction.kind == "accept":
            right = right or is_same(of_version.response, response)
        elif correction.kind == "key":
            right = marks(of_version.key) or (right and not correction.lowers)
    return right


def key_in_force(key: dict[str, Json], version: int, corrections: Sequence[Correction]) -> dict[str, Json]:
    """Return the key of a version that may be shown: the last correction's, laid over the version's own."""
    for correction in corrections:
        of_version = correction.of(version) if correction.kind == "key" else None
        if of_version is not None and of_version.key is not None:
            key = {**key, **of_version.key}
    return key


def accepted_responses(version: int, corrections: Sequence[Correction]) -> list[Json]:
    """Return the responses that are accepted in addition to the key."""
    accepting = [correction.of(version) for correction in corrections if correction.kind == "accept"]
    return [of_version.response for of_version in accepting if of_version is not None]


def is_credited(corrections: Sequence[Correction]) -> bool:
    """Return whether everyone gets the points."""
    return any(correction.kind == "credit" for correction in corrections)


def is_void(corrections: Sequence[Correction]) -> bool:
    """Return whether the question is void: it does not count for learners who had it wrong."""
    return any(correction.kind == "void" for correction in corrections)


def correction_effect(corrections: Sequence[Correction]) -> CorrectionEffect:
    """Return the effect of all corrections on a question, "" without any."""
    if is_gone(corrections):
        return "gone"
    if is_void(corrections):
        return "void"
    if is_credited(corrections):
        return "credit"
    return "corrected" if corrections else ""


def is_gone(corrections: Sequence[Correction]) -> bool:
    """Return whether the question is void for everyone, including learners who had it right."""
    return any(correction.kind == "void" and correction.lowers for correction in corrections)
