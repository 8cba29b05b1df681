"""The proxy in front of the web hosts: HAProxy, which ends TLS, keeps a browser on one host, and moves it if that host fails."""

import csv
import os
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path

HOST = "localhost"
CONFIGURATION = """
global
    stats socket {home}/control mode 600 level admin
    maxconn 4000
    log stdout format raw local0
defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    option redispatch 1
    option http-keep-alive
    retries 2
    retry-on conn-failure
    timeout connect 2s
    timeout check 3s
    timeout client 65s
    timeout server 65s
frontend pages
    bind 127.0.0.1:{port} ssl crt {home}/both.pem
    http-request set-header X-Forwarded-Proto https
    http-request set-header X-Forwarded-For %[src]
    default_backend web
backend web
    balance roundrobin
    cookie host insert indirect nocache httponly secure
    ignore-persist if {{ req.cook(host) -f {home}/leaving }}
    option httpchk
    http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost
    default-server check inter 1s fall 3 rise 1 on-marked-down shutdown-sessions
{servers}
"""


class Proxy:
    """HAProxy at a port of this machine, for web hosts by name. Its files, with a new certificate, are in `home`."""

    def __init__(self, home: Path, port: int, hosts: dict[str, tuple[str, int]]) -> None:
        self.home, self.port = home, port
        home.mkdir()
        make_certificate(home)
        (home / "leaving").touch()
        servers = "\n".join(f"    server {name} {where}:{at} cookie {name}" for name, (where, at) in hosts.items())
        (home / "configuration").write_text(CONFIGURATION.format(home=home, port=port, servers=servers))
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
