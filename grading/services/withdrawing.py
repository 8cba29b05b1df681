"""Revoke certificates with their basis: their learners are graded by the course as it is now, and must pass by it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from grading.models import Certificate, CertificateEvent
from mail.services import notify


@transaction.atomic
def withdraw_certificates(
    *,
    certificates: Collection[Certificate],
    reason: str,
    author_id: int | None,
    informed: Collection[int],
    now: datetime,
) -> None:
    """Revoke these valid certificates of a course with their basis, and mail those of their learners who are `informed`.

    Call it under the learners' locks, and recompute their scores afterwards, which no longer follow the basis. A learner
    who passes by the course as it is then gets the certificate back with a new basis.
    """
    for certificate in certificates:
        event = CertificateEvent.objects.create(
            certificate=certificate,
            kind=CertificateEvent.Kind.REVOKED,
            reason=reason,
            author_id=author_id,
            created_at=now,
            basis={},
        )
        notify(
            what="certificate_revoked",
            key=str(event.pk),
            course_id=certificate.course_id,
            user_ids={certificate.learner_id}.intersection(informed),
            now=now,
        )
