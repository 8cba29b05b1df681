from accounts.services.one_time_codes import begin_code_check, forget_wrong_codes, use_code
from accounts.services.people import choose_theme, ensure_account
from accounts.services.second_factors import decrypt_factor, encrypt_factor, renew_factors
from accounts.services.security_log import log_security
from accounts.services.sessions import remove_expired_sessions
from accounts.services.sign_ins import (
    SignIn,
    count_failed_sign_ins,
    forget_failed_sign_ins,
    has_failed_too_often,
    remove_old_failures,
)
from accounts.services.tokens import (
    create_token,
    end_access,
    end_access_of_everybody,
    remove_expired_tokens,
    revoke_token,
    sign_out_everywhere,
)

__all__ = [
    "SignIn",
    "begin_code_check",
    "choose_theme",
    "count_failed_sign_ins",
    "create_token",
    "decrypt_factor",
    "encrypt_factor",
    "end_access",
    "end_access_of_everybody",
    "ensure_account",
    "forget_failed_sign_ins",
    "forget_wrong_codes",
    "has_failed_too_often",
    "log_security",
    "remove_expired_sessions",
    "remove_expired_tokens",
    "remove_old_failures",
    "renew_factors",
    "revoke_token",
    "sign_out_everywhere",
    "use_code",
]
