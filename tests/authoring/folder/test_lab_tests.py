"""What a folder says of a lab's tests: the objective that each measures."""

import pytest

from authoring.services import read_folder
from course.rules.texts import content_digest
from labs.models import Lab
from tests.authoring.folder.nasty import edited, nasty_files, read
from tests.authoring.publishing import load_text
from tests.labs.test_grading import PROBES

LAB_FILE = "01-first/labs/tiny/lab.yaml"


def folder(lab=""):
    """Return the files of the nasty course, whose lab has two tests and two objectives, and these lines in lab.yaml."""
    files = edited(LAB_FILE, "[numbers]", "[numbers, marks]")
    files[LAB_FILE] = files[LAB_FILE].rstrip() + f"\n{lab}".encode()
    files["01-first/labs/tiny/probes.py"] = PROBES.encode()
    return files


NAMED = folder("tests: [{name: Two, objective: marks}]\n")


def objectives(files):
    text = read(files)
    assert text.mistakes == ()
    return {test["name"]: test.get("objective") for test in text.labs[0].tests}


def test_the_tests_of_a_lab_with_several_objectives_measure_those_that_lab_yaml_names():
    assert objectives(folder()) == {"One": None, "Two": None}
    assert objectives(NAMED) == {"One": None, "Two": "marks"}


def test_the_tests_of_a_lab_with_one_objective_measure_it():
    assert objectives(nasty_files()) == {"The answer": "numbers"}


def test_naming_an_objective_changes_the_digest_of_the_lab_and_not_that_of_its_programs():
    plain, named = (read(files).labs[0] for files in (folder(), NAMED))
    assert content_digest(plain) != content_digest(named)
    assert plain.tried == named.tried


@pytest.mark.django_db
def test_a_load_stores_the_objectives_of_tests_and_a_later_one_changes_them():
    for files, stored in ((folder(), [None, None]), (NAMED, [None, "marks"]), (folder(), [None, None])):
        load_text(read_folder(files), folder="nasty")
        assert [test.get("objective") for test in Lab.objects.get().tests] == stored
