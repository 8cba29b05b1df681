"""Mail to people: store messages, and send them one by one.

A message is a row until it was sent (`mail.models`). A worker takes a row by moving `due_at` ahead, sends the
message, and writes the result. So a task that is delivered twice sends nothing twice, and if a worker dies, another one
takes its message once `due_at` has come. If it died between the mail server's answer and the result, the message is sent
again with the same Message-ID, which mail programs show once.
"""

import logging
import smtplib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from foundation.mailers import sends_mail
from foundation.one_by_one import one_by_one
from foundation.queue import SEND_MAIL, send_task, wake
from mail.builders import builder_of
from mail.models import Mail
from mail.rules.delivery import KINDS, LEASE, is_lasting, next_try
from mail.selectors import has_mail_due, is_mail_moving, results_without_mail

if TYPE_CHECKING:
    from announcements.models import Announcement
    from mail.services.letters import Letter

MAIL_BATCH = 50  # messages of one task, so that lab runs need not wait long for a worker
log = logging.getLogger(__name__)

type MailClock = Callable[[], datetime]


@transaction.atomic
def queue_mail(
    *,
    kind: str,
    key: str,
    course_id: int,
    user_ids: Collection[int],
    now: datetime,
    announcement: "Announcement | None" = None,
    details: dict[str, object] | None = None,
    results: Mapping[int, str] | None = None,
) -> None:
    """Store a message for each of these people and wake a worker. Nobody gets two with the same key.

    `results` are the results of messages that are not sent, by person, such as those of people who want no mail.
    """
    if not sends_mail() or not user_ids:
        return
    ended = results or {}
    rows = [
        Mail(user_id=user_id, course_id=course_id, kind=kind, key=key, announcement=announcement, facts=details or {},
             created_at=now, due_at=now, result=ended.get(user_id, ""), finished_at=now if user_id in ended else None)
        for user_id in user_ids
    ]  # fmt: skip
    Mail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    wake(SEND_MAIL)


def wake_for_mail(*, now: datetime) -> None:
    """Wake a worker if a message is due and none is being sent: a task may be lost, or its worker may have died."""
    if sends_mail() and has_mail_due(now) and not is_mail_moving(now):
        send_task(SEND_MAIL)


def send_due_mail(*, clock: MailClock) -> int:
    """Send what is due, at most MAIL_BATCH messages, and wake a worker for the rest. Return how many were sent.

    A message that fails in an unknown way does not keep the others waiting. Its error is raised at the end, and it is
    tried again after LEASE.
    """
    if not sends_mail():
        return 0
    due = list(
        Mail.objects.filter(result="", due_at__lte=clock()).order_by("due_at", "pk")[:MAIL_BATCH].values_list("pk")
    )
    server, sent = mailers.default, 0
    with one_by_one() as alone:
        try:
            for (mail_id,) in due:
                with alone(f"message {mail_id}"):
                    attempt = send_one(server, mail_id, clock)
                    sent += attempt.is_sent
                    if attempt.is_over:
                        return sent
        finally:
            close_quietly(server)
        if len(due) == MAIL_BATCH:
            send_task(SEND_MAIL)
    return sent


@dataclass(frozen=True)
class MailAttempt:
    """What became of an attempt to send a message. `is_over` says that the server does not work, so others must wait."""

    is_sent: bool = False
    is_over: bool = False


def send_one(server: BaseEmailBackend, mail_id: int, clock: MailClock) -> MailAttempt:
    """Take a message and send it, unless another worker has taken it."""
    now = clock()
    if not Mail.objects.filter(pk=mail_id, result="", due_at__lte=now).update(due_at=now + LEASE):
        return MailAttempt()
    rows = Mail.objects.select_related("user", "course", "announcement", "invitation__author")
    mail = rows.get(pk=mail_id)
    if reason := reason_not_to_send(mail, now):
        end_mail(mail, reason, now)
        return MailAttempt()
    try:
        server.send_messages([written_letter(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        refuse_one(mail, next(iter(error.recipients.values()), (0, b"")), clock())
    except ValueError as error:  # a header that cannot be written, such as an address with a line break
        log.warning("a message cannot be written: %s", type(error).__name__)
        end_mail(mail, Mail.Result.FAILED, clock(), "The message cannot be written.")
    except smtplib.SMTPDataError as error:
        refuse_one(mail, (error.smtp_code, error.smtp_error), clock())
    except (OSError, smtplib.SMTPException) as error:  # no connection, a wrong password, a server that hangs up
        log.warning("the mail server does not work: %s", type(error).__name__)
        put_off(mail, f"The mail server does not work ({type(error).__name__}).", clock())
        return MailAttempt(is_over=True)
    else:
        end_mail(mail, Mail.Result.SENT, clock())
        return MailAttempt(is_sent=True)
    return MailAttempt()


def written_letter(mail: Mail) -> "Letter":
    return builder_of(mail.kind).letter(mail)


def reason_not_to_send(mail: Mail, now: datetime) -> str:
    """Return the result of a message that must not be sent any more, or ""."""
    reason = builder_of(mail.kind).why_withheld(mail, now)
    if reason or mail.user is None or mail.kind not in KINDS:
        return reason
    return results_without_mail([mail.user.pk], kind=mail.kind, course_id=mail.course_id).get(mail.user.pk, "")


def end_mail(mail: Mail, result: str, now: datetime, problem: str = "") -> None:
    Mail.objects.filter(pk=mail.pk).update(result=result, finished_at=now, problem=problem)


def refuse_one(mail: Mail, reply: tuple[int, bytes | str], now: datetime) -> None:
    """Record that the server did not accept a message: for good, or for now. Its words may contain the address."""
    code = reply[0]
    problem = f"The mail server answered {code}." if code else "The mail server refused the address."
    if is_lasting(code):
        end_mail(mail, Mail.Result.FAILED, now, problem)
    else:
        put_off(mail, problem, now)


def put_off(mail: Mail, problem: str, now: datetime) -> None:
    again = next_try(created_at=mail.created_at, now=now)
    if again is None:
        end_mail(mail, Mail.Result.FAILED, now, problem)
    else:
        Mail.objects.filter(pk=mail.pk).update(due_at=again, problem=problem)


def close_quietly(server: BaseEmailBackend) -> None:
    """Close the connection. A server that hung up has done that already."""
    try:
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("the mail server hung up: %s", type(error).__name__)
