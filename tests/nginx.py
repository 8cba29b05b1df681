"""nginx with the configuration of deploy/nginx, at ports of this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.rig.ports import free_port
from bench.rig.servers import PROJECT, folder
from tests.topology.proxy import make_certificate

SHOWN = (PROJECT / "deploy" / "nginx" / "finalcheck.conf").read_text()


def find_nginx() -> str | None:
    """Return the path of the proxy, which is not on the PATH of every user."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def configuration(home: Path, web: int, https: int, plain: int) -> str:
    """Return the configuration of deploy/ with the names of this machine, in what a package puts around it."""
    replaced = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl backlog=4096;": f"listen 127.0.0.1:{https} ssl backlog=4096;",
        "learn.example.org": "localhost",
        "/etc/nginx/learn.pem": str(home / "certificate.pem"),
        "/etc/nginx/learn.key": str(home / "key.pem"),
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{web};",
    }
    server = SHOWN
    for shown, here in replaced.items():
        assert server.count(shown) == (3 if shown.endswith(":8000;") else 1), shown
        server = server.replace(shown, here)
    folders = "".join(f"{name}_temp_path {home};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"daemon off; master_process off; pid {home}/pid; events {{}} http {{ access_log off; {folders} {server} }}"


@dataclass(frozen=True)
class Front:
    """A running nginx, which sends requests on to `web`. `public` are the settings of a product behind it."""

    home: Path
    https: int
    web: int

    @property
    def certificate(self) -> Path:
        return self.home / "certificate.pem"

    @property
    def public(self) -> dict[str, str]:
        url = f"https://localhost:{self.https}"
        return {"FINALCHECK_PUBLIC_URL": url, "FINALCHECK_PROXY": "1", "FINALCHECK_SECRET_KEY": "k" * 64}


@contextmanager
def nginx_in_front() -> Iterator[Front]:
    with folder() as home:
        make_certificate(home)
        web, https, plain = free_port(), free_port(), free_port()
        alone = configuration(home, web, https, plain)
        (home / "nginx.conf").write_text(alone.replace("master_process off; ", OF_PACKAGE).replace("events {}", MANY))
        command = (str(find_nginx()), "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "errors"))
        process = subprocess.Popen(command)
        try:
            yield Front(home, https, web)
        finally:
            process.terminate()  # its processes end with it
            process.wait()


OF_PACKAGE = (
    "worker_processes auto; user root; "  # one process for each processor; here they write to the folder of root
)
MANY = "worker_rlimit_nofile 20000; events { worker_connections 10000; }"
