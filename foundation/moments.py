"""Which moments and numbers people and programs may give."""

# Every time zone, and every later date that follows from one, can represent these years.
YEARS = range(2000, 9000)


def is_plain(text: str) -> bool:
    """Return whether a number or a date is written as people read it: Python also takes 1_0, １２ and ٢ for numbers."""
    return text.strip().isascii() and "_" not in text
