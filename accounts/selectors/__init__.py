from accounts.models.users import person_read
from accounts.selectors.accounts import (
    account_ids,
    accounts_named,
    active_account,
    count_sign_in_sessions,
    is_only_admin,
    lock_accounts,
    person_by_id,
    person_with_session,
    tokens_of,
)
from accounts.selectors.working import may_create_courses, register_work, works_as_staff

__all__ = [
    "account_ids",
    "accounts_named",
    "active_account",
    "count_sign_in_sessions",
    "is_only_admin",
    "lock_accounts",
    "may_create_courses",
    "person_by_id",
    "person_read",
    "person_with_session",
    "register_work",
    "tokens_of",
    "works_as_staff",
]
