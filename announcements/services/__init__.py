from announcements.services.announcements import (
    LONGEST_ANNOUNCEMENT,
    announcement_html,
    correct_announcement,
    note_announcements_read,
    withdraw_announcement,
    write_announcement,
)
from announcements.services.announcing import plan_announcement, post_announcement

__all__ = [
    "LONGEST_ANNOUNCEMENT",
    "announcement_html",
    "correct_announcement",
    "note_announcements_read",
    "plan_announcement",
    "post_announcement",
    "withdraw_announcement",
    "write_announcement",
]
