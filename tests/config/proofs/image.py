"""The image of web, worker and sweeper without a container engine: a root made by debootstrap, and the Dockerfile's steps.

It replaces the image on machines without a container engine: the same Debian, the same packages of the lock, the same files
and the same user, in a mount namespace with a separate root. It does not test the engine itself: capabilities, the read-only
root, and volumes.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.rig.ports import free_port
from config.environment import ROOT
from tests.durability.clusters import Cluster

DOCKERFILE = (ROOT / "deploy" / "containers" / "Dockerfile").read_text()
STEP = re.compile(r"^(FROM|COPY|RUN|ENV|WORKDIR|USER) ((?:.*\\\n)*.*)$", re.MULTILINE)
DEBIAN = "trixie"  # of python:3.13-slim-trixie, whose Python 3.13 is Debian's own version
MIRROR = "http://deb.debian.org/debian"
# The steps of a stage run in a separate mount namespace, so that nothing stays mounted whatever happens.
INSIDE = """
mount --bind "$0" "$0"
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
exec chroot ${1:+--userspec="$1"} "$0" /bin/sh -c "$2"
"""


@dataclass
class Image:
    """A root folder, with what the Dockerfile's steps said of the environment, the working folder and the user."""

    root: Path
    environ: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp"}
    )
    workdir: str = "/"
    user: str = ""

    def run(self, command: str, user: str | None = None, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the shell inside, as the image's user if no other one is named."""
        who = self.user if user is None else user
        script = f"cd {self.workdir} && {command}"
        return subprocess.run(
            ("unshare", "--mount", "/bin/sh", "-euc", INSIDE, str(self.root), who, script),
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return self.run(shlex.join(["python", "manage.py", *arguments]), **environ)

    def take_step(self, name: str, text: str, uv: Path) -> None:
        text = text.replace("\\\n", " ")
        if name == "ENV":
            known = dict(word.split("=", 1) for word in shlex.split(text))
            self.environ |= {key: value.replace("$PATH", self.environ["PATH"]) for key, value in known.items()}
        elif name == "WORKDIR":
            self.workdir = text
            (self.root / text.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "USER":
            self.user = text
        elif name == "RUN":
            done = self.run(text, user="")
            assert done.returncode == 0, done.stderr
        elif name == "COPY" and text.startswith("--from=uv "):
            shutil.copy2(uv, self.root / text.split()[-1].lstrip("/"))
        elif name == "COPY" and not text.startswith("--from="):  # the packages of the other stage are here already
            *sources, target = text.split()
            for source in sources:
                self.copy(ROOT / source, self.root / self.workdir.lstrip("/") / target)

    @staticmethod
    def copy(source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy2(source, target / source.name if target.is_dir() else target)


class ServerInside(Cluster):
    """A PostgreSQL of the version that Compose starts, from the packages of the image's Debian, in the root of the image."""

    def __init__(self, image: Image, version: str) -> None:
        self.image, self.version, self.port = image, version, free_port()
        self.owner: list[str] = []
        self.folder = image.root / "srv/postgres"
        self.url = f"postgres://finalcheck@127.0.0.1:{self.port}/finalcheck"
        install = f"apt-get update && apt-get install --yes --no-install-recommends postgresql-{version}"
        installed = image.run(install, user="", DEBIAN_FRONTEND="noninteractive")
        assert installed.returncode == 0, installed.stderr
        self.folder.mkdir()
        assert image.run("chown postgres /srv/postgres", user="").returncode == 0

    def call(self, program: str, *arguments: str) -> None:
        inside = [word.replace(str(self.image.root), "") for word in arguments]
        command = [f"/usr/lib/postgresql/{self.version}/bin/{program}", *inside]
        ended = self.image.run(f"cd /srv/postgres && {shlex.join(command)}", user="postgres")
        assert ended.returncode == 0, ended.stderr


@contextmanager
def server_inside(image: Image, version: str) -> Iterator[ServerInside]:
    """Yield a running server with an empty database."""
    server = ServerInside(image, version)
    server.create()
    try:
        yield server
    finally:
        server.stop("immediate")


def steps_of(*stages: str) -> Iterator[tuple[str, str]]:
    """Yield the steps of these stages, one after the other."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, text in STEP.findall(DOCKERFILE):
        if name == "FROM":
            found[text.split(" AS ")[1]] = steps = []
        else:
            steps.append((name, text))
    for stage in stages:
        yield from found[stage]


@contextmanager
def built_image(folder: Path, uv: Path) -> Iterator[Image]:
    """Yield the image, and delete it afterwards. `uv` is the program of the version that the Dockerfile names."""
    image = Image(folder / "root")
    packages = "--include=python3,python3-venv,ca-certificates"
    subprocess.run(
        ("debootstrap", "--variant=minbase", packages, DEBIAN, str(image.root), MIRROR), check=True, capture_output=True
    )
    (image.root / "usr/bin/python").symlink_to("python3")
    # This machine's way to the registry of packages: names, authorities of certificates, and another index if there is one.
    for file in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        shutil.copy2(Path("/", file), image.root / file)
    image.environ |= {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}
    image.environ |= {name: value for name, value in os.environ.items() if name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")}
    try:
        for name, text in steps_of("packages", "packages-of-finalcheck", "finalcheck"):
            image.take_step(name, text, uv)
        yield image
    finally:
        shutil.rmtree(image.root)
