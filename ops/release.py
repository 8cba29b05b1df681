"""Make a release from the commit that is checked out, and install it again to check it.

    make release KEY=you@example.org      # KEY names a secret key of gpg; PYTHONS="python3.12 python3.13" the interpreters

Writes into build/release/finalcheck-VERSION/:

    finalcheck-VERSION.tar.gz                        the files of the commit, always the same bytes
    finalcheck-VERSION-packages-cp313-x86_64.tar     the locked packages of one Python and processor, with their hashes
    finalcheck-VERSION.cdx.json                      which packages it is made of (SBOM, CycloneDX 1.5)
    SHA256SUMS, SHA256SUMS.asc                       the digests of these files, and their signature

Then it verifies the signature, installs the release from these files alone into an empty folder, without a network where the
machine can take it away, and starts it. Needs git, gpg and uv, and the standard library only.
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / "build" / "uv" / "bin" / "uv"
PACKAGES = "packages"  # the folder beside the Makefile from which ops/venv installs
OF_PRODUCT = ("--frozen", "--no-default-groups", "--group", "runner", "--no-emit-project", "--quiet")
SUMS = "SHA256SUMS"
NO_NETWORK = ("unshare", "--net", "--")


class Unfit(Exception):
    """Why there is no release, and what to do."""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd or ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unfit(f"{' '.join(map(str, command))} failed:\n{done.stderr or done.stdout}")
    return done.stdout


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def refuse_unfit(number: str) -> None:
    """Refuse a checkout whose release would not be what its commit says. Raises Unfit."""
    if changed := run("git", "status", "--porcelain"):
        raise Unfit(f"These files are not committed, so no commit names what would be released:\n{changed}")
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if newest is None or not newest[1].startswith(number):
        raise Unfit(f"CHANGELOG.md begins with “{newest and newest[1]}”. Give that section the title {number} first.")
    if not UV.exists():
        raise Unfit("There is no uv yet. Type: make setup")


def write_archive(path: Path, name: str) -> None:
    """Write the files of the commit. Git gives each the commit's time, and gzip no other, so the bytes are always the same."""
    tar = subprocess.run(
        ("git", "archive", "--format=tar", f"--prefix={name}/", "HEAD"), cwd=ROOT, capture_output=True, check=True
    ).stdout
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(tar)


def tag_of(python: str) -> str:
    """Return the Python and the processor for which an interpreter takes packages, such as "cp313-x86_64"."""
    asked = "import platform, sys; print(f'cp{sys.version_info[0]}{sys.version_info[1]}-{platform.machine()}')"
    return run(python, "-c", asked).strip()


def write_packages(path: Path, name: str, python: str) -> None:
    """Write the wheels of the product and its lab runner, and that of uv, for one interpreter. Raises Unfit."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / PACKAGES
        folder.mkdir()
        listed = folder / "requirements.txt"
        run(UV, "export", *OF_PRODUCT, "--format", "requirements.txt", "--output-file", listed)
        (folder / "TAG").write_text(tag_of(python) + "\n")
        pip = (ROOT / "build" / "uv" / "bin" / "python", "-m", "pip", "--python", python, "download", "--quiet")
        wheels = ("--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--dest", folder)
        run(*pip, *wheels, "--require-hashes", "--requirement", listed)
        run(*pip, *wheels, pinned_uv())
        with tarfile.open(path, "w") as packed:
            for file in sorted(folder.iterdir()):
                packed.add(file, f"{name}/{PACKAGES}/{file.name}", filter=without_owner)


def without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = "root"
    return member


def pinned_uv() -> str:
    """Return the version of uv with which ops/venv installs."""
    pinned = re.search(r"uv==[\d.]+", (ROOT / "ops" / "venv").read_text())
    assert pinned is not None
    return pinned[0]


def write_bill(path: Path) -> None:
    """Write the SBOM: the locked Python packages, and the scripts in static/vendor."""
    bill = json.loads(run(UV, "export", *OF_PRODUCT, "--format", "cyclonedx1.5"))
    scripts = json.loads((ROOT / "ops" / "vendor" / "package-lock.json").read_text())["packages"]
    bill["components"] += [
        {
            "type": "library",
            "bom-ref": f"npm-{name}@{package['version']}",
            "name": name,
            "version": package["version"],
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
        }
        for name, package in ((key.rpartition("node_modules/")[2], row) for key, row in sorted(scripts.items()) if key)
    ]
    path.write_text(json.dumps(bill, indent=1) + "\n")


def write_sums(folder: Path) -> None:
    lines = [f"{digest(file)}  {file.name}\n" for file in sorted(folder.iterdir()) if not file.name.startswith(SUMS)]
    (folder / SUMS).write_text("".join(lines))


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sign(folder: Path, key: str) -> None:
    """Sign the digests. Raises Unfit if gpg has no such secret key, or cannot use it here."""
    run("gpg", "--batch", "--yes", "--armor", "--local-user", key, "--detach-sign", folder / SUMS)


def verify(folder: Path) -> None:
    """Check signature and digests, as docs/operations.md tells operators to do. Raises Unfit."""
    run("gpg", "--batch", "--verify", folder / f"{SUMS}.asc", folder / SUMS)
    run("sha256sum", "--check", "--strict", "--quiet", SUMS, cwd=folder)


def install(folder: Path, name: str, python: str) -> str:
    """Install the release into an empty folder from its files alone, and start it. Return what it says of itself."""
    with TemporaryDirectory() as temporary:
        for packed in (f"{name}.tar.gz", f"{name}-packages-{tag_of(python)}.tar"):
            run("tar", "--extract", "--file", folder / packed, "--directory", temporary)
        root = Path(temporary) / name
        data = Path(temporary) / "data"
        environment = ("env", f"FINALCHECK_DATA={data}", "UV_NO_CACHE=1", "PIP_NO_CACHE_DIR=1", "PIP_NO_INDEX=1")
        alone = NO_NETWORK if can_leave_the_network() else ()
        run(*alone, *environment, "make", "setup", cwd=root)
        own = root / ".venv" / "bin" / "python"
        run(*alone, *environment, own, "manage.py", "prepare", cwd=root)
        run(*alone, *environment, own, "-c", "import tensorflow", cwd=root)
        return run(*alone, own, "manage.py", "version", cwd=root).strip()


def can_leave_the_network() -> bool:
    """Return whether a program can be started without any network here; only root may do so on some machines."""
    return shutil.which("unshare") is not None and not subprocess.run((*NO_NETWORK, "true"), check=False).returncode


def release(key: str, pythons: list[str], into: Path) -> Path:
    """Make, sign and check a release. Return its folder. Raises Unfit."""
    number = version()
    name = f"finalcheck-{number}"
    refuse_unfit(number)
    folder = into / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"· the files of {run('git', 'rev-parse', '--short', 'HEAD').strip()}")
    write_archive(folder / f"{name}.tar.gz", name)
    for python in pythons:
        print(f"· the packages for {tag_of(python)}")
        write_packages(folder / f"{name}-packages-{tag_of(python)}.tar", name, python)
    write_bill(folder / f"{name}.cdx.json")
    write_sums(folder)
    sign(folder, key)
    verify(folder)
    for python in pythons:
        print(f"· installing it from its files alone, on {tag_of(python)}")
        print(f"  {install(folder, name, python)}")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a release from the commit that is checked out, and check it.")
    parser.add_argument(
        "--key", required=True, help="the secret key of gpg that signs, by name, address or fingerprint"
    )
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="the interpreters to bring packages for")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "release", help="the folder for it")
    asked = parser.parse_args()
    try:
        folder = release(asked.key, asked.python, asked.into)
    except Unfit as problem:
        sys.exit(f"There is no release. {problem}")
    print(f"\nThe release is in {folder}. Now push the tag: git tag --sign v{version()} && git push --tags")


if __name__ == "__main__":
    main()
