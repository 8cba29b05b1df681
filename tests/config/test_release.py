"""ops/release.py makes a release of a commit only, says what it is made of, and ops/venv installs what it brings."""

import importlib.util
import json
import shutil
import subprocess

import pytest

from config.environment import ROOT


@pytest.fixture
def release(tmp_path, monkeypatch):
    """The program, at work in a small repository with one commit."""
    spec = importlib.util.spec_from_file_location("release", ROOT / "ops" / "release.py")
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    for name, text in {
        "CHANGELOG.md": "# Changelog\n\n## 1.2.0 (4 December 2026)\n",
        "code.py": "answer = 42\n",
    }.items():
        (tmp_path / name).write_text(text)
    git("init", "--quiet", cwd=tmp_path)
    commit(tmp_path)
    monkeypatch.setattr(program, "ROOT", tmp_path)
    return program


def git(*words, cwd):
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *words), cwd=cwd, check=True)


def commit(folder):
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "Change something", cwd=folder)


def test_a_commit_whose_changelog_names_the_version_can_be_released(release):
    release.refuse_unfit("1.2.0")


def test_files_that_are_not_committed_are_named_and_nothing_is_released(release):
    (release.ROOT / "code.py").write_text("answer = 41\n")
    with pytest.raises(release.Unfit, match=r"(?s)not committed.*code\.py"):
        release.refuse_unfit("1.2.0")


def test_a_changelog_without_the_version_is_refused(release):
    with pytest.raises(
        release.Unfit, match=r"begins with “1\.2\.0 \(4 December 2026\)”\. Give that section the title 1\.3\.0"
    ):
        release.refuse_unfit("1.3.0")


def test_the_archive_of_a_commit_has_the_same_bytes_each_time(release, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archives")
    for name in ("one", "two"):
        release.write_archive(folder / name, "finalcheck-1.2.0")
    assert (folder / "one").read_bytes() == (folder / "two").read_bytes()
    shutil.unpack_archive(folder / "one", folder / "files", "gztar", filter="data")
    assert (folder / "files/finalcheck-1.2.0/code.py").read_text() == "answer = 42\n"


def test_the_bill_names_the_packages_and_the_scripts(release, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(release, "ROOT", ROOT)
    file = tmp_path_factory.mktemp("bill") / "bill.json"
    release.write_bill(file)
    named = {part["name"]: part["purl"] for part in json.loads(file.read_text())["components"]}
    assert named["django"].startswith("pkg:pypi/django@6.1")
    assert named["@codemirror/view"].startswith("pkg:npm/%40codemirror/view@")
    assert "tensorflow-cpu" in named
    assert "pytest" not in named


def test_packages_for_another_python_are_refused_with_what_to_do(tmp_path):
    shutil.copytree(ROOT / "ops", tmp_path / "ops")
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages/TAG").write_text("cp311-x86_64\n")
    done = subprocess.run((tmp_path / "ops/venv",), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The packages in this folder are for cp311-x86_64, and the Python here is cp3" in done.stderr
    assert not (tmp_path / ".venv").exists()
