"""Where the pages are served, and whether anyone but the person at this machine can reach them."""

import errno
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass


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
        """Where this machine itself reaches it; "every address" is none that one can call."""
        try:
            is_any = ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return self.host
        return "localhost" if is_any else self.host

    @property
    def url(self) -> str:
        host = "localhost" if self.is_loopback else self.host
        return f"http://{host}:{self.port}"


def is_demo(address: Address, environ: Mapping[str, str]) -> bool:
    """Accounts whose password is printed exist only where nobody else can knock: a proxy in front of the loopback
    serves the world, so a public address ends the demo too."""
    return address.is_loopback and not environ.get("FINALCHECK_PUBLIC_URL", "").strip()


def refuse_network(address: Address, environ: Mapping[str, str]) -> str:
    """A sentence and the line to type when the network would be served with the key that everybody can read."""
    if address.is_loopback or environ.get("FINALCHECK_SECRET_KEY", "").strip():
        return ""
    return (
        f"{address.host} can be reached by others, and the demo's secret key is in the public source. Make one first:\n"
        """    export FINALCHECK_SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')"""
    )


def refuse_port(address: Address) -> str:
    """A sentence and the line to type when the port can't be had, else an empty text."""
    if not 0 <= address.port <= 65535:
        return f"{address.port} is no port. Choose one from 1024 to 65535:\n    make run PORT=8000"
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except PermissionError:
            return f"Only root may serve on port {address.port}. Choose one above 1023:\n    make run PORT=8000"
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                return f"{address.host} is no address of this machine ({problem.strerror})."
            free = address.port + 1 if address.port < 65535 else 8000
            return f"Port {address.port} is in use by another program. Choose another:\n    make run PORT={free}"
    return ""
