"""Every kind of mistake is found, with file and line, and no false ones."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.authoring.folder.nasty import edited, nasty_files, read

BROKEN: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("broken.yaml"))


@pytest.mark.parametrize("broken", [pytest.param(row, id=row["what"]) for row in BROKEN])
def test_a_mistake_is_named_with_file_and_line(broken):
    text = read(edited(broken["path"], broken["old"], broken["new"]))
    assert [str(mistake) for mistake in text.mistakes] == broken["mistakes"]


def test_the_nasty_course_has_no_mistakes_and_nothing_to_advise():
    text = read(nasty_files())
    assert (text.mistakes, text.advice) == ((), ())


def test_bytes_that_are_not_text_are_a_mistake():
    files = dict(nasty_files())
    path = "01-first/20-plain.md"
    files[path] = files[path].replace(b"plain page", b"plain \xff page")
    assert [str(mistake) for mistake in read(files).mistakes] == [
        f"{path}:8: this file is not UTF-8 text; save it as UTF-8."
    ]


def test_all_mistakes_are_named_at_once():
    """Apply all edits that do not touch each other's lines at once."""
    alone = [
        row
        for row in BROKEN
        if row["what"] in ("an unknown command of math", "a word that nothing reads", "zero attempts")
    ]
    files = dict(nasty_files())
    for row in alone:
        files[row["path"]] = files[row["path"]].replace(row["old"].encode(), row["new"].encode())
    named = [str(mistake) for mistake in read(files).mistakes]
    assert named == sorted(mistake for row in alone for mistake in row["mistakes"])


def test_an_empty_folder_is_a_mistake_too():
    assert [str(mistake) for mistake in read({}).mistakes] == ["course.yaml:1: a course needs course.yaml."]
