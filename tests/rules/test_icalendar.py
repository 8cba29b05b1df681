"""A calendar as calendar programs read it (RFC 5545), byte for byte."""

from datetime import UTC, datetime, timedelta, timezone

from portal.pages.rules.icalendar import CalendarEvent, write_calendar

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEAD = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Finalcheck//Dates//EN", "CALSCALE:GREGORIAN"]


def test_an_event_is_written_in_utc_with_its_signs_escaped():
    at = datetime(2027, 3, 30, 21, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    event = CalendarEvent("exam-1@site", at, "Exam; parts A, B\\C\r\nat home", "https://site/exam/")
    assert write_calendar(name="A, B", events=[event], now=NOW) == "".join(
        f"{line}\r\n"
        for line in [
            *HEAD,
            "NAME:A\\, B",
            "X-WR-CALNAME:A\\, B",
            "BEGIN:VEVENT",
            "UID:exam-1@site",
            "DTSTAMP:20261124T120000Z",
            "DTSTART:20270330T190509Z",
            "SUMMARY:Exam\\; parts A\\, B\\\\C\\nat home",
            "URL:https://site/exam/",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


def test_a_line_of_exactly_75_bytes_is_not_cut():
    written = [write_calendar(name="x" * length, events=[], now=NOW).split("\r\n")[len(HEAD)] for length in (70, 71)]
    assert written == [f"NAME:{'x' * 70}"] * 2


def test_a_line_has_at_most_75_bytes_and_goes_on_after_a_space():
    def lines(length):
        written = write_calendar(name="é" * length, events=[], now=NOW)
        return written.split("\r\n")[len(HEAD) : -2]

    assert lines(35) == [f"NAME:{'é' * 35}", f"X-WR-CALNAME:{'é' * 31}", f" {'é' * 4}"]
    assert lines(36) == [f"NAME:{'é' * 35}", " é", f"X-WR-CALNAME:{'é' * 31}", f" {'é' * 5}"]
    assert lines(80)[2] == f" {'é' * 8}"
    assert [len(line.encode()) for line in lines(80)] == [75, 75, 17, 75, 75, 25]
