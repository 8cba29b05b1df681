"""Against whom a request counts: a person whose credential is known here, or else the address that it comes from."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from knox.crypto import hash_token

from config.server.scope import Scope
from foundation.acquaintances import person_known_by

type Party = int | str  # the id of a person, or an address
SESSION = f"{settings.SESSION_COOKIE_NAME}=".encode()
OLD_SESSION = SESSION.removeprefix(settings.HOST_PREFIX.encode())  # of version 0.9.0 (config.middleware)
FORWARDED = frozenset({b"x-forwarded-for", b"forwarded"})  # what a proxy adds to the requests of others
LOOPBACK = frozenset({"127.0.0.1", "::/64"})
NETWORK = 64  # bits of an IPv6 address that say whose it is: one customer has all addresses below


def party_of(scope: Scope) -> Party:
    """Return the person who sends a request if a credential in it is known, otherwise the address that sends it."""
    headers = dict(scope["headers"])
    person = person_with(headers)
    return client_address(scope, headers) if person is None else person


def person_with(headers: dict[bytes, bytes]) -> int | None:
    if authorization := headers.get(b"authorization"):
        token = token_in_header(authorization.decode("latin-1"))
        return person_known_by(hash_token(token)) if token else None
    cookies = headers.get(b"cookie", b"")
    key = cookie(cookies, SESSION) or cookie(cookies, OLD_SESSION)
    return person_known_by(key) if key else None


def token_in_header(authorization: str) -> str:
    """Return the API token in the text of an Authorization header, however the header is written, or ""."""
    words = authorization.split()
    return words[1] if len(words) == 2 and words[0].lower() == "token" else ""


def account_of_device(scope: Scope) -> int | None:
    """Return the account that signed in last on the device that sends a request. One account may have many devices."""
    from accounts.adapters import last_account_on_device  # it needs the apps, which are loaded after the server

    cookies = dict(scope["headers"]).get(b"cookie", b"")
    return last_account_on_device(cookie(cookies, f"{settings.DEVICE_COOKIE_NAME}=".encode()))


def cookie(cookies: bytes, name: bytes) -> str:
    """Return the value of the last cookie with this name, as Django does, or ""."""
    after = cookies.rfind(b"; " + name)
    begin = after + 2 if after >= 0 else 0 if cookies.startswith(name) else -1
    if begin < 0:
        return ""
    return cookies[begin + len(name) :].partition(b";")[0].strip().decode("latin-1")


def client_address(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return the client's address: what the last trusted proxy saw, or without proxies the other end of the connection."""
    if settings.PROXIES and b"x-forwarded-for" in headers:
        lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = b",".join(lines).decode("latin-1").split(",")
        if len(hops) >= settings.PROXIES and (hop := hops[-settings.PROXIES].strip()):
            return network_of(hop)
    return peer_of(scope.get("client"))


def is_from_site(scope: Scope) -> bool:
    """Return whether a program of the site sends a request, such as the sweeper, a probe or the proxy itself."""
    if any(name in FORWARDED for name, _ in scope["headers"]):
        return False
    return settings.PROXIES > 0 or peer_of(scope.get("client")) in LOOPBACK


def peer_of(client: tuple[str, int] | None) -> str:
    return network_of(client[0]) if client else ""


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return the address without a port, or of an IPv6 address the network that belongs to one customer."""
    with_port = re.fullmatch(r"\[(.+)\](?::\d+)?|([\d.]+):\d+", address)
    address = (with_port[1] or with_port[2]) if with_port else address
    try:
        read = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return f"{IPv6Address(int(read) >> NETWORK << NETWORK)}/{NETWORK}"
