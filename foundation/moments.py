"""Which moments and numbers people and programs may give, and how a length of time is written."""

# Every time zone, and every later date that follows from one, can represent these years.
YEARS = range(2000, 9000)


def is_plain(text: str) -> bool:
    """Return whether a number or a date is written as people read it: Python also takes 1_0, １２ and ٢ for numbers."""
    return text.strip().isascii() and "_" not in text


def duration_text(seconds: int) -> str:
    """Return "10 min", "1 min 33 s" or "33 s"."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} min" if minutes else "", f"{rest} s" if rest or not minutes else ""]
    return " ".join(filter(None, parts))
