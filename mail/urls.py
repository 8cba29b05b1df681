"""Addresses of the mail that a person wants; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from mail import api, pages
from mail.rules.delivery import UNSUBSCRIBE

learner_pages = [
    path(f"{UNSUBSCRIBE}<str:token>/", pages.unsubscribe, name="unsubscribe"),
    path("settings/mail/", pages.mail_settings, name="mail_settings"),
]
calls = [path("me/mail/", api.OwnMail.as_view(), name="api-mail")]
