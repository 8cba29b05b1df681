from portal.goals.selectors.goals import due_reminders, goal_seen, has_reminder_due
from portal.goals.selectors.weeks import has_open_work, studied_in

__all__ = [
    "due_reminders",
    "goal_seen",
    "has_open_work",
    "has_reminder_due",
    "studied_in",
]
