"""Seal append-only records in a chain, so that a record that changed, went missing or moved can be named (D18).

The digest of a seal covers the record, its position and the digest before it. Texts about a person may be erased, and are
covered by a digest of their own, with a random salt: once the salt is erased, nobody can guess the texts from the digest.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

type RecordColumns = Mapping[str, Any]


@dataclass(frozen=True)
class StoredSeal:
    """A seal as stored. An empty salt means that its learner was erased, and the texts with them."""

    position: int
    salt: str
    text_digest: str
    digest: str


@dataclass(frozen=True)
class SealedRecord:
    """A seal, and what its record says now, or None if the record is gone."""

    seal: StoredSeal
    name: str
    content: RecordColumns | None
    texts: RecordColumns


def portable(value: Any) -> Any:
    """Return a stored value as JSON that is the same whichever database it comes from.

    Points lose their trailing zeros, times are in UTC, and a whole number is an integer.
    """
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: portable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [portable(item) for item in value]
    return value


def in_one_form(value: Any) -> bytes:
    """Return a portable value as JSON, written in one way: keys in order, no spaces, only ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def chain_digest(*parts: Any) -> str:
    """Return the SHA-256 of portable values."""
    return hashlib.sha256(in_one_form(parts)).hexdigest()


def seal_after(
    last: StoredSeal | None, *, content: RecordColumns, texts: RecordColumns, salt: str, hides_texts: bool
) -> StoredSeal:
    """Return the seal of a record behind the last seal of its chain. `hides_texts`: the learner is erased already."""
    position, previous = (last.position + 1, last.digest) if last else (1, "")
    covered = chain_digest(salt, texts)
    digest = chain_digest(previous, position, content, covered)
    return StoredSeal(position, "" if hides_texts else salt, covered, digest)


def broken_links(chain: Iterable[SealedRecord]) -> Iterator[str]:
    """Yield a sentence for each record that is not what was sealed, and for each seal that is missing before another one.

    If the last seals of a chain are gone with their records, the rest fits. Only a statement made before names them.
    """
    previous, position = "", 0
    for record in chain:
        seal = record.seal
        is_next = seal.position == position + 1
        if not is_next:
            yield f"{record.name}: the seals between positions {position} and {seal.position} are missing"
        if record.content is None:
            yield f"{record.name}: sealed at position {seal.position}, and removed since"
        elif is_next and chain_digest(previous, seal.position, record.content, seal.text_digest) != seal.digest:
            yield f"{record.name}: differs from what was sealed at position {seal.position}"
        elif seal.salt and chain_digest(seal.salt, record.texts) != seal.text_digest:
            yield f"{record.name}: its texts differ from what was sealed at position {seal.position}"
        previous, position = seal.digest, seal.position
