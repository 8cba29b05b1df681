"""Hash passwords in turn: each hash takes a core for a fifth of a second (config/server/sign_ins.py)."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from enum import Enum, auto

from django.contrib.auth.hashers import PBKDF2PasswordHasher

BEHIND = 10  # added to the niceness of threads that hash for strangers: beside other work they get a tenth of its time


class Turn(Enum):
    """How a request may hash."""

    NOT_YET = auto()
    STRANGER = auto()  # with what other work leaves of the processor
    KNOWN = auto()


TURN: ContextVar[Turn] = ContextVar("turn", default=Turn.KNOWN)


class TurnNeeded(BaseException):
    """A request is about to hash a password and has no turn. Not an Exception, so that nothing below the server handles it."""


class HasherInTurn(PBKDF2PasswordHasher):
    """Django's hasher. A request that has no turn yet raises TurnNeeded; commands and tests always have one."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        match TURN.get():
            case Turn.NOT_YET:
                raise TurnNeeded
            case Turn.STRANGER:
                return BACKGROUND.submit(super().encode, password, salt, iterations).result()
            case Turn.KNOWN:
                return super().encode(password, salt, iterations)


def step_back() -> None:
    """Let everything else go before this thread. Only Linux has a priority for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + BEHIND)


BACKGROUND = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="hashes-of-strangers", initializer=step_back)
