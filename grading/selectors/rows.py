"""Read the gradebook's cells as plain facts: one learner's in one query, many learners' in four.

Learners may hold a certificate that they do not know of, because the result that earned it is withheld (D33). So a ledger
with a certificate takes the same work as one without it, or the time of an answer would tell.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from foundation.fast.prepared import PreparedQuery
from grading.models import Certificate, CertificateEvent, GradeCategory, GradeChange, Override, Score
from grading.rules.activity_results import ActivityResult, ActivityWorth
from grading.rules.certifying import Held
from grading.rules.lateness import terms_from
from grading.rules.ledger import Basis, Ledger, LedgerRow, Policy, by_basis

FIELDS = (
    "key",
    "title",
    "of",
    "weight",
    "pass_percent",
    "position",
    "drop_lowest",
    "is_extra",
    "course__pass_percent",
    "items__pk",
    "items__activity",
    "items__url_name",
    "items__kind",
    "items__title",
    "items__is_retired",
    "items__is_extra",
    "items__winnable",
    "items__credited",
    "items__late",
    "cell__points_earned",
    "cell__points_possible",
    "cell__points_answered",
    "cell__winnable",
    "cell__state",
    "cell__points_late",
    "override",
    "is_exempt",
    "certificate_id",
    "certificate_code",
    "certificate_event",
    "has_notices",
)


NEWEST = ("-created_at", "-pk")


def ledger_query(learner_id: int, course_id: int) -> QuerySet[Any, Any]:
    """Return FIELDS of every item of the course with this learner's cell, in order.

    An item with several overrides has a row for each. The last one is the newest, which applies.
    """
    cell = FilteredRelation("items__scores", condition=Q(items__scores__learner_id=learner_id))
    given = FilteredRelation("items__overrides", condition=Q(items__overrides__learner_id=learner_id))
    certified = Certificate.objects.filter(learner_id=learner_id, course_id=course_id)
    events = CertificateEvent.objects.filter(
        certificate__learner_id=learner_id, certificate__course_id=course_id
    ).order_by(*NEWEST)
    notices = GradeChange.objects.filter(learner_id=learner_id, item__category__course_id=course_id).exclude(reason="")
    return (
        GradeCategory.objects.filter(course_id=course_id)
        .annotate(
            cell=cell,
            given=given,
            override=F("given__points_earned"),
            is_exempt=F("given__is_exempt"),
            certificate_id=Subquery(certified.values("pk")[:1]),
            certificate_code=Subquery(certified.values("code")[:1]),
            certificate_event=Subquery(events.values("pk")[:1]),
            has_notices=Exists(notices),
        )
        .order_by("position", "items__position", "items__pk", "given__pk")
        .values_list(*FIELDS)
    )


LEDGER = PreparedQuery(ledger_query, learner_id=int, course_id=int)


def ledger(learner_id: int, course_id: int) -> Ledger:
    """Return everything that may count for this learner, in order.

    A certified learner's rows follow the certificate's basis (D23).
    """
    return ledger_of(LEDGER.raw(learner_id=learner_id, course_id=course_id))


@lru_cache(maxsize=2048)
def ledger_of(rows: tuple[tuple[object, ...], ...]) -> Ledger:
    """Return the ledger that rows of LEDGER make. The same rows make the same."""
    lines = [ledger_line(row) for row in rows]
    if not lines:
        return Ledger(Decimal(100), (), ())
    current = Ledger(
        pass_percent=lines[0].pass_percent,
        policies=tuple({line.policy.key: line.policy for line in lines}.values()),
        rows=tuple({line.row.item_id: line.row for line in lines if line.row is not None}.values()),
        has_notices=lines[0].has_notices,
    )
    held = lines[0].certificate
    return current if held is None else certified_ledger(current, held)


@lru_cache(maxsize=512)
def stored_certificate(code: str, event_id: int | None) -> tuple[Basis | None, str | None]:
    """Return the basis of the certificate with this code after this event, and the event's kind.

    The basis is None if it was given up. Both never change, so a process reads them once for each event.
    """
    given, last = Certificate.objects.values_list("basis", flat=True).get(code=code), None
    rows = CertificateEvent.objects.filter(certificate__code=code).order_by("created_at", "pk")
    for pk, kind, basis in rows.values_list("pk", "kind", "basis") if event_id is not None else ():
        given, last = given if basis is None else basis, kind
        if pk == event_id:
            break
    return given or None, last


class LedgerLine(NamedTuple):
    """What one row of LEDGER says: about the course and the learner, about the category, and about the item if it has one."""

    pass_percent: Decimal
    has_notices: bool
    certificate: "CertificateValues | None"
    policy: Policy
    row: LedgerRow | None


@lru_cache(maxsize=4096)
def ledger_line(row: tuple[object, ...]) -> LedgerLine:
    """Return what a row of LEDGER says. An answer changes one row of a learner's ledger, so the others are found here."""
    (columns,) = LEDGER.converted([row])
    values = dict(zip(FIELDS, columns, strict=True))
    return LedgerLine(
        values["course__pass_percent"],
        values["has_notices"],
        certificate_in(values),
        policy_of(values),
        None if values["items__pk"] is None else ledger_row(values, worth_of(values)),
    )


class CertificateValues(TypedDict):
    """A certificate's stored values, with the kind of its newest event (None without any).

    `basis` is the one that applies now, None if it was given up.
    """

    pk: int
    basis: Basis | None
    last: str | None


def certificate_in(values: dict[str, Any]) -> CertificateValues | None:
    """Return the certificate that a row of LEDGER names, or None."""
    code = values["certificate_code"]
    if code is None:
        return None
    basis, last = stored_certificate(code, values["certificate_event"])
    return {"pk": values["certificate_id"], "basis": basis, "last": last}


def certificates_of(course_id: int, learner_ids: Collection[int]) -> dict[int, CertificateValues]:
    """Return the certificates of many learners, by learner. Runs one query."""
    newest = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by(*NEWEST)
    rows = Certificate.objects.filter(course_id=course_id, learner_id__in=learner_ids)
    given = newest.filter(basis__isnull=False).values("basis")
    rows = rows.annotate(last=Subquery(newest.values("kind")[:1]), given=Subquery(given[:1]))
    return {
        learner_id: {"pk": pk, "basis": (issued if given is None else given) or None, "last": last}
        for learner_id, pk, issued, given, last in rows.values_list("learner_id", "pk", "basis", "given", "last")
    }


def certified_ledger(current: Ledger, certificate: CertificateValues) -> Ledger:
    held: Held = "revoked" if certificate["last"] == CertificateEvent.Kind.REVOKED else "valid"
    basis = certificate["basis"]
    kept = current if basis is None else by_basis(current, basis)
    return replace(kept, held=held, certificate_id=certificate["pk"], current=current)


POLICY_FIELDS = FIELDS[: FIELDS.index("course__pass_percent")]
ITEM_FIELDS = FIELDS[: FIELDS.index("cell__points_earned")]
CELL_FIELDS = ("points_earned", "points_possible", "points_answered", "winnable", "state", "points_late")
NO_CELL: dict[str, Any] = {f"cell__{name}": None for name in CELL_FIELDS}


def ledgers(
    course_id: int, learner_ids: Collection[int], supposed: Mapping[str, ActivityWorth] | None = None
) -> dict[int, Ledger]:
    """Return the ledgers of many learners. Runs four queries, however many there are.

    `supposed` replaces what these activities are worth to learners who have not started them.
    """
    items = list(
        GradeCategory.objects.filter(course_id=course_id)
        .order_by("position", "items__position", "items__pk")
        .values(*ITEM_FIELDS)
    )
    if not items:
        return dict.fromkeys(learner_ids, Ledger(Decimal(100), (), ()))
    policies = tuple({values["key"]: policy_of(values) for values in items}.values())
    columns = [
        (values, (supposed or {}).get(values["items__activity"]) or worth_of(values))
        for values in items
        if values["items__pk"] is not None
    ]
    cells, overrides = cells_of(course_id, learner_ids), newest_overrides(course_id, learner_ids)
    certificates = certificates_of(course_id, learner_ids)

    def ledger_for(learner_id: int) -> Ledger:
        rows = (
            ledger_row(
                {
                    **values,
                    **cells.get((learner_id, values["items__pk"]), NO_CELL),
                    **overrides.get((learner_id, values["items__pk"]), NO_OVERRIDE),
                },
                worth,
            )
            for values, worth in columns
        )
        current = Ledger(items[0]["course__pass_percent"], policies, tuple(rows))
        certificate = certificates.get(learner_id)
        return current if certificate is None else certified_ledger(current, certificate)

    return {learner_id: ledger_for(learner_id) for learner_id in learner_ids}


def cells_of(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """Return the scores by (learner, item), with the column names of a ledger's query."""
    rows = Score.objects.filter(item__category__course_id=course_id, learner_id__in=learner_ids)
    return {
        (learner_id, item_id): {f"cell__{name}": value for name, value in zip(CELL_FIELDS, values, strict=True)}
        for learner_id, item_id, *values in rows.values_list("learner_id", "item_id", *CELL_FIELDS)
    }


NO_OVERRIDE: dict[str, Any] = {"override": None, "is_exempt": None}


def newest_overrides(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """Return the newest override by (learner, item), with the column names of a ledger's query."""
    rows = Override.objects.filter(item__category__course_id=course_id, learner_id__in=learner_ids).order_by("pk")
    return {
        (learner_id, item_id): {"override": points, "is_exempt": is_exempt}
        for learner_id, item_id, points, is_exempt in rows.values_list(
            "learner_id", "item_id", "points_earned", "is_exempt"
        )
    }


def policy_of(values: dict[str, Any]) -> Policy:
    return Policy(**{name: values[name] for name in POLICY_FIELDS})


def worth_of(values: dict[str, Any]) -> ActivityWorth:
    return ActivityWorth(
        tuple(map(Decimal, values["items__winnable"])),
        {question: Decimal(points) for question, points in values["items__credited"].items()},
    )


def ledger_row(values: dict[str, Any], fresh: ActivityWorth) -> LedgerRow:
    result = fresh.unbegun
    if values["cell__state"] is not None:
        points = [values[f"cell__{name}"] for name in ("points_earned", "points_possible", "points_answered")]
        winnable = tuple(map(Decimal, values["cell__winnable"]))
        result = ActivityResult(*points, winnable, values["cell__state"], values["cell__points_late"])
    return LedgerRow(
        item_id=values["items__pk"],
        activity=values["items__activity"],
        url_name=values["items__url_name"],
        kind=values["items__kind"],
        title=values["items__title"],
        is_retired=values["items__is_retired"],
        category=values["key"],
        earned=result.earned,
        possible=result.possible,
        answered=result.answered,
        winnable=result.winnable,
        state=result.state,
        fresh=fresh,
        override=values["override"],
        is_extra=values["items__is_extra"],
        is_exempt=bool(values["is_exempt"]),
        late_terms=terms_from(values["items__late"]),
        late=result.late,
    )
