from portal.rights.services.erasing import erase_account, erase_due_accounts
from portal.rights.services.exporting import (
    BUILD_EXPORT,
    build_export,
    build_next_export,
    order_export,
    order_learner_export,
    write_sections,
)
from portal.rights.services.sealing import seal_waiting, verify_records, verify_statement
from portal.rights.services.statements import make_statement

__all__ = [
    "BUILD_EXPORT",
    "build_export",
    "build_next_export",
    "erase_account",
    "erase_due_accounts",
    "make_statement",
    "order_export",
    "order_learner_export",
    "seal_waiting",
    "verify_records",
    "verify_statement",
    "write_sections",
]
