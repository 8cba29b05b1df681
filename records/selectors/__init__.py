from records.selectors.audit import (
    AuditSearch,
    as_targets,
    audit_actions,
    audit_entries,
    entries_after,
    newest_entries,
    was_recorded,
)

__all__ = [
    "AuditSearch",
    "as_targets",
    "audit_actions",
    "audit_entries",
    "entries_after",
    "newest_entries",
    "was_recorded",
]
