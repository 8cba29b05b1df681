from mail.services.notices import notify
from mail.services.sending import send_due_mail, wake_for_mail
from mail.services.subscriptions import end_subscription, set_mail_wanted, subscription_of, unsubscribe_token

__all__ = [
    "end_subscription",
    "notify",
    "send_due_mail",
    "set_mail_wanted",
    "subscription_of",
    "unsubscribe_token",
    "wake_for_mail",
]
