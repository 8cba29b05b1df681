"""A release is made, signed, verified, and installed from its own files on a machine without a network."""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from config.environment import ROOT
from tests.config.test_release import commit
from tests.rounds import one_database

pytestmark = one_database
NUMBER = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Return the environment in which gpg has one secret key, release@example.org."""
    home = tmp_path_factory.mktemp("keys")
    home.chmod(0o700)
    environment = {**os.environ, "GNUPGHOME": str(home)}
    new = ("--quick-generate-key", "release@example.org", "ed25519", "sign", "1d")
    subprocess.run(("gpg", "--batch", "--quiet", "--passphrase", "", *new), env=environment, check=True)
    return environment


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Return a clone of this commit whose changelog names the version, as on the day of a release."""
    folder = tmp_path_factory.mktemp("checkout") / "finalcheck"
    subprocess.run(("git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), folder), check=True)
    changes = folder / "CHANGELOG.md"
    changes.write_text(re.sub(r"^## .+$", f"## {NUMBER}", changes.read_text(), count=1, flags=re.MULTILINE))
    commit(folder)
    (folder / "build").mkdir()
    (folder / "build/uv").symlink_to(ROOT / "build/uv")
    return folder


def made(checkout, keys, key):
    words = (sys.executable, "ops/release.py", "--key", key, "--python", sys.executable)
    return subprocess.run(words, cwd=checkout, env=keys, capture_output=True, text=True, check=False)


def test_a_release_installs_from_its_own_files_and_knows_its_commit(checkout, keys, tmp_path):
    done = made(checkout, keys, "release@example.org")
    assert done.returncode == 0, done.stderr
    head = subprocess.check_output(("git", "rev-parse", "HEAD"), cwd=checkout, text=True)
    assert f"  Finalcheck {NUMBER} ({head[:8]})\n" in done.stdout
    folder = checkout / f"build/release/finalcheck-{NUMBER}"
    for damaged in sorted(folder.iterdir()):
        copy = tmp_path / damaged.name.replace(".", "-")
        copy.mkdir()
        for file in folder.iterdir():
            (copy / file.name).symlink_to(file)
        (copy / damaged.name).unlink()
        shutil.copyfile(damaged, copy / damaged.name)
        with (copy / damaged.name).open("r+b") as opened:
            opened.seek(100)
            opened.write(b"\0")
        assert is_refused(copy, keys), damaged.name
    assert not is_refused(folder, keys)


def is_refused(folder, keys):
    """Return whether the two commands of docs/operations.md refuse a release."""
    signed = subprocess.run(("gpg", "--verify", "SHA256SUMS.asc", "SHA256SUMS"), cwd=folder, env=keys, check=False)
    summed = subprocess.run(("sha256sum", "--check", "--strict", "SHA256SUMS"), cwd=folder, check=False)
    return signed.returncode != 0 or summed.returncode != 0


def test_without_the_secret_key_there_is_no_release_and_gpg_says_why(checkout, keys):
    done = made(checkout, keys, "nobody@example.org")
    assert done.returncode == 1
    assert "There is no release." in done.stderr
    assert "nobody@example.org" in done.stderr
