"""Mutual TLS between workers and a runner on another machine: version 1.3, and each side shows a certificate that the
same authority signed. `manage.py runner enroll` makes them.

A host's certificate holds the host's name as the site knows it, whatever its address. A host's certificate is good for
a server only and a worker's for a client only, so a host cannot use its own to give orders to another host.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

AUTHORITY, HOST, WORKER = (
    "authority.crt",
    "host",
    "worker",
)  # the files of a folder of keys; .crt and .key for the last two
CONNECT_SECONDS = 4  # for the connection and the handshake
# A host that vanishes without a word is noticed by the kernel after about ten seconds.
QUIET_SECONDS, PROBE_SECONDS, PROBES = 4, 2, 3


@dataclass(frozen=True)
class RemoteRunner:
    """A runner on another machine. `keys` is the folder with the authority's and the worker's certificates."""

    name: str
    host: str
    port: int
    keys: str

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """Connect and verify. Raises OSError, which ssl.SSLError is too."""
        with socket.create_connection((self.host, self.port), CONNECT_SECONDS) as plain:
            notice_a_lost_peer(plain)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with client_context(Path(self.keys)).wrap_socket(plain, server_hostname=self.name) as connection:
                yield connection


def notice_a_lost_peer(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, QUIET_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, PROBE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES)
    patience = QUIET_SECONDS + PROBE_SECONDS * PROBES
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * patience)


def server_context(keys: Path) -> ssl.SSLContext:
    """Return the settings of a host. Raises OSError if a file is missing or does not hold a certificate or key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.num_tickets = 0  # each connection shows its certificate
    return verifying(context, keys, HOST)


def client_context(keys: Path) -> ssl.SSLContext:
    """Return the settings of a worker, read again when `enroll` has renewed its certificate."""
    return client_context_of(keys, (keys / f"{WORKER}.crt").stat().st_mtime_ns)


@lru_cache(maxsize=8)
def client_context_of(keys: Path, _: int) -> ssl.SSLContext:
    return verifying(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), keys, WORKER)


def verifying(context: ssl.SSLContext, keys: Path, own: str) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(keys / AUTHORITY)
    context.load_cert_chain(keys / f"{own}.crt", keys / f"{own}.key")
    return context
