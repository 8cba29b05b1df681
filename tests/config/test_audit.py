"""ops/audit.py finds the locked packages that a published advisory concerns, without a network."""

import json
import runpy
from zipfile import ZipFile

import pytest

from config.environment import ROOT

AUDIT = runpy.run_path(str(ROOT / "ops" / "audit.py"))
LOCKED = AUDIT["locked"]()


def advisory(name="Django", ecosystem="PyPI", **affected):
    package = {"ecosystem": ecosystem, "name": name}
    return {"id": "TEST-1", "summary": "A hole.", "affected": [{"package": package, **affected}]}


def events(*pairs, kind="ECOSYSTEM"):
    return [{"type": kind, "events": [{name: version} for name, version in pairs]}]


def run(tmp_path, capsys, *found):
    with ZipFile(tmp_path / "all.zip", "w") as packed:
        for number, each in enumerate(found):
            packed.writestr(f"{number}.json", json.dumps(each))
    status = AUDIT["main"]([str(tmp_path / "all.zip")])
    return status, capsys.readouterr().out.strip()


def test_every_locked_package_of_both_lock_files_is_compared():
    assert {("PyPI", "django"), ("PyPI", "tensorflow-cpu"), ("npm", "@codemirror/view")} <= set(LOCKED)
    assert len(LOCKED) > 150


def test_an_advisory_that_names_the_locked_version_is_printed_and_fails(tmp_path, capsys):
    (version,) = LOCKED["PyPI", "django"]
    status, said = run(tmp_path, capsys, advisory(versions=["1.0", version]), advisory(versions=["1.0"]))
    assert (status, said) == (1, f"Django {version}: TEST-1 A hole.")


def test_no_advisory_for_the_locked_versions_passes(tmp_path, capsys):
    unknown = advisory("a-package-of-nobody", ranges=events(("introduced", "0")))
    withdrawn = {**advisory(ranges=events(("introduced", "0"))), "withdrawn": "2026-01-01T00:00:00Z"}
    status, said = run(tmp_path, capsys, unknown, withdrawn)
    assert (status, said) == (0, f"No advisory concerns the {len(LOCKED)} locked packages.")


@pytest.mark.parametrize(
    ("version", "pairs", "is_within"),
    [
        ("2.5", [("introduced", "0")], True),
        ("2.5", [("introduced", "0"), ("fixed", "2.5")], False),
        ("2.4.9", [("introduced", "0"), ("fixed", "2.5")], True),
        ("2.10", [("introduced", "2.9"), ("fixed", "3")], True),
        ("2.5", [("introduced", "2.6")], False),
        ("2.5.0", [("introduced", "0"), ("last_affected", "2.5")], True),
        ("2.5.1", [("introduced", "0"), ("last_affected", "2.5")], False),
        ("3.1", [("introduced", "1"), ("fixed", "2"), ("introduced", "3"), ("fixed", "3.2")], True),
        ("2.1", [("introduced", "1"), ("fixed", "2"), ("introduced", "3"), ("fixed", "3.2")], False),
    ],
)
def test_a_version_is_faulty_from_where_the_fault_came_to_where_it_went(version, pairs, is_within):
    (found,) = events(*pairs)
    assert AUDIT["is_within"](version, found["events"]) is is_within


def test_commits_are_not_taken_for_versions():
    assert not AUDIT["is_affected"]("2.5", {"ranges": events(("introduced", "0"), kind="GIT")})


def test_without_a_file_it_says_where_to_get_one(capsys):
    assert AUDIT["main"]([]) == 2
    assert "osv.dev" in capsys.readouterr().out
