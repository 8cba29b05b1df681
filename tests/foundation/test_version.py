"""The version is written in one place, and every program and page for operators shows it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.test import Client

from foundation.version import ARCHIVED, ROOT, ProductVersion, archived_commit, commit_of, finalcheck_version
from tests import factories as make

HERE = {"Host": "localhost:8000"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def checkout(folder: Path, **files: str) -> Path:
    """Return a folder with such files below `.git`, where __ in a name means /."""
    for name, text in files.items():
        file = folder / ".git" / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    return folder


def test_the_number_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert finalcheck_version().number == project["version"]


@pytest.mark.parametrize(
    ("files", "commit"),
    [
        ({"HEAD": COMMIT}, COMMIT),
        ({"HEAD": "ref: refs/heads/main", "refs__heads__main": COMMIT}, COMMIT),
        ({"HEAD": "ref: refs/heads/main", "packed-refs": f"# pack-refs\n{COMMIT} refs/heads/main"}, COMMIT),
        ({"HEAD": "ref: refs/heads/main"}, ""),
        ({}, ""),
    ],
)
def test_the_commit_is_the_one_that_is_checked_out(tmp_path, files, commit):
    assert commit_of(checkout(tmp_path, **files)) == commit


def test_a_second_checkout_knows_its_commit(tmp_path):
    first = checkout(tmp_path / "first", refs__heads__other=COMMIT, worktrees__second__HEAD="ref: refs/heads/other")
    own = first / ".git" / "worktrees" / "second"
    (own / "commondir").write_text("../..\n")
    second = tmp_path / "second"
    second.mkdir()
    (second / ".git").write_text(f"gitdir: {own}\n")
    assert commit_of(second) == COMMIT


def test_an_archive_knows_its_commit(tmp_path):
    packed = subprocess.run(("git", "archive", "HEAD", ARCHIVED), cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(("tar", "--extract", "--directory", tmp_path), input=packed, check=True)
    assert archived_commit(tmp_path) == commit_of(ROOT)


def test_a_copy_that_is_no_archive_has_no_commit(tmp_path):
    assert archived_commit(tmp_path) == ""
    assert archived_commit(ROOT) == ""


def test_a_version_without_history_is_a_number_only():
    assert (str(ProductVersion("1.2.3", "")), str(ProductVersion("1.2.3", COMMIT))) == ("1.2.3", "1.2.3 (01234567)")


@pytest.mark.parametrize("word", ["version", "--version"])
def test_the_command_says_which_finalcheck_this_is_and_not_which_django(word):
    shown = subprocess.check_output((sys.executable, "manage.py", word), cwd=ROOT, text=True)
    assert shown == f"Finalcheck {finalcheck_version()}\n"


@pytest.mark.django_db
def test_operators_see_the_version(client):
    number, commit = finalcheck_version()
    assert client.get("/readyz", headers=HERE).json()["version"] == str(finalcheck_version())
    line = f'finalcheck_build_info{{commit="{commit}",version="{number}"}} 1.0'
    assert line in client.get("/metrics", headers=HERE).content.decode().splitlines()


@pytest.mark.django_db
def test_the_foot_of_the_admin_shows_the_version_to_those_who_may_open_it(admin_client):
    shown = f"Finalcheck {finalcheck_version()}"
    assert shown in admin_client.get("/admin/mfa/authenticator/").content.decode()
    assert shown not in Client().get("/").content.decode()
    learner = Client()
    learner.force_login(make.make_user())
    assert shown not in learner.get("/").content.decode()
