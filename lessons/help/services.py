"""Learners ask about a part of a lesson or lab, and instructors reply."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from activities.registry import is_in_exam
from lessons.help.models import HelpRequest
from lessons.help.subjects import HelpSubject
from lessons.refusals import Refusal
from mail.services import notify
from people.services import Learner, lock_learner
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

MOST_OPEN_REQUESTS = 10  # requests of one learner in a course that have no reply
MOST_REQUESTS_A_DAY = 20  # requests of one learner in 24 hours
LONGEST_REQUEST = 4000  # characters of a request or a reply
LONGEST_CODE = 20_000


@transaction.atomic
def ask_for_help(
    *, learner: Learner, course: "Course", subject: HelpSubject, text: str, code: str = "", now: datetime
) -> HelpRequest:
    """Store what a learner asks about a lesson or an activity. `code` is what they want to send along.

    Raises Refusal not_found, not_enrolled, preview_only, course_archived, help_unfit, help_during_exam, help_still_open,
    too_many_help_requests.
    """
    lock_learner(learner=learner, course=course)
    refuse_unfit_help(text)
    if is_in_exam(learner.pk, now):
        raise Refusal("help_during_exam")
    mine = HelpRequest.objects.filter(learner_id=learner.pk)
    if mine.filter(course=course, answered_at=None).count() >= MOST_OPEN_REQUESTS:
        raise Refusal("help_still_open", most=MOST_OPEN_REQUESTS)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_REQUESTS_A_DAY:
        raise Refusal("too_many_help_requests", most=MOST_REQUESTS_A_DAY)
    return HelpRequest.objects.create(
        course=course,
        learner_id=learner.pk,
        place=subject.key,
        section=subject.section,
        title=subject.title,
        section_title=subject.section_title,
        text=text.strip(),
        code=code[:LONGEST_CODE],
        created_at=now,
    )


def refuse_unfit_help(text: str) -> None:
    """Refuse an empty text and one that cannot be stored. Raises Refusal help_unfit."""
    if not text.strip() or len(text) > LONGEST_REQUEST or "\0" in text:
        raise Refusal("help_unfit", most=f"{LONGEST_REQUEST:,}")


@transaction.atomic
def answer_help(*, request_id: int, course_id: int, actor: "User", text: str, now: datetime) -> HelpRequest:
    """Store an instructor's reply, which the learner reads on the page that they asked about. A later reply replaces an
    earlier one; the audit keeps both.

    Raises Refusal not_found, help_unfit.
    """
    refuse_unfit_help(text)
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("course", "learner")
    request = rows.filter(pk=request_id, course=course_id).first()
    if request is None:
        raise Refusal("not_found")
    request.answer, request.answered_at, request.answered_by_id = text.strip(), now, actor.pk
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    notify(what="help", key=str(request.pk), course_id=course_id, user_ids=[request.learner_id], now=now)
    record_audit(
        actor=actor,
        action="answer_help",
        now=now,
        course=request.course,
        target=f"help:{request.pk}",
        reason=request.answer,
        details={"title": request.title},
    )
    return request


def erase_help(*, learner_id: int) -> list[str]:
    """Delete what a person asked, with the replies. Return the targets under which the audit knows these requests."""
    rows = HelpRequest.objects.filter(learner=learner_id)
    targets = [f"help:{pk}" for pk in rows.values_list("pk", flat=True)]
    rows.delete()
    return targets
