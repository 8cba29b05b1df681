"""Credentials that this process has accepted, and whose they are.

The server asks before a request reaches Django: people who are known here have limits of their own, and their answers go
first (config/server). An entry grants nothing else. A credential is a session's key or the digest of an API token. It is
kept as a digest.
"""

import threading
from collections import OrderedDict, defaultdict
from hashlib import blake2b

MOST = 32_768  # entries; each takes about 300 bytes
MOST_OF_PERSON = 64
_people: OrderedDict[bytes, int] = OrderedDict()
_changing = threading.Lock()
_digests = defaultdict[int, OrderedDict[bytes, None]](OrderedDict)  # of each person, the oldest first


def remember_credential(credential: str, person: int) -> None:
    """Store whose an accepted credential is. Nobody can evict many entries of others: each person has only a few."""
    digest = credential_digest(credential)
    if _people.get(digest) == person:
        return
    with _changing:
        _forget(digest)
        _people[digest] = person
        _digests[person][digest] = None
        if len(_digests[person]) > MOST_OF_PERSON:
            _forget(next(iter(_digests[person])))
        if len(_people) > MOST:
            _forget(next(iter(_people)))


def person_known_by(credential: str) -> int | None:
    """Return the id of the person whose credential this is, or None if this process has not accepted it yet."""
    return _people.get(credential_digest(credential)) if credential else None


def forget_credential(credential: str) -> None:
    with _changing:
        _forget(credential_digest(credential))


def _forget(digest: bytes) -> None:
    person = _people.pop(digest, None)
    if person is not None:
        del _digests[person][digest]
        if not _digests[person]:
            del _digests[person]


def credential_digest(credential: str) -> bytes:
    return blake2b(credential.encode("utf-8", "surrogateescape"), digest_size=16).digest()
