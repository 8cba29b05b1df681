"""Where a reader resumes."""

from datetime import UTC, datetime, timedelta

import pytest

from lessons.rules.reading import Sight, Visit, module_number, module_numbers, position_to_resume

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def left(hours: int, position: int) -> Sight:
    return Sight(at(hours), position, is_finished=False)


def finished(hours: int, position: int) -> Sight:
    return Sight(at(hours), position, is_finished=True)


@pytest.mark.parametrize(
    ("sights", "unread", "position"),
    [
        ([], [], None),
        ([], [0, 1], 0),
        ([left(1, 0)], [0, 1], 0),
        ([left(2, 0), left(1, 1)], [0, 1], 0),
        ([left(1, 0), left(2, 1)], [0, 1], 1),
        ([left(1, 0), left(1, 1)], [0, 1], 1),
        ([finished(3, 0), left(1, 1)], [1, 2], 1),
        ([left(1, 0), finished(2, 1)], [0, 2], 2),
        ([finished(1, 0)], [1, 2], 1),
        ([finished(1, 1)], [0, 2], 2),
        ([finished(1, 2)], [2, 3], 3),
        ([finished(2, 0), finished(1, 2)], [1, 3], 1),
        ([finished(1, 1)], [0], 0),
        ([finished(1, 1)], [1, 2], 2),
        ([finished(1, 0), finished(2, 1)], [], None),
        ([finished(1, 0), left(2, 5)], [1, 2], 5),
        ([finished(2, 5)], [1, 8], 8),
        ([finished(2, 8)], [1, 5], 1),
        ([left(2, 5)], [], 5),
    ],
)
def test_reading_goes_on_where_it_stopped(sights, unread, position):
    assert position_to_resume(sights, unread) == position


@pytest.mark.parametrize(
    ("visit", "hours"),
    [
        (Visit(), None),
        (Visit(opened_at=at(1)), 1),
        (Visit(opened_at=at(1), done_at=at(2)), 2),
        (Visit(opened_at=at(1), done_at=at(2), seen_at=at(3)), 3),
        (Visit(opened_at=at(1), seen_at=at(2)), 2),
        (Visit(opened_at=at(3), seen_at=at(2)), 3),
        (Visit(done_at=at(4), seen_at=at(2)), 4),
    ],
)
def test_a_lesson_was_seen_last_at_the_latest_of_its_times(visit, hours):
    assert visit.last_at == (None if hours is None else at(hours))


@pytest.mark.parametrize(("folder", "number"), [("01-introduction", "1"), ("12-end", "12"), ("about", ""), ("", "")])
def test_a_modules_number_is_that_of_its_folder(folder, number):
    assert module_number(folder) == number


def test_a_lesson_that_nobody_opened_has_no_section():
    assert Visit() == Visit(None, None, "", None)


@pytest.mark.parametrize(
    ("folders", "numbers"),
    [
        (["about", "01-a", "03-b", "exam"], ["", "1", "3", ""]),
        (["1-a", "10-b", "2-c"], ["1", "10", "2"]),
        (["03-b", "about", "01-a"], ["1", "", "2"]),
        ([], []),
    ],
)
def test_modules_are_counted_from_1_if_the_author_has_put_them_in_another_order(folders, numbers):
    assert [module_numbers(folders)[folder] for folder in folders] == numbers
