"""The proxy in front of the web hosts: HAProxy, which ends TLS, keeps a browser on one host, and moves it if that host fails."""

import csv
import os
import resource
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path

from bench.rig.servers import PROJECT

HOST = "localhost"
SHOWN = (PROJECT / "deploy" / "haproxy" / "haproxy.cfg").read_text()
MORE = """    log stdout format raw local0
defaults
    log global
    option httplog
    option dontlog-normal
"""


def configuration(home: Path, port: int, hosts: dict[str, tuple[str, int]]) -> str:
    """Return the configuration of deploy/ with the names of this machine, and with a log of what goes wrong."""
    servers = "".join(f"    server {name} {where}:{at} cookie {name}\n" for name, (where, at) in hosts.items())
    replaced = {
        "/run/haproxy/admin.sock": f"{home}/control",
        "maxconn 20000": f"maxconn {most_connections()}",
        "bind :443 ssl crt /etc/haproxy/learn.pem": f"bind 127.0.0.1:{port} ssl crt {home}/both.pem",
        "/etc/haproxy/leaving": f"{home}/leaving",
        "defaults\n": MORE,
        SHOWN[SHOWN.index("    server web1") :]: servers,
    }
    text = SHOWN
    for shown, here in replaced.items():
        if text.count(shown) != 1:
            sys.exit(f"deploy/haproxy/haproxy.cfg does not have exactly once: {shown}")
        text = text.replace(shown, here)
    return text


def most_connections() -> int:
    """Return how many connections HAProxy can hold here: each takes two open files, and it does not start with too few."""
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(20_000, (files - 100) // 2) if files != resource.RLIM_INFINITY else 20_000


class Proxy:
    """HAProxy at a port of this machine, for web hosts by name. Its files, with a new certificate, are in `home`."""

    def __init__(self, home: Path, port: int, hosts: dict[str, tuple[str, int]]) -> None:
        self.home, self.port = home, port
        home.mkdir()
        make_certificate(home)
        (home / "leaving").touch()
        (home / "configuration").write_text(configuration(home, port, hosts))
        with self.log.open("ab") as log:
            command = (program(), "-db", "-f", str(home / "configuration"))
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def trusting(self) -> ssl.SSLContext:
        """Return what a browser needs to trust the certificate."""
        return ssl.create_default_context(cafile=str(self.home / "certificate.pem"))

    def take_out(self, name: str) -> None:
        """Send no new requests to a host, not even those of browsers that are on it; those that it has may end."""
        for command in ("add acl {leaving} {name}", "set server web/{name} state drain", "disable health web/{name}"):
            self.tell(command.format(leaving=self.home / "leaving", name=name))

    def put_back(self, name: str) -> None:
        for command in ("enable health web/{name}", "set server web/{name} state ready", "del acl {leaving} {name}"):
            self.tell(command.format(leaving=self.home / "leaving", name=name))

    def server_errors(self) -> int:
        """Return how many requests got a status of 500 or more, from a host or from the proxy itself."""
        return int(self.row("pages", "FRONTEND")["hrsp_5xx"])

    @property
    def log(self) -> Path:
        """Return the file that says of each request that failed, or was sent again, how it ended."""
        return self.home / "log"

    def answered(self, name: str) -> int:
        """Return how many requests a web host has answered."""
        return int(self.row("web", name)["hrsp_2xx"]) + int(self.row("web", name)["hrsp_3xx"])

    def row(self, proxy: str, server: str) -> dict[str, str]:
        table = csv.DictReader(self.tell("show stat").removeprefix("# ").splitlines())
        return next(row for row in table if (row["pxname"], row["svname"]) == (proxy, server))

    def tell(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.home / "control"))
            control.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: control.recv(65536), b"")).decode()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def program() -> str:
    found = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        sys.exit("HAProxy is missing. Install it, then repeat the command: ops/packages haproxy")
    return found


def make_certificate(home: Path) -> None:
    """Make a certificate for one day that nobody else has signed."""
    key, certificate = home / "key.pem", home / "certificate.pem"
    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1")
    name = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}")
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run(("openssl", *new, *name, *files), check=True, capture_output=True)
    (home / "both.pem").write_text(certificate.read_text() + key.read_text())
