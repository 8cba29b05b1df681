from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from grading.models import Certificate


@dataclass(frozen=True)
class CertificateState:
    """A certificate and whether it is valid; `revoked_at` and `reason` are set if it is not."""

    certificate: Certificate
    revoked_at: datetime | None
    reason: str

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


def _first_state(rows: QuerySet[Certificate]) -> CertificateState | None:
    certificate = rows.select_related("course", "learner").prefetch_related("events").first()
    return None if certificate is None else certificate_state(certificate)


def certificate_state(certificate: Certificate) -> CertificateState:
    """Return the state after the newest event. Prefetch `certificate.events`."""
    newest = max(certificate.events.all(), key=lambda event: (event.created_at, event.pk), default=None)
    if newest is None or newest.kind == "restored":
        return CertificateState(certificate, None, "")
    return CertificateState(certificate, newest.created_at, newest.reason)
