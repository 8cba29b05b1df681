"""The record of labs that passed their trials, which a start reads before its runner lives."""

from authoring.management.commands.course import PASSED
from tests.content.shipped import FOLDER, shipped


def test_every_shipped_lab_passed_its_trials_as_it_is():
    """After a change of a lab, type: manage.py lab test content --record content/passed-labs.txt"""
    lines = (FOLDER.parent / PASSED).read_text().splitlines()
    recorded = {path: digest for path, digest in map(str.split, lines) if FOLDER.name in path}
    assert sorted(recorded.values()) == sorted(lab.tried for lab in shipped().labs)
