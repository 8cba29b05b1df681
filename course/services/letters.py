"""The text of a message, in plain text and in HTML, with the headers by which mail programs unsubscribe (RFC 8058)."""

from email.message import EmailMessage, Message
from email.policy import Policy
from email.policy import default as default_policy
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.template.loader import render_to_string

from course.models import Mail
from course.rules.mailing import unsubscribe_path

LONGEST_LINE = 900  # characters; mail servers accept 998
LINK_OF_OURS = 'href="/'


class Letter(EmailMultiAlternatives):
    """A message whose headers are written in one line.

    Python would encode a header of more than 78 characters without a space, and mail programs would find no link in it.
    """

    def message(self, *, policy: "Policy[Message] | None" = None) -> EmailMessage:
        return super().message(policy=(policy or default_policy).clone(max_line_length=LONGEST_LINE))


def letter_of(mail: Mail, address: str, token: str) -> Letter:
    """Return the message as it is sent to this address. `token` is what its unsubscribe link contains."""
    home = settings.SITE_URL
    stop = home + unsubscribe_path(token)
    facts = {"site": settings.SITE_NAME, "home": home, "stop": stop, "mail": mail, "course": mail.course}
    if mail.announcement is not None:
        facts |= {"title": mail.announcement.title, "announcement": mail.announcement}
        facts |= {"html": mail.announcement.html.replace(LINK_OF_OURS, f'href="{home}/')}
    letter = Letter(
        subject=" ".join(f"[{settings.SITE_NAME}] {mail.course.title}: {facts['title']}".split()),
        body=render_to_string("mail/announcement.txt", facts),
        to=[address],
        headers={
            "Message-ID": f"<{message_id(mail)}@{urlsplit(home).hostname}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("mail/announcement.html", facts), "text/html")
    return letter


def message_id(mail: Mail) -> str:
    """Return the same id at each attempt, which nobody else can guess."""
    return f"{mail.pk}.{Signer(salt='message id').signature(str(mail.pk))[:20]}"
