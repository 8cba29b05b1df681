"""What is sealed: the kinds of append-only records, and their rows as `records.rules.sealing` covers them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, Model, OuterRef, QuerySet

from records.models import Seal
from records.rules.sealing import RecordColumns, StoredSeal, portable


class RecordKind(NamedTuple):
    """A table of append-only records. `learner`, `course` and `made_at` are lookups from a row.

    Records without a learner belong to the chain of the course. `texts` are the columns that an erasure may blank;
    `left_out` are columns that decide nothing and that a learner does not see.
    """

    name: str
    model: type[Model]
    learner: str
    course: str
    made_at: str
    texts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.order_by()

    @property
    def columns(self) -> list[str]:
        """Return the columns that a seal covers, without texts."""
        names = [field.attname for field in self.model._meta.concrete_fields]
        return [name for name in names if name not in (*self.texts, *self.left_out)]

    @property
    def owner(self) -> dict[str, F]:
        """Return whose chain a row belongs to, as annotations."""
        course = {"chain_course": F(self.course)}
        return course | {"chain_learner": F(self.learner)} if self.learner else course

    def unsealed(self) -> QuerySet[Any]:
        return self.rows.filter(~Exists(Seal.objects.filter(kind=self.name, record=OuterRef("pk"))))


class RecordContent(NamedTuple):
    """A record as it is now: what its seal covers, and its texts."""

    kind: str
    pk: int
    made_at: datetime
    content: RecordColumns
    texts: RecordColumns


def record_contents(kind: RecordKind, rows: QuerySet[Any]) -> list[RecordContent]:
    """Return the content of rows of a kind, which names learner and course, so that no record moves to another chain.

    An empty column is left out, so that digests stay the same when a column is added later.
    """
    contents = []
    for row in rows.annotate(**kind.owner).values(*kind.columns, *kind.texts, *kind.owner):
        content = {name: portable(row[name]) for name in (*kind.columns, *kind.owner) if row[name] is not None}
        texts = {name: portable(row[name]) for name in kind.texts}
        contents.append(RecordContent(kind.name, row["id"], row[kind.made_at], {"kind": kind.name, **content}, texts))
    return contents


def seals_of(learner_ids: Collection[int], course_id: int | None = None) -> QuerySet[Seal]:
    """Return the seals in these learners' chains, chain by chain, in order."""
    rows = Seal.objects.filter(learner__in=learner_ids)
    if course_id is not None:
        rows = rows.filter(course=course_id)
    return rows.order_by("learner", "course", "position")


def course_seals(course_id: int) -> QuerySet[Seal]:
    """Return the seals in the chain of a course, in order."""
    return Seal.objects.filter(course=course_id, learner=None).order_by("position")


def stored_seal(seal: Seal) -> StoredSeal:
    return StoredSeal(seal.position, seal.salt, seal.text_digest, seal.digest)


def last_seals(course_id: int, learner_ids: Collection[int] | None) -> dict[int | None, StoredSeal]:
    """Return the last seal of each chain of a course: of these learners, or of the course itself if None. Runs one query."""
    rows = Seal.objects.filter(course=course_id)
    rows = rows.filter(learner=None) if learner_ids is None else rows.filter(learner__in=learner_ids)
    newest = rows.order_by().values("learner").annotate(last=Max("pk")).values("last")
    return {seal.learner_id: stored_seal(seal) for seal in Seal.objects.filter(pk__in=newest)}
