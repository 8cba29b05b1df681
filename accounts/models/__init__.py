from accounts.models.failures import SignInFailure
from accounts.models.tokens import ApiToken
from accounts.models.users import Erasure, User

__all__ = [
    "ApiToken",
    "Erasure",
    "SignInFailure",
    "User",
]
