"""Exams whose keys a throwaway account could read are named from the texts of a course (D33)."""

import pytest

from authoring.folder.exposing import EXPOSED, is_exam_counted, is_exposure_chosen, key_situation
from quizzes.rules.disclosure import USUAL
from tests.authoring.folder.nasty import read
from tests.authoring.folder.test_dates import dated, last_line

OPEN = {"enrollment": "open"}
EXAMS = {"id": "exam", "of": "exam", "weight": 50}


def warnings(head: str = "enrollment: open", exam: str = "") -> list[str]:
    """Return the warnings of the nasty course with this line in course.yaml in place of its enrollment."""
    files = dated(exam=exam)
    files["course.yaml"] = files["course.yaml"].replace(b"enrollment: code", head.encode())
    text = read(files)
    assert text.mistakes == ()
    return [str(each) for each in text.warnings]


@pytest.mark.parametrize("head", ["", "enrollment: open"])
@pytest.mark.parametrize("exam", ["", "closes: 2027-03-01 08:00\n"])
def test_an_exam_that_takes_its_keys_from_the_course_is_named_with_its_line(head, exam):
    assert warnings(head, exam) == [f"exam/exam.yaml:1: {EXPOSED}"]


def test_an_exam_that_says_it_in_a_course_without_a_word_on_who_may_join_is_named_at_its_line():
    line = last_line("exam/exam.yaml", 1)
    assert warnings("", "show: {key: end}\n") == [f"exam/exam.yaml:{line}: {EXPOSED}"]


@pytest.mark.parametrize("key", ["end", "final"])
def test_a_course_that_says_both_means_it(key):
    assert warnings(exam=f"show: {{key: {key}}}\n") == []


@pytest.mark.parametrize(
    ("head", "exam"),
    [
        ("enrollment: invitation", ""),
        ("enrollment: code", ""),
        ("enrollment: closed", ""),
        ("enrollment: open", "show: {key: release}\n"),
        ("enrollment: open", "show: {verdict: release}\n"),
        ("enrollment: open", "closes: 2027-03-01 08:00\nshow: {key: closed}\n"),
    ],
)
def test_an_exam_that_withholds_its_keys_or_a_course_that_admits_only_some_is_not_named(head, exam):
    assert warnings(head, exam) == []


def test_a_check_that_is_not_strict_has_no_advice_of_it_and_a_course_with_mistakes_no_warning():
    files = dated(exam="show: {key: closed}\n")
    files["course.yaml"] = files["course.yaml"].replace(b"enrollment: code", b"")
    assert read(files).warnings == ()
    files = dated()
    files["course.yaml"] = files["course.yaml"].replace(b"enrollment: code", b"")
    assert read(files).advice == ()


@pytest.mark.parametrize(
    ("categories", "is_counted"),
    [
        ([EXAMS], True),
        ([{**EXAMS, "weight": 0}], False),
        ([{**EXAMS, "of": "review"}], False),
        ([{**EXAMS, "items": ["midterm"]}], False),
        ([{**EXAMS, "items": ["final"]}, {**EXAMS, "weight": 0}], True),
        ([{**EXAMS, "of": "mixed", "items": ["final"], "extra_credit": True}], True),
        ([], False),
        (None, False),
    ],
)
def test_an_exam_counts_if_a_category_with_a_weight_takes_it(categories, is_counted):
    assert is_exam_counted({"categories": categories}, "final") is is_counted


@pytest.mark.parametrize(
    ("course", "exam", "is_chosen"),
    [
        (OPEN, {"show": {"key": "end"}}, True),
        (OPEN, {"show": {"key": "settled"}}, True),
        (OPEN, {"show": {"key": "final"}}, True),
        (OPEN, {"show": {"key": "release"}}, False),
        (OPEN, {"show": {"explanation": "end"}}, False),
        (OPEN, {}, False),
        ({}, {"show": {"key": "end"}}, False),
        ({"enrollment": "invitation"}, {"show": {"key": "end"}}, False),
        (None, None, False),
    ],
)
def test_only_a_course_that_says_both_itself_has_chosen_it(course, exam, is_chosen):
    assert is_exposure_chosen(course, exam) is is_chosen


@pytest.mark.parametrize("said", [None, 3, {"key": 3}, {"key": "never"}, {"verdict": None}, "end"])
def test_a_draft_that_cannot_be_read_is_judged_by_what_the_course_says(said):
    course = {"show": {"exam": {"key": "release"}}, "categories": [EXAMS]}
    assert key_situation(course, {"id": "final", "show": said}, joins_by="open").policy.key == "release"
    assert key_situation({}, {"show": said}, joins_by="open").policy == USUAL["exam"]
