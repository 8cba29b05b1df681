"""Learners ask about a part of a lesson or lab, and instructors reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, Self

from django.db import transaction

from mail.services import notify
from quizzes.models import HelpRequest
from quizzes.refusals import Refusal
from quizzes.selectors import open_sitting_of
from quizzes.services.asked_questions import Learner, lock_learner
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

MOST_OPEN_REQUESTS = 10  # requests of one learner in a course that have no reply
MOST_REQUESTS_A_DAY = 20  # requests of one learner in 24 hours
LONGEST_REQUEST = 4000  # characters of a request or a reply
LONGEST_CODE = 20_000


class TitledPage(Protocol):
    """A lesson or a lab."""

    pk: str
    title: str


@dataclass(frozen=True)
class HelpPlace:
    """The part of a lesson or lab that a request is about: `section` is an anchor or a cell's id, "" for the whole."""

    kind: Literal["lesson", "lab"]
    id: str
    title: str
    section: str = ""
    section_title: str = ""

    @classmethod
    def within(cls, kind: Literal["lesson", "lab"], whole: TitledPage, section: str, parts: Mapping[str, str]) -> Self:
        """Return the place of a lesson or lab whose parts have these titles. Raises Refusal not_found for another part."""
        if section and section not in parts:
            raise Refusal("not_found")
        return cls(kind, whole.pk, whole.title, section, parts.get(section, ""))


@transaction.atomic
def ask_for_help(
    *, learner: Learner, course: "Course", place: HelpPlace, text: str, code: str = "", now: datetime
) -> HelpRequest:
    """Store what a learner asks about a place. `code` is what they want to send along.

    Raises Refusal not_found, not_enrolled, preview_only, course_archived, help_unfit, help_during_exam, help_still_open,
    too_many_help_requests.
    """
    lock_learner(learner=learner, course=course)
    refuse_unfit_help(text)
    if open_sitting_of(learner.pk, now) is not None:
        raise Refusal("help_during_exam")
    mine = HelpRequest.objects.filter(learner_id=learner.pk)
    if mine.filter(course=course, answered_at=None).count() >= MOST_OPEN_REQUESTS:
        raise Refusal("help_still_open", most=MOST_OPEN_REQUESTS)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_REQUESTS_A_DAY:
        raise Refusal("too_many_help_requests", most=MOST_REQUESTS_A_DAY)
    return HelpRequest.objects.create(
        course=course,
        learner_id=learner.pk,
        place=f"{place.kind}:{place.id}",
        section=place.section,
        title=place.title,
        section_title=place.section_title,
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
    """Store an instructor's reply, which the learner reads at the place that they asked about. A later reply replaces an
    earlier one; the audit keeps both.

    Raises Refusal not_found, help_unfit.
    """
    refuse_unfit_help(text)
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("course", "learner")
    found = rows.filter(pk=request_id, course=course_id).first()
    if found is None:
        raise Refusal("not_found")
    found.answer, found.answered_at, found.answered_by_id = text.strip(), now, actor.pk
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    notify(what="help", key=str(found.pk), course_id=course_id, user_ids=[found.learner_id], now=now)
    record_audit(
        actor=actor,
        action="answer_help",
        now=now,
        course=found.course,
        target=f"help:{found.pk}",
        reason=found.answer,
        details={"title": found.title},
    )
    return found
