"""Seal the records of a course in chains, and find those that are no longer what was sealed (D18).

Nothing is sealed while a learner waits: the sweeper seals records once they are SETTLING old, and a statement first seals
what its learner has. A record that somebody changes before it is sealed is sealed as changed.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched, groupby, takewhile
from operator import attrgetter, itemgetter
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from course.services.content import lock_course
from foundation.one_by_one import one_by_one
from people.services.locks import lock_learners
from records.models import Seal, SealMark
from records.rules.sealing import SealedRecord, StoredSeal, broken_links, seal_after
from records.selectors.sealed import (
    RecordContent,
    RecordKind,
    course_seals,
    last_seals,
    record_contents,
    seals_of,
    stored_seal,
)

SETTLING = timedelta(minutes=2)  # no transaction is longer, so all earlier records are committed
LONGEST_WAIT = timedelta(hours=1)  # for a record to be sealed, while the sweeper works
ROWS = 500  # of a kind, looked at in one step
CHAINS = 100  # sealed in one transaction

type Kinds = Sequence[RecordKind]
type Chain = tuple[int, int | None]
"""The ids of a course and of a learner, or of a course and None for the chain of the course itself."""


class Sealed(NamedTuple):
    """What one step sealed: so many records. `is_last`: no more are old enough."""

    records: int
    is_last: bool


def seal_next(*, kinds: Kinds, now: datetime) -> Sealed:
    """Seal the next ROWS records of each kind that are SETTLING old. Call it from one process at a time, the sweeper.

    A chain that cannot be sealed keeps no other waiting. The mark stays before its records, so that each call tries it
    again, and its error is raised at the end.
    """
    marks = dict(SealMark.objects.values_list("kind", "record"))
    rows_by_kind = {kind: settled_rows(kind, marks.get(kind.name, 0), now) for kind in kinds}
    records, sealed = 0, set[Chain]()
    with one_by_one() as alone:
        for batch in batches_of({chain for rows in rows_by_kind.values() for _pk, chain in rows}):
            try:
                records += seal_batch(batch, kinds, now)
                sealed.update(batch)
            except Exception:  # noqa: BLE001 - each of its chains is tried again and raises its own error
                for course_id, learner_id in batch:
                    with alone(f"seals of learner {learner_id} in course {course_id}"):
                        records += seal_batch([(course_id, learner_id)], kinds, now)
                        sealed.add((course_id, learner_id))
        for kind, rows in rows_by_kind.items():
            if passed := list(takewhile(lambda row: row[1] in sealed, rows)):
                SealMark.objects.update_or_create(kind=kind.name, defaults={"record": passed[-1][0]})
    return Sealed(records, all(len(rows) < ROWS for rows in rows_by_kind.values()))


def batches_of(chains: Collection[Chain]) -> Iterator[list[Chain]]:
    """Yield the chains that one transaction seals: that of a course itself, or those of CHAINS learners of a course."""
    yield from ([chain] for chain in sorted(chains, key=itemgetter(0)) if chain[1] is None)
    of_learners = sorted((course_id, learner_id) for course_id, learner_id in chains if learner_id is not None)
    for _course_id, some in groupby(of_learners, key=itemgetter(0)):
        yield from map(list, batched(some, CHAINS))


def seal_batch(batch: Sequence[Chain], kinds: Kinds, now: datetime) -> int:
    """Seal everything unsealed in the chains of such a batch. Return how many records."""
    learners = [learner_id for _course_id, learner_id in batch if learner_id is not None]
    return seal_chains(kinds=kinds, course_id=batch[0][0], learner_ids=learners or None, now=now)


def settled_rows(kind: RecordKind, mark: int, now: datetime) -> list[tuple[int, Chain]]:
    """Return id and chain of the unsealed rows behind the mark, up to the first that is not SETTLING old.

    A time in the future comes from a clock that was wrong, and holds nothing up.
    """
    columns = ("pk", kind.course, kind.learner or "pk", kind.made_at)
    rows = kind.unsealed().filter(pk__gt=mark).order_by("pk").values_list(*columns)[:ROWS]
    settled = takewhile(lambda row: abs(now - row[3]) >= SETTLING, rows)
    return [(pk, (course_id, learner_id if kind.learner else None)) for pk, course_id, learner_id, _made_at in settled]


@transaction.atomic
def seal_chains(*, kinds: Kinds, course_id: int, learner_ids: Collection[int] | None, now: datetime) -> int:
    """Seal everything unsealed of these learners in a course, or of the course itself if None. Return how many records.

    Answers of these learners wait for the few milliseconds that this takes.
    """
    if learner_ids is None:
        lock_course(course_id=course_id)
    else:
        lock_learners(course_id=course_id, learner_ids=learner_ids)
    last = last_seals(course_id, learner_ids)
    erased = set(User.objects.filter(pk__in=learner_ids or (), erased_at__isnull=False).values_list("pk", flat=True))
    seals = []
    for record in sorted(unsealed_records(kinds, course_id, learner_ids), key=attrgetter("made_at", "kind", "pk")):
        owner = record.content.get("chain_learner")
        last[owner] = made = seal_after(
            last.get(owner),
            content=record.content,
            texts=record.texts,
            salt=secrets.token_hex(16),
            hides_texts=owner in erased,
        )
        seals.append(seal_row(made, record, now))
    Seal.objects.bulk_create(seals, batch_size=ROWS)
    return len(seals)


def unsealed_records(kinds: Kinds, course_id: int, learner_ids: Collection[int] | None) -> list[RecordContent]:
    """Return the records of these chains without a seal. Runs one query for each kind."""
    records = []
    for kind in kinds:
        if bool(kind.learner) == (learner_ids is not None):
            within = {f"{kind.learner}__in": learner_ids} if kind.learner else {}
            records += record_contents(kind, kind.unsealed().filter(**{kind.course: course_id}, **within))
    return records


def seal_row(made: StoredSeal, record: RecordContent, now: datetime) -> Seal:
    return Seal(
        learner_id=record.content.get("chain_learner"),
        course_id=record.content["chain_course"],
        position=made.position,
        kind=record.kind,
        record=record.pk,
        salt=made.salt,
        text_digest=made.text_digest,
        digest=made.digest,
        sealed_at=now,
    )


def verify_course_seals(*, kinds: Kinds, course_id: int, now: datetime) -> Iterator[str]:
    """Yield a sentence for each record of the course itself that is not what was sealed."""
    own = [kind for kind in kinds if not kind.learner]
    yield from broken_links(sealed_records(own, list(course_seals(course_id))))
    yield from left_unsealed(own, Q(), course_id, now)


def verify_learner_seals(
    *, kinds: Kinds, learner_ids: Collection[int], course_id: int | None, now: datetime
) -> Iterator[str]:
    """Yield a sentence for each record of these learners that is not what was sealed, or that should have been sealed."""
    own = [kind for kind in kinds if kind.learner]
    seals = list(seals_of(learner_ids, course_id))
    for _chain, records in groupby(zip(seals, sealed_records(own, seals), strict=True), key=chain_of):
        yield from broken_links(record for _seal, record in records)
    for kind in own:
        yield from left_unsealed([kind], Q(**{f"{kind.learner}__in": learner_ids}), course_id, now)


def chain_of(pair: tuple[Seal, SealedRecord]) -> tuple[int | None, int]:
    return pair[0].learner_id, pair[0].course_id


def sealed_records(kinds: Kinds, seals: Sequence[Seal]) -> list[SealedRecord]:
    """Return these seals with what their records say now. Runs one query for each kind and ROWS seals of it."""
    records: dict[tuple[str, int], RecordContent] = {}
    for kind in kinds:
        for pks in batched([seal.record for seal in seals if seal.kind == kind.name], ROWS):
            records |= {
                (kind.name, record.pk): record for record in record_contents(kind, kind.rows.filter(pk__in=pks))
            }
    return [sealed_record(seal, records.get((seal.kind, seal.record))) for seal in seals]


def sealed_record(seal: Seal, record: RecordContent | None) -> SealedRecord:
    whose = f"of learner {seal.learner_id}" if seal.learner_id else f"of course {seal.course_id}"
    name = f"{seal.kind} {seal.record} {whose}"
    return SealedRecord(stored_seal(seal), name, record.content if record else None, record.texts if record else {})


def count_waiting(*, kinds: Kinds, course_id: int | None, now: datetime) -> int:
    """Return how many records of the last LONGEST_WAIT have no seal yet. Runs one query for each kind."""
    waiting = 0
    for kind in kinds:
        rows = kind.unsealed().filter(**{f"{kind.made_at}__gt": now - LONGEST_WAIT})
        waiting += (rows if course_id is None else rows.filter(**{kind.course: course_id})).count()
    return waiting


def left_unsealed(kinds: Kinds, within: Q, course_id: int | None, now: datetime) -> Iterator[str]:
    """Yield records that should have been sealed long ago: their seal was removed, or they were added with an old time."""
    for kind in kinds:
        rows = kind.unsealed().filter(within, **{f"{kind.made_at}__lte": now - LONGEST_WAIT})
        if course_id is not None:
            rows = rows.filter(**{kind.course: course_id})
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            yield f"{kind.name} {pk}: has no seal"
