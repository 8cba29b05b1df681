"""Hash passwords in turn: each hash takes a core for a fifth of a second (config/server/sign_ins.py)."""

from contextvars import ContextVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher

HAS_TURN: ContextVar[bool] = ContextVar("has_turn", default=True)


class TurnNeeded(BaseException):
    """A request is about to hash a password and has no turn. Not an Exception, so that nothing below the server handles it."""


class HasherInTurn(PBKDF2PasswordHasher):
    """Django's hasher. A request that has no turn yet raises TurnNeeded; commands and tests always have one."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if not HAS_TURN.get():
            raise TurnNeeded
        return super().encode(password, salt, iterations)
