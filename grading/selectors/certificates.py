from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from grading.models import Certificate


@dataclass(frozen=True)
class CertificateState:
    """A certificate and whether it is valid; `revoked_at` and `reason` are set if it is not.

    `issued_at` and `pass_percent` are those of the basis that it was issued with, or that it got later.
    """

    certificate: Certificate
    revoked_at: datetime | None
    reason: str
    issued_at: datetime
    pass_percent: Decimal

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None


def certificate_of(learner_id: int, course_id: int) -> CertificateState | None:
    return _first_state(Certificate.objects.filter(learner_id=learner_id, course_id=course_id))


def courses_with_certificate(learner_id: int) -> list[int]:
    """Return the ids of the courses in which a learner has a certificate, valid or not."""
    return list(Certificate.objects.filter(learner_id=learner_id).values_list("course_id", flat=True))


def certificate_by_code(code: str) -> CertificateState | None:
    return _first_state(Certificate.objects.filter(code=code))


def certificates_in(course_id: int) -> QuerySet[Certificate]:
    """Return every certificate of a course with its learner and events. `certificate_state` tells whether one is valid."""
    return Certificate.objects.filter(course_id=course_id).select_related("learner").prefetch_related("events")


def certificates_issued_at(course_id: int, at: datetime) -> list[Certificate]:
    """Return the valid certificates of a course whose basis is of this instant, by learner. Runs two queries."""
    rows = certificates_in(course_id).filter(issued_at=at).select_related("course", "learner")
    states = [certificate_state(row) for row in rows.order_by("learner_id")]
    return [state.certificate for state in states if state.is_valid and state.issued_at == at]


def _first_state(rows: QuerySet[Certificate]) -> CertificateState | None:
    certificate = rows.select_related("course", "learner").prefetch_related("events").first()
    return None if certificate is None else certificate_state(certificate)


def certificate_state(certificate: Certificate) -> CertificateState:
    """Return the state after the newest event. Prefetch `certificate.events`."""
    events = sorted(certificate.events.all(), key=lambda event: (event.created_at, event.pk))
    issued_at, pass_percent = certificate.issued_at, certificate.pass_percent
    for event in events:
        if event.basis:
            issued_at, pass_percent = event.created_at, Decimal(event.basis["pass_percent"])
    if not events or events[-1].kind == "restored":
        return CertificateState(certificate, None, "", issued_at, pass_percent)
    return CertificateState(certificate, events[-1].created_at, events[-1].reason, issued_at, pass_percent)
