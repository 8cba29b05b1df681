"""The product's date format everywhere: 25 Nov 2026, 12:04."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
