"""Rows of a spreadsheet and a number of days fill in the dates of a group."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from course.rules.schedule import Dates
from portal.allowances.rules.filling import read_pasted_dates, shifted_dates

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ITEMS = {"Quiz 1": "one", "Final exam": "final"}


def test_rows_give_dates_in_the_time_zone_of_the_reader_and_empty_cells_give_none():
    text = "Item\tOpens\tDue\tCloses\n\nQuiz 1\t\t2027-03-01 13:00\t2027-03-01T12:00+00:00\nFinal exam\n"
    dates, mistakes = read_pasted_dates(text, ITEMS, ZoneInfo("Europe/Berlin"))
    assert (dates, mistakes) == ({"one": Dates(None, NOON, NOON), "final": Dates()}, [])


def test_each_wrong_row_is_named():
    text = "Quiz 9\nQuiz 1\tsoon\nFinal exam\t\t\t\tmore\nQuiz 1\nQuiz 1\n"
    dates, mistakes = read_pasted_dates(text, ITEMS, UTC)
    assert dates == {"one": Dates()}
    assert [(mistake.number, mistake.sentence) for mistake in mistakes] == [
        (1, "No item is called “Quiz 9”, or several are."),
        (2, "“soon” is not a date with a time, such as 2027-03-30 21:00."),
        (3, "The row has more than four cells: item, opens, due, closes."),
        (5, "An earlier row gives the dates of “Quiz 1”."),
    ]
    assert read_pasted_dates("Quiz 1\n" * 501, ITEMS, UTC)[1][0].sentence.startswith("There are more than 500 rows.")


def test_moved_dates_keep_their_time_of_day_and_start_from_everyones():
    zone = ZoneInfo("Europe/Berlin")
    own, common = Dates(closes_at=NOON), Dates(due_at=NOON - timedelta(hours=1), closes_at=NOON + timedelta(days=9))
    moved = shifted_dates(own, common, 30, zone)  # over the change to daylight saving time
    assert moved == Dates(None, datetime(2027, 3, 31, 10, tzinfo=UTC), datetime(2027, 3, 31, 11, tzinfo=UTC))
    assert shifted_dates(Dates(), common, -1, UTC).closes_at == NOON + timedelta(days=8)
