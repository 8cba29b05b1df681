"""manage.py import_questions prints the report of a file, writes it for programs, and stores nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.exchange.samples import GIFT, SAMPLES


def printed(*arguments: object) -> str:
    stream = StringIO()
    call_command("import_questions", *map(str, arguments), stdout=stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
def test_the_report_ends_with_counts_and_says_that_nothing_is_stored(tmp_path, name):
    text, outcomes = SAMPLES[name]
    (tmp_path / name).write_text(text)
    lines = printed(tmp_path / name).splitlines()
    counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in ("lossless", "changed", "refused"))
    assert lines[-2:] == [
        f"{len(outcomes)} item{'' if len(outcomes) == 1 else 's'}: {counts}.",
        "Nothing is stored: this version reports only.",
    ]


def test_each_reason_stands_below_its_item(tmp_path):
    (tmp_path / "bank.gift").write_text(GIFT)
    text = printed(tmp_path / "bank.gift")
    assert "refused   " in text
    assert "People grade this question. No type of question here is graded by people." in text


def test_the_report_for_programs_has_each_item(tmp_path):
    (tmp_path / "bank.gift").write_text(GIFT)
    printed(tmp_path / "bank.gift", "--json", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["stored"], report["total"], len(report["items"])) == (False, 8, 8)
    assert report["counts"] == {"lossless": 4, "changed": 2, "refused": 2}
    assert report["items"][0]["question"]["type"] == "single_choice"


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "bank.txt").write_text("Nothing is asked here.")
    with pytest.raises(CommandError, match=r"^This file is in none of the formats"):
        printed(tmp_path / "bank.txt")
    with pytest.raises(CommandError, match=r"cannot be opened: No such file or directory\.$"):
        printed(tmp_path / "missing.txt")
    with pytest.raises(CommandError, match=r"cannot be opened: Is a directory\.$"):
        printed(tmp_path)


def test_a_report_that_cannot_be_written_is_an_error_with_a_sentence(tmp_path):
    (tmp_path / "bank.gift").write_text(GIFT)
    with pytest.raises(CommandError, match=r"report\.json cannot be opened"):
        printed(tmp_path / "bank.gift", "--json", tmp_path / "none" / "report.json")
