"""The message that invites one person to a course, in plain text and in HTML."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from course.models import Mail, PersonalInvitation
from course.rules.inviting import invited_path
from course.selectors.inviting import invitation_token
from course.services.letters import Letter, message_id
from foundation.zones import known_zone


def invitation_letter(mail: Mail, invitation: PersonalInvitation) -> Letter:
    """Return the message as it is sent. It has no link to unsubscribe: nobody gets another unless staff ask for it."""
    course = mail.course
    until = invitation.expires_at.astimezone(known_zone(course.timezone))
    facts = {
        "site": settings.SITE_NAME,
        "course": course,
        "author": invitation.author.get_full_name(),
        "link": settings.SITE_URL + invited_path(invitation_token(invitation)),
        "until": f"{until.day} {until:%B %Y, %H:%M} ({course.timezone})",
    }
    letter = Letter(
        subject=" ".join(f"[{settings.SITE_NAME}] Invitation to {course.title}".split()),
        body=render_to_string("mail/invitation.txt", facts),
        to=[invitation.email],
        headers={
            "Message-ID": f"<{message_id(mail)}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("mail/invitation.html", facts), "text/html")
    return letter
