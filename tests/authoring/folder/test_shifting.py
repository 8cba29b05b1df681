"""Dates move together, times of day stay, and nothing else of a text changes."""

import pytest

from authoring.folder import holds_questions, shift_texts

HEAD = """\
# opens: 2027-03-01 08:00 is written below
slug: a
summary: "due: 2027-01-01 10:00 is only said here"
timezone: Europe/Berlin
opens: 2027-03-01 08:00   # the first Monday
closes: "2027-07-31 23:59"
"""
MODULE = "id: one\nreview: {due: 2027-03-20 09:00, closes: 2027-03-27 09:00}\n"


def test_every_date_moves_and_the_rest_of_each_text_stays():
    texts, moved = shift_texts({"course.yaml": HEAD, "01-one/module.yaml": MODULE, "01-one/review.yaml": MODULE}, 14)
    assert texts == {
        "course.yaml": HEAD.replace("opens: 2027-03-01 08:00   #", "opens: 2027-03-15 08:00   #").replace(
            "2027-07-31", "2027-08-14"
        ),
        "01-one/module.yaml": "id: one\nreview: {due: 2027-04-03 09:00, closes: 2027-04-10 09:00}\n",
    }
    assert [(each.path, each.line, each.name, each.before, each.after) for each in moved] == [
        ("01-one/module.yaml", 2, "closes", "2027-03-27 09:00", "2027-04-10 09:00"),
        ("01-one/module.yaml", 2, "due", "2027-03-20 09:00", "2027-04-03 09:00"),
        ("course.yaml", 5, "opens", "2027-03-01 08:00", "2027-03-15 08:00"),
        ("course.yaml", 6, "closes", "2027-07-31 23:59", "2027-08-14 23:59"),
    ]


def test_only_files_that_are_read_as_texts_of_the_course_move():
    dated = "opens: 2027-03-01 08:00\n"
    read = ("course.yaml", "01-one/module.yaml", "01-one/exam-two.yaml", "exam/exam.yaml", "appendix/module.yaml")
    others = (
        "data/exam-notes.yaml",
        "01-one/data/exam.yaml",
        "data/module.yaml",
        "data/course.yaml",
        "about/exam.yaml",
    )
    assert set(shift_texts(dict.fromkeys((*read, *others), dated), 1)[0]) == set(read)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("01-one/review.yaml", True),
        ("01-one/review-two.yaml", True),
        ("exam/pool-first.yaml", True),
        ("01-one/exam.yaml", False),
        ("data/review-notes.yaml", False),
        ("01-one/data/review.yaml", False),
        ("about/review.yaml", False),
    ],
)
def test_questions_are_only_in_reviews_and_pools_of_a_section_that_has_them(path, expected):
    assert holds_questions(path) is expected


def test_a_shift_back_undoes_a_shift_and_a_text_without_dates_stays():
    files = {"course.yaml": HEAD, "01-one/module.yaml": MODULE, "02-two/module.yaml": "id: two\n"}
    there, _ = shift_texts(files, 183)
    back, _ = shift_texts(files | there, -183)
    assert files | back == files
    assert "02-two/module.yaml" not in there
