"""What learners asked about lessons and labs, and the replies."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from activities.registry import exam_started_at
from lessons.help.models import HelpRequest
from lessons.refusals import Refusal
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import within_sight
from records.selectors import as_targets


def help_requests_in(course_id: int, *, group: str = "", sight: LearnerSight = EVERYONE) -> QuerySet[HelpRequest]:
    """Return the requests of a course by learners in sight, with these learners, newest first; of the learners of one group, or of all."""
    rows = HelpRequest.objects.filter(course=course_id).select_related("learner", "answered_by")
    rows = within_sight(rows, sight)
    if group:
        rows = rows.filter(learner__enrollments__course=course_id, learner__enrollments__groups__name=group)
    return rows.order_by("-created_at", "-pk")


def help_request_by_id(course_id: int, request_id: int, sight: LearnerSight = EVERYONE) -> HelpRequest:
    """Return a request of the course by a learner in sight. Raises Refusal not_found."""
    request = help_requests_in(course_id, sight=sight).filter(pk=request_id).first()
    if request is None:
        raise Refusal("not_found")
    return request


def own_help_requests(learner_id: int, course_id: int, subject: str = "") -> QuerySet[HelpRequest]:
    """Return a learner's own requests, newest first; about one subject ("lesson:ID"), or in the whole course."""
    rows = HelpRequest.objects.filter(learner=learner_id, course=course_id)
    return (rows.filter(place=subject) if subject else rows).order_by("-created_at", "-pk")


def readable_help(rows: Iterable[HelpRequest], learner_id: int) -> list[HelpRequest]:
    """Return a learner's requests as they may read them now.

    A reply that was written since the start of an exam which is not settled is on hold, because it may help with a
    question: `answer` is empty, `answered_at` is None, and `is_on_hold` is true.
    """
    requests = list(rows)
    started_at = exam_started_at(learner_id) if requests else None
    for request in requests:
        request.is_on_hold = is_held(request, started_at)
        if request.is_on_hold:
            request.answer, request.answered_at = "", None
    return requests


def is_held(request: HelpRequest, started_at: datetime | None) -> bool:
    """Tell whether a reply waits for the end of an exam that the learner started then."""
    return started_at is not None and request.answered_at is not None and request.answered_at >= started_at


def help_data(learner_id: int, course_id: int | None) -> list[dict[str, object]]:
    """Return what a learner asked, for the archive that they may download, with the replies that they may read."""
    rows = HelpRequest.objects.filter(learner=learner_id).select_related("course").order_by("pk")
    requests = readable_help(rows if course_id is None else rows.filter(course=course_id), learner_id)
    columns = ("title", "section_title", "text", "code", "created_at", "answer", "answered_at")
    return [
        {"course": request.course.slug} | {name: getattr(request, name) for name in columns} for request in requests
    ]


def help_called(course_id: int, words: str, people: QuerySet[Any]) -> QuerySet[Any]:
    """Return a query for the audit's targets: requests with a matching title, or of these users."""
    rows = HelpRequest.objects.filter(course=course_id).filter(Q(title__icontains=words) | Q(learner__in=people))
    return as_targets(rows, "help", "pk")
