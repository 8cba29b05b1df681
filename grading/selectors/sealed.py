"""The gradebook's records that are sealed."""

from grading.models import Certificate, CertificateEvent, GradeChange, Override
from records.selectors.sealed import RecordKind

IN_ITEM = ("learner", "item__category__course", "created_at")
GRADE_RECORDS = (
    RecordKind("grade_change", GradeChange, *IN_ITEM, texts=("reason",)),
    RecordKind("override", Override, *IN_ITEM, texts=("reason",)),
    RecordKind("certificate", Certificate, "learner", "course", "issued_at"),
    RecordKind(
        *("certificate_event", CertificateEvent, "certificate__learner", "certificate__course", "created_at"),
        texts=("reason",),
    ),
)
