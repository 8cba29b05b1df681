"""The code of an earlier version, taken out of git, with the packages that it needs."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from bench.rig.servers import PROJECT

FOLDER = PROJECT / "build" / "released"


class NotHere(Exception):
    """The code of that version cannot run on this machine. The message is the reason."""


@dataclass(frozen=True)
class Release:
    """The code of a version, and the folder of the packages that it needs besides ours."""

    code: Path
    packages: Path | None = None

    def environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        return {**environ, **({"PYTHONPATH": str(self.packages)} if self.packages else {})}

    def python(self, environ: Mapping[str, str], *arguments: str) -> str:
        command = (sys.executable, *arguments)
        done = subprocess.run(command, cwd=self.code, env=self.environ(environ), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)[:200]} failed in {self.code}:\n{done.stderr[-3000:]}")
        return done.stdout


TODAY = Release(PROJECT)


def release_at(revision: str) -> Release:
    """Take the code of a commit or a tag out of git, with the packages of its lock that are not installed. Raises NotHere."""
    found = subprocess.run(("git", "rev-parse", "--verify", f"{revision}^{{commit}}"), cwd=PROJECT, capture_output=True)
    if found.returncode:
        raise NotHere(f"git has no {revision[:12]}; `git fetch --unshallow --tags` gets it")
    folder = FOLDER / found.stdout.decode()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # processes of one run may want it at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = folder / "code"
        if not code.exists():
            unpack(revision, code)
        return Release(code, with_packages(code))


def unpack(revision: str, code: Path) -> None:
    partly = code.with_suffix(".partly")
    shutil.rmtree(partly, ignore_errors=True)
    partly.mkdir()
    archive = subprocess.run(("git", "archive", revision), cwd=PROJECT, capture_output=True, check=True)
    subprocess.run(("tar", "-x", "-C", str(partly)), input=archive.stdout, check=True)
    partly.rename(code)


def with_packages(code: Path) -> Path:
    """Install the packages that the release's lock names and we do not have any more into a folder. Raises NotHere."""
    packages = code.with_name("packages")
    uv = shutil.which("uv", path=PROJECT / "build" / "uv" / "bin") or shutil.which("uv")
    if uv is None:
        raise NotHere("uv is missing; `make setup` gets it")
    options = ("--frozen", "--no-default-groups", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header")
    wanted = told(uv, "export", *options, cwd=code).splitlines()
    lacking = [str(each) for each in map(Requirement, wanted) if not is_installed(each)]
    if lacking and not packages.exists():
        told(uv, "pip", "install", "--no-deps", "--target", str(packages), "--python", sys.executable, *lacking)
    return packages


def told(*command: str, cwd: Path = PROJECT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"`{' '.join(command[1:])[:100]}` failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def is_installed(wanted: Requirement) -> bool:
    if wanted.marker is not None and not wanted.marker.evaluate():
        return True  # not wanted here
    try:
        return version(wanted.name) in wanted.specifier
    except PackageNotFoundError:
        return False
