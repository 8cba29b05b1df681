"""The calendar of a person’s dates, to which other programs subscribe."""
