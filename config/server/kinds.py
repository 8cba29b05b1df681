"""The kinds of requests: by which method and address one is recognized, how large its body may be, and which go first."""

import re
from dataclasses import dataclass
from enum import IntEnum

from config.server.scope import MOST, Scope

STREAM = re.compile(r"/api/v1/runs/[^/]+/events/")


class Rank(IntEnum):
    """Which requests get a turn first. Each rank leaves the ones before it a thread of their own."""

    ANSWER = 0  # answers of people who are known, and the sweeper's heartbeat
    PERSON = 1
    STRANGER = 2


@dataclass(frozen=True)
class Kind:
    """`most` is the largest body in bytes, and `most_of_stranger` that of a request without any credential."""

    name: str
    most: int = MOST
    most_of_stranger: int = 64 << 10
    is_answer: bool = False


PAGE = Kind("page")
STREAM_OF_EVENTS = Kind("stream", most_of_stranger=1 << 40)  # it takes no body, and is refused unread with one
ANSWER = Kind("answer", most=512 << 10, is_answer=True)
SIGN_IN = Kind("sign_in", most=4 << 10, most_of_stranger=4 << 10)
PROBE = Kind("probe", most=4 << 10, most_of_stranger=4 << 10)

PROBES = frozenset({"/healthz", "/readyz", "/heartbeat", "/metrics"})
SIGN_INS = frozenset({"/accounts/login/", "/api/v1/tokens/"})
# What a learner gives in a review or an exam, begins it and hands it in: on pages and by the API.
ANSWERS = re.compile(
    r"(/api/v1)?/(questions/[^/]+/(check|draft|flag|attempts)/"
    r"|assessments/[^/]+/(start|sitting|resume|hand-in|\d+/seen)/"
    r"|sittings/[^/]+/(clock/|resume/|submit/)?)"
)


def request_kind(scope: Scope) -> Kind:
    path, is_read = scope["path"], scope["method"] in ("GET", "HEAD")
    if path in PROBES:
        return PROBE
    if is_read:
        if STREAM.fullmatch(path):
            return STREAM_OF_EVENTS
        return ANSWER if path.startswith("/sittings/") else PAGE
    if path in SIGN_INS:
        return SIGN_IN
    return ANSWER if ANSWERS.fullmatch(path) else PAGE


def rank_of(kind: Kind, *, is_known: bool, is_from_site: bool = False) -> Rank:
    """Return the rank of a request of somebody who is known or not, or of a program of the site itself."""
    if (kind is PROBE and is_from_site) or (kind.is_answer and is_known):
        return Rank.ANSWER
    return Rank.PERSON if is_known else Rank.STRANGER
