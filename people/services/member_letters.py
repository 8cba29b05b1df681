"""The messages that the people of a course get: notices and reminders, for as long as they are in it."""

from datetime import datetime

from mail.builders import LetterBuilder
from mail.models import Mail
from mail.services.letters import notice_letter
from people.models import Enrollment


def why_withheld_from_member(mail: Mail, now: datetime) -> str:
    """Return why a person of a course does not get a message any more: it is over, or they are no longer in the course."""
    if "until" in mail.facts and datetime.fromisoformat(mail.facts["until"]) <= now:
        return Mail.Result.WITHDRAWN
    is_member = Enrollment.objects.filter(user=mail.user, course=mail.course_id, unenrolled_at=None).exists()
    is_active = mail.user is not None and mail.user.is_active
    return "" if is_active and is_member and mail.course.visibility != "hidden" else Mail.Result.WITHDRAWN


NOTICE_LETTERS = LetterBuilder(why_withheld_from_member, notice_letter)
