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
from course.rules.notices import NOTICES

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
    stop, of_course = home + unsubscribe_path(token), f"{home}/courses/{mail.course.slug}/"
    facts = {"site": settings.SITE_NAME, "stop": stop, "course": mail.course, "kind": mail.kind}
    facts |= facts_of_letter(mail, of_course)
    template = "announcement" if mail.announcement else "notice"
    letter = Letter(
        subject=" ".join(f"[{settings.SITE_NAME}] {mail.course.title}: {facts['title']}".split()),
        body=render_to_string(f"mail/{template}.txt", facts),
        to=[address],
        headers={
            "Message-ID": f"<{message_id(mail)}@{urlsplit(home).hostname}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string(f"mail/{template}.html", facts), "text/html")
    return letter


def facts_of_letter(mail: Mail, of_course: str) -> dict[str, object]:
    """Return what the message is about. `of_course` is the address of the course's page."""
    if mail.announcement is None:
        notice = NOTICES[mail.facts["what"]]
        return {"title": notice.title, "sentence": notice.sentence, "link": of_course + notice.page}
    html = mail.announcement.html.replace(LINK_OF_OURS, f'href="{settings.SITE_URL}/')
    link = f"{of_course}announcements/"
    return {"title": mail.announcement.title, "text": mail.announcement.text, "html": html, "link": link}


def message_id(mail: Mail) -> str:
    """Return the same id at each attempt, which nobody else can guess."""
    return f"{mail.pk}.{Signer(salt='message id').signature(str(mail.pk))[:20]}"
