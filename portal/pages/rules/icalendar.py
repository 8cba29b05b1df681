"""Write a calendar as iCalendar text (RFC 5545). All times are in UTC, so no time zone needs a definition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # bytes of a line, without its end
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class CalendarEvent:
    """An instant in a calendar. `uid` stays the same when the instant moves, so that programs move their entry."""

    uid: str
    at: datetime
    summary: str
    url: str


def write_calendar(*, name: str, events: Iterable[CalendarEvent], now: datetime) -> str:
    """Return the text of a calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Finalcheck//Dates//EN", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{escaped_text(name)}", f"X-WR-CALNAME:{escaped_text(name)}"]
    for event in events:
        lines += event_lines(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded_lines(line))


def event_lines(event: CalendarEvent, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{written_in_utc(now)}",
        f"DTSTART:{written_in_utc(event.at)}",
        f"SUMMARY:{escaped_text(event.summary)}",
        f"URL:{event.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def written_in_utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped_text(text: str) -> str:
    return text.translate(ESCAPED)


def folded_lines(line: str) -> Iterator[str]:
    """Yield a long line in pieces of at most LONGEST bytes. Each piece but the first begins with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LONGEST:
            yield piece
            piece = " "
        piece += character
    yield piece
