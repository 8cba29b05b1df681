from accounts.models.users import person_read
from accounts.selectors.accounts import (
    account_ids,
    accounts_named,
    count_sign_in_sessions,
    is_only_admin,
    lock_accounts,
    person_by_id,
    person_with_session,
    staff_named,
    tokens_of,
)

__all__ = [
    "account_ids",
    "accounts_named",
    "count_sign_in_sessions",
    "is_only_admin",
    "lock_accounts",
    "person_by_id",
    "person_read",
    "person_with_session",
    "staff_named",
    "tokens_of",
]
