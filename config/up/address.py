"""The address of the pages, and whether anyone but this machine's user can reach it."""

import errno
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from config.environment import Environment


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def nearest_host(self) -> str:
        """Return a host at which this machine can reach the pages; "every address" is not a host to connect to."""
        try:
            is_any = ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return self.host
        return "localhost" if is_any else self.host

    @property
    def nearest(self) -> str:
        host = self.nearest_host
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        host = "localhost" if self.is_loopback else self.host
        return f"http://{host}:{self.port}"


def is_demo(address: Address, environ: Mapping[str, str]) -> bool:
    """Return whether to create demo accounts. Their password is printed, so nobody else may be able to reach them.

    A proxy in front of the loopback serves the world, so a public address ends the demo.
    """
    return address.is_loopback and not environ.get("FINALCHECK_PUBLIC_URL", "").strip()


def refuse_network(address: Address, environ: Mapping[str, str]) -> str:
    """Return a message with the command to type if the network would be served with the publicly known key, else ""."""
    if address.is_loopback or Environment(environ).text("SECRET_KEY"):
        return ""
    return (
        f"{address.host} can be reached by others, and the demo's secret key is in the public source. Make one first:\n"
        """    export FINALCHECK_SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')"""
    )


def refuse_port(address: Address) -> str:
    """Return a message with the command to type if the port cannot be used, else ""."""
    if not 0 <= address.port <= 65535:
        return f"{address.port} is not a port. Choose one from 1024 to 65535:\n    make run PORT=8000"
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except PermissionError:
            return f"Only root may serve on port {address.port}. Choose one above 1023:\n    make run PORT=8000"
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                return f"{address.host} is not an address of this machine ({problem.strerror})."
            free = address.port + 1 if address.port < 65535 else 8000
            return f"Port {address.port} is in use by another program. Choose another:\n    make run PORT={free}"
    return ""
