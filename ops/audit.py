"""Compare the locked packages with published advisories, without a network.

    make audit ADVISORIES="PyPI.zip npm.zip"

The files are those of https://osv.dev: https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip, and npm/all.zip. They
hold one JSON file for each advisory. Prints each advisory that concerns a locked version, and then exits with 1. Needs only
the standard library.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent

type Package = tuple[str, str]  # ecosystem and name, as advisories write them


def locked(root: Path = ROOT) -> dict[Package, set[str]]:
    """Return the versions of every package in uv.lock, which may depend on the Python, and of the vendored scripts."""
    python = tomllib.loads((root / "uv.lock").read_text())["package"]
    scripts = json.loads((root / "ops" / "vendor" / "package-lock.json").read_text())["packages"]
    versions: dict[Package, set[str]] = {}
    for package in python:
        if "registry" in package["source"]:
            versions.setdefault(("PyPI", plain(package["name"])), set()).add(package["version"])
    for path, package in scripts.items():
        if path:
            versions.setdefault(("npm", path.rpartition("node_modules/")[2]), set()).add(package["version"])
    return versions


def plain(name: str) -> str:
    """Return the name of a Python package as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def advisories(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        with ZipFile(file) as packed:
            for name in packed.namelist():
                yield json.loads(packed.read(name))


def concerned(advisory: dict[str, Any], versions: dict[Package, set[str]]) -> Iterator[str]:
    """Return a line for each locked package that an advisory concerns. A withdrawn one concerns none."""
    if "withdrawn" in advisory:
        return
    for affected in advisory.get("affected", []):
        ecosystem, name = affected["package"]["ecosystem"], affected["package"]["name"]
        for version in versions.get((ecosystem, plain(name) if ecosystem == "PyPI" else name), set()):
            if is_affected(version, affected):
                yield f"{name} {version}: {advisory['id']} {advisory.get('summary', '')}".strip()


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    if version in affected.get("versions", []):
        return True
    return any(is_within(version, span["events"]) for span in affected.get("ranges", []) if span["type"] != "GIT")


def is_within(version: str, events: Iterable[dict[str, str]]) -> bool:
    """Return whether a version is in a range: after an event that introduced the fault, and before one that ended it."""
    is_faulty = False
    for event in sorted(events, key=lambda event: numbers(next(iter(event.values())))):
        kind, limit = next(iter(event.items()))
        if kind == "last_affected":
            is_faulty = is_faulty and numbers(version) <= numbers(limit)
        elif numbers(version) >= numbers(limit):
            is_faulty = kind == "introduced"
    return is_faulty


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a release, which are compared one by one. What follows them, as in 2.0rc1, is left out."""
    release = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in release[0].split(".")] if release else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def main(files: list[str]) -> int:
    if not files:
        print(__doc__)
        return 2
    versions = locked()
    lines = {line for advisory in advisories(map(Path, files)) for line in concerned(advisory, versions)}
    print("\n".join(sorted(lines)) or f"No advisory concerns the {len(versions)} locked packages.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
