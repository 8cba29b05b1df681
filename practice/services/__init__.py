from practice.services.practicing import PracticedQuestion, practice_question
from practice.services.reminding import (
    SEND_PRACTICE_REMINDERS,
    forget_practice_reminders,
    move_practice_reminders,
    send_practice_reminders,
    set_practice_reminder,
    wake_for_practice,
)

__all__ = [
    "SEND_PRACTICE_REMINDERS",
    "PracticedQuestion",
    "forget_practice_reminders",
    "move_practice_reminders",
    "practice_question",
    "send_practice_reminders",
    "set_practice_reminder",
    "wake_for_practice",
]
