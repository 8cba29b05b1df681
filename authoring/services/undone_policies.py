"""The certificates that a publication issued, and that may be revoked when it is undone (D19, D23)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from authoring.refusals import Refusal
from grading.rules.course_grade import outcome_from, policy_percent
from grading.selectors import SettledGrades, certificates_issued_at, scheme_of
from grading.services import Cause, GradeAction, withdraw_certificates
from labs.services import rescore_labs
from people.selectors import learners_named
from people.services import lock_learners
from quizzes.services import rescore_assessments
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from grading.models import Certificate


@dataclass(frozen=True)
class UndonePublication:
    """The publication that an edit undoes, and the certificates that its editor chose to revoke, by code, with a reason."""

    published_at: datetime
    revoked: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class UnearnedCertificate:
    """A certificate that an undone publication issued, and that its learner would not hold otherwise.

    `percent` is the learner's grade without it, and `pass_percent` what they need. The name only helps a reader.
    """

    code: str
    username: str
    percent: str
    pass_percent: str
    name: str = field(compare=False, repr=False)


def unearned_certificates(
    *, grades: SettledGrades, course_id: int, issued_at: datetime, now: datetime
) -> tuple[UnearnedCertificate, ...]:
    """Return the certificates that were issued at this instant and are not earned by the course as it is written now.

    Their learners stay locked, so that nobody earns one until the transaction ends. It is tried: the certificates are
    revoked and the scores computed again, and then all of that is undone.
    """
    holders = [certificate.learner_id for certificate in certificates_issued_at(course_id, issued_at)]
    if not holders:
        return ()
    lock_learners(course_id=course_id, learner_ids=holders)
    certificates = {row.learner_id: row for row in certificates_issued_at(course_id, issued_at)}
    with transaction.atomic():
        _withdraw(course_id, certificates.values(), reason="", author_id=None, informed=(), now=now)
        cells = grades.ledgers(course_id, certificates)
        transaction.set_rollback(True)
    outcomes = {learner_id: outcome_from(ledger) for learner_id, ledger in cells.items()}
    names = learners_named(course_id, list(certificates))
    return tuple(
        UnearnedCertificate(
            code=certificate.code,
            username=certificate.learner.username,
            percent=outcomes[learner_id].percent,
            pass_percent=policy_percent(cells[learner_id].pass_percent),
            name=names.get(learner_id, certificate.learner.username),
        )
        for learner_id, certificate in certificates.items()
        if not outcomes[learner_id].has_passed
    )


def refuse_unoffered(undo: UndonePublication, offered: Iterable[UnearnedCertificate]) -> None:
    """Refuse to revoke without a reason, or a certificate that is not offered.

    Raises Refusal revocation_needs_reason, certificate_not_offered.
    """
    if undo.revoked and not undo.reason:
        raise Refusal("revocation_needs_reason")
    if undo.revoked - {certificate.code for certificate in offered}:
        raise Refusal("certificate_not_offered")


def revoke_chosen(
    *,
    undo: UndonePublication,
    offered: Iterable[UnearnedCertificate],
    course_id: int,
    grades: SettledGrades,
    editor: "User",
    now: datetime,
) -> None:
    """Revoke the offered certificates that the editor chose, with a line in the audit for each.

    A learner who does not know of their certificate yet, because its score is withheld (D33), gets no mail.
    """
    chosen = {certificate.code: certificate for certificate in offered if certificate.code in undo.revoked}
    rows = [row for row in certificates_issued_at(course_id, undo.published_at) if row.code in chosen]
    informed = [row.learner_id for row in rows if grades.knows_certificate(row.learner_id, course_id)]
    _withdraw(course_id, rows, reason=undo.reason, author_id=editor.pk, informed=informed, now=now)
    for row in rows:
        record_audit(
            actor=editor,
            action="revoke_certificate",
            now=now,
            course=row.course,
            target=f"learner:{row.learner_id}",
            reason=undo.reason,
            details={
                "cause": "policy undone",
                "certificate": row.code,
                "percent": chosen[row.code].percent,
                "pass_percent": chosen[row.code].pass_percent,
            },
        )


def _withdraw(
    course_id: int,
    certificates: "Collection[Certificate]",
    *,
    reason: str,
    author_id: int | None,
    informed: Collection[int],
    now: datetime,
) -> None:
    """Revoke certificates, and let the scores of their learners follow the course again."""
    withdraw_certificates(certificates=certificates, reason=reason, author_id=author_id, informed=informed, now=now)
    learner_ids = {certificate.learner_id for certificate in certificates}
    action = GradeAction(Cause.COURSE_LOAD, now, decides=False)
    activities = [row.activity for row in scheme_of(course_id).ledger.rows]
    rescore_assessments(course_id=course_id, assessment_ids=activities, action=action, learner_ids=learner_ids)
    rescore_labs(course_id=course_id, action=action, learner_ids=learner_ids)
