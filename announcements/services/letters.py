"""The message that brings an announcement to those who may read it."""

from datetime import datetime

from django.conf import settings

from announcements.selectors import announcements_for
from mail.builders import LetterBuilder
from mail.models import Mail
from mail.services.letters import Letter, course_address, letter_to_member
from people.services.member_letters import why_withheld_from_member

LINK_OF_OURS = 'href="/'


def why_announcement_is_withheld(mail: Mail, now: datetime) -> str:
    if reason := why_withheld_from_member(mail, now):
        return reason
    assert mail.user is not None  # mail_to_one_person
    is_theirs = announcements_for(mail.user, [mail.course_id]).filter(mail=mail).exists()
    return "" if is_theirs else Mail.Result.WITHDRAWN


def announcement_letter(mail: Mail) -> Letter:
    announcement = mail.announcement
    assert announcement is not None
    html = announcement.html.replace(LINK_OF_OURS, f'href="{settings.SITE_URL}/')
    context = {"text": announcement.text, "html": html, "link": f"{course_address(mail)}announcements/"}
    return letter_to_member(mail, template="announcement", title=announcement.title, context=context)


ANNOUNCEMENT_LETTERS = LetterBuilder(why_announcement_is_withheld, announcement_letter)
