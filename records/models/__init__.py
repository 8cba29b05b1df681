from records.models.audit import AuditEntry
from records.models.seals import Seal, SealMark, StatementKey

__all__ = [
    "AuditEntry",
    "Seal",
    "SealMark",
    "StatementKey",
]
