"""Credentials that this process has accepted, and whose they are.

The server asks before a request reaches Django: people who are known here have limits of their own, and their answers go
first (config/server). An entry grants nothing else. A credential is a session's key or the text of an Authorization
header, which is kept as a digest.
"""

from collections import OrderedDict
from hashlib import blake2b

MOST = 32_768  # entries; each takes about 200 bytes
_people: OrderedDict[bytes, int] = OrderedDict()


def remember_credential(credential: str, person: int) -> None:
    """Store whose an accepted credential is. Only people with an account can add entries, so no stranger evicts one."""
    digest = credential_digest(credential)
    _people.pop(digest, None)  # so that it goes to the end
    _people[digest] = person
    if len(_people) > MOST:
        _people.popitem(last=False)


def person_known_by(credential: str) -> int | None:
    """Return the id of the person whose credential this is, or None if this process has not accepted it yet."""
    return _people.get(credential_digest(credential))


def forget_credential(credential: str) -> None:
    _people.pop(credential_digest(credential), None)


def credential_digest(credential: str) -> bytes:
    return blake2b(credential.encode("utf-8", "surrogateescape"), digest_size=16).digest()
