from portal.goals.services.goals import pass_reminder, remove_study_goal, set_study_goal
from portal.goals.services.reminding import SEND_REMINDERS, send_reminders, wake_for_reminders
from portal.goals.services.time_zones import change_person

__all__ = [
    "SEND_REMINDERS",
    "change_person",
    "pass_reminder",
    "remove_study_goal",
    "send_reminders",
    "set_study_goal",
    "wake_for_reminders",
]
