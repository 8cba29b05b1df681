"""A few minutes of practice each day, on final review questions. Nothing here is part of a grade (D44)."""
