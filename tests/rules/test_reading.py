"""Where a reader resumes."""

from datetime import UTC, datetime, timedelta

import pytest

from lessons.rules.reading import Visit, lesson_to_resume, module_number

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def opened(hours: int) -> Visit:
    return Visit(opened_at=at(hours))


def done(hours: int) -> Visit:
    return Visit(opened_at=at(hours), done_at=at(hours))


@pytest.mark.parametrize(
    ("visits", "place"),
    [
        ([], None),
        ([Visit(), Visit()], 0),
        ([opened(1), Visit()], 0),
        ([opened(2), opened(1)], 0),
        ([opened(1), opened(2)], 1),
        ([done(3), opened(1), Visit()], 1),
        ([done(1), Visit(), Visit()], 1),
        ([Visit(), done(1), Visit()], 2),
        ([done(2), Visit(), done(1), Visit()], 1),
        ([Visit(), done(1)], 0),
        ([done(1), done(2)], None),
    ],
)
def test_reading_goes_on_where_it_stopped(visits, place):
    assert lesson_to_resume(visits) == place


@pytest.mark.parametrize(("folder", "number"), [("01-introduction", "1"), ("12-end", "12"), ("about", ""), ("", "")])
def test_a_modules_number_is_that_of_its_folder(folder, number):
    assert module_number(folder) == number


def test_a_lesson_that_nobody_opened_has_no_section():
    assert Visit() == Visit(None, None, "")
