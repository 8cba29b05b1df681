from portal.rights.services.anonymizing import erase_person, keep_account, request_erasure, schedule_unused_accounts
from portal.rights.services.erasing import erase_account, erase_due_accounts
from portal.rights.services.exporting import (
    BUILD_EXPORT,
    build_export,
    build_next_export,
    order_export,
    order_learner_export,
    write_sections,
)
from portal.rights.services.exports import (
    PART,
    claim_export,
    finish_export,
    forget_exports,
    move_export,
    request_export,
)
from portal.rights.services.sealing import count_unsealed, seal_waiting, verify_records, verify_statement
from portal.rights.services.statements import make_statement

__all__ = [
    "BUILD_EXPORT",
    "PART",
    "build_export",
    "build_next_export",
    "claim_export",
    "count_unsealed",
    "erase_account",
    "erase_due_accounts",
    "erase_person",
    "finish_export",
    "forget_exports",
    "keep_account",
    "make_statement",
    "move_export",
    "order_export",
    "order_learner_export",
    "request_erasure",
    "request_export",
    "schedule_unused_accounts",
    "seal_waiting",
    "verify_records",
    "verify_statement",
    "write_sections",
]
