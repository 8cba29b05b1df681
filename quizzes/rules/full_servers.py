"""What a web server tells of the times when it was full of requests and refused others: the JSON of its heartbeat (D20).

The answer to a request for a heartbeat may have this body, with status 200 if the heartbeat was recorded, and 503 or 429
if it was not. A server that has nothing to tell answers 204, which alone a sweeper of version 0.9.0 takes for a heartbeat:

    {"full": [{
        "from": "2026-11-24T12:02:00Z",      when the server began to refuse
        "until": "2026-11-24T12:03:33Z",     when it last refused, so far
        "holders": [{
            "kind": "address",               or "person", for somebody who is signed in
            "address": "192.0.2.7",          or a network; may be "" for a person
            "person": null,                  the id of a person's account
            "connections": 900,              the most held at one time, complete or not
            "requests": 12,                  the most that waited or ran at one time
            "bytes": 0,                      the most of unfinished bodies in memory
            "refused": 340                   how many were refused, since `from`
        }]
    }]}

A server tells of a time for as long as it remembers it. `from` identifies the time, and its numbers only grow, so telling
again does no harm. Unknown fields are ignored, and so is what cannot be read.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_ADDRESS = 64
MOST_HOLDERS = 50  # of one time that are kept: those that held and were refused the most
MOST_SPANS = 50  # of one answer that are read
LARGEST = 2**53  # so that sums still fit in a column of both databases
NUMBERS = {"connections": "connections", "requests": "requests", "size": "bytes", "refused": "refused"}


class HolderKind(StrEnum):
    ADDRESS = "address"
    PERSON = "person"


@dataclass(frozen=True)
class Holder:
    """Who held the server: an address, or a person by the id of the account. `size` is in bytes."""

    kind: HolderKind
    address: str = ""
    person_id: int | None = None
    connections: int = 0
    requests: int = 0
    size: int = 0
    refused: int = 0


@dataclass(frozen=True)
class FullSpan:
    """From when until when a server was full, and who held it."""

    from_at: datetime
    until_at: datetime
    holders: tuple[Holder, ...]


def full_spans(body: object) -> list[FullSpan]:
    """Return what the JSON of a heartbeat tells, in order."""
    periods = body.get("full") if isinstance(body, Mapping) else None
    rows = periods[:MOST_SPANS] if isinstance(periods, list) else []
    return [span for row in rows if (span := full_span(row)) is not None]


def full_span(row: object) -> FullSpan | None:
    """Return one time, or None if its moments cannot be read."""
    if not isinstance(row, Mapping):
        return None
    with suppress(KeyError, TypeError, ValueError):
        from_at, until_at = (datetime.fromisoformat(row[name]) for name in ("from", "until"))
        if from_at.tzinfo and until_at.tzinfo and from_at < until_at:
            holders = row.get("holders")
            return FullSpan(from_at, until_at, most_held(holders if isinstance(holders, list) else []))
    return None


def most_held(rows: Iterable[object]) -> tuple[Holder, ...]:
    """Return the readable holders, those first that held and were refused the most."""
    holders = [holder for row in rows if (holder := holder_in(row)) is not None]
    holders.sort(key=lambda holder: (holder.connections + holder.requests + holder.refused, holder.size), reverse=True)
    return tuple(holders[:MOST_HOLDERS])


def holder_in(row: object) -> Holder | None:
    """Return a holder, or None if the row names nobody."""
    if not isinstance(row, Mapping):
        return None
    address, person_id = row.get("address") or "", row.get("person")
    numbers = {name: whole_number_in(row.get(key)) for name, key in NUMBERS.items()}
    if (
        not isinstance(address, str)
        or len(address) > LONGEST_ADDRESS
        or not (address.isascii() and address.isprintable())
    ):
        return None
    if row.get("kind") == HolderKind.PERSON and whole_number_in(person_id):
        return Holder(HolderKind.PERSON, address, whole_number_in(person_id), **numbers)
    if row.get("kind") == HolderKind.ADDRESS and address:
        return Holder(HolderKind.ADDRESS, address, None, **numbers)
    return None


def whole_number_in(value: object) -> int:
    """Return a whole number of 0 or more, 0 for anything else."""
    return max(0, min(value, LARGEST)) if isinstance(value, int) and not isinstance(value, bool) else 0


def full_body(spans: Iterable[FullSpan]) -> dict[str, object]:
    """Return the body that tells of these times."""
    return {
        "full": [
            {
                "from": span.from_at.isoformat(),
                "until": span.until_at.isoformat(),
                "holders": [holder_body(holder) for holder in span.holders],
            }
            for span in spans
        ]
    }


def holder_body(holder: Holder) -> dict[str, object]:
    numbers = {key: getattr(holder, name) for name, key in NUMBERS.items()}
    return {"kind": holder.kind.value, "address": holder.address, "person": holder.person_id, **numbers}
