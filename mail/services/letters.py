"""Messages in plain text and in HTML, with the headers by which mail programs unsubscribe (RFC 8058)."""

from collections.abc import Mapping
from email.message import EmailMessage, Message
from email.policy import Policy
from email.policy import default as default_policy
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.template.loader import render_to_string

from mail.models import Mail
from mail.rules.delivery import unsubscribe_path
from mail.rules.notices import PAGES
from mail.selectors import destination_of
from mail.services.subscriptions import unsubscribe_token

LONGEST_LINE = 900  # characters; mail servers accept 998


class Letter(EmailMultiAlternatives):
    """A message whose headers are written in one line.

    Python would encode a header of more than 78 characters without a space, and mail programs would find no link in it.
    """

    def message(self, *, policy: "Policy[Message] | None" = None) -> EmailMessage:
        return super().message(policy=(policy or default_policy).clone(max_line_length=LONGEST_LINE))


def composed_letter(
    mail: Mail, *, template: str, subject: str, address: str, context: Mapping[str, object], stop: str = ""
) -> Letter:
    """Return the message as it is sent to this address. `stop` is the address at which its kind is switched off, or ""."""
    context = {"site": settings.SITE_NAME, "course": mail.course, "kind": mail.kind, "stop": stop, **context}
    unsubscribing = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    letter = Letter(
        subject=" ".join(f"[{settings.SITE_NAME}] {subject}".split()),
        body=render_to_string(f"mail/{template}.txt", context),
        to=[address],
        headers={
            "Message-ID": f"<{message_id(mail)}@{urlsplit(settings.SITE_URL).hostname}>",
            **(unsubscribing if stop else {}),
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return letter


def letter_to_member(mail: Mail, *, template: str, title: str, context: Mapping[str, object]) -> Letter:
    """Return a message of a course to one of its people, with a link that switches off its kind.

    A message to the address on a class list has a link that stops all mail of the course to this address instead: its
    reader may not be the person, and must not change what the person gets elsewhere.
    """
    assert mail.user is not None  # mail_to_one_person
    to = destination_of(mail.user, mail.course_id)
    return composed_letter(
        mail,
        template=template,
        subject=f"{mail.course.title}: {title}",
        address=to.address,
        context={"title": title, "is_listed": to.listing is not None, **context},
        stop=settings.SITE_URL + unsubscribe_path(unsubscribe_token(mail.user, mail.kind, to.listing)),
    )


def notice_letter(mail: Mail) -> Letter:
    """Return a message about what happened to a person's own work. The page that it links to has the details."""
    what = mail.facts["what"]
    title, sentence = notice_words(what)
    context = {"what": what, "sentence": sentence, "link": course_address(mail) + PAGES[what]}
    return letter_to_member(mail, template="notice", title=title, context=context)


def notice_words(what: str) -> tuple[str, str]:
    """Return the subject of a notice and what happened."""
    title, _, text = render_to_string(f"mail/notices/{what}.txt").partition("\n\n")
    return title, " ".join(text.split())


def course_address(mail: Mail) -> str:
    return f"{settings.SITE_URL}/courses/{mail.course.slug}/"


def message_id(mail: Mail) -> str:
    """Return the same id at each attempt, which nobody else can guess."""
    return f"{mail.pk}.{Signer(salt='message id').signature(str(mail.pk))[:20]}"
