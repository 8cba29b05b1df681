from portal.study.services.reminding import SEND_REMINDERS, send_reminders, wake_for_reminders

__all__ = ["SEND_REMINDERS", "send_reminders", "wake_for_reminders"]
