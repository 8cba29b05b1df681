"""Mail, counted; and what a host without a mail server does with it."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.smtp import EmailBackend

from config.scrubbing import MAIL_LINE
from foundation.metrics import MAILS

log = logging.getLogger(__name__)


class MailServer(EmailBackend):
    """Django's, which here counts what was sent and what failed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        try:
            sent = super().send_messages(email_messages) or 0
        finally:
            MAILS.labels("sent").inc(sent)
            MAILS.labels("failed").inc(len(email_messages) - sent)
        return sent


class PrintedMail(Console):
    """Print the mail of a demo. Each line says that it is mail, so that the links in it are not removed from the log.

    What is printed is the text itself: encoded for transport, a long line with a link would be cut in two.
    """

    def write_message(self, message: EmailMessage) -> None:
        sent = message.message()
        heads = [f"{name}: {sent[name]}" for name in ("Subject", "From", "To", "Date")]
        self.stream.writelines(f"{MAIL_LINE}{line}\n" for line in (*heads, "", *message.body.splitlines()))


class NoServer(BaseEmailBackend):
    """Send nothing and log no text: a link that resets a password must not be in a log."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for _ in email_messages:
            MAILS.labels("unsent").inc()
            log.warning("A message was not sent, because FINALCHECK_EMAIL_URL names no mail server")
        return 0
