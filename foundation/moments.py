"""Which moments people and programs may give."""

# Every time zone, and every later date that follows from one, can represent these years.
YEARS = range(2000, 9000)
