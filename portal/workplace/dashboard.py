"""What an instructor sees first: how far the course's learners are, what runs, and who deserves a look."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from course.selectors import learner_in
from grading.selectors import course_grade
from labs.selectors import LabPulse, lab_pulse, verdicts_since
from portal.selectors.dashboard import course_state, risk_of
from portal.workplace.gate import for_instructors, page
from quizzes.selectors import analyses_of, ended_wrong, open_reports, outages_to_make_good, pulse, suspected
from quizzes.services import settle_due

DAY = timedelta(days=1)
ROWS = 25
LONGEST_PULSE = 60  # seconds; the sweeper beats every ten


@require_safe
@for_instructors
def dashboard(request: HttpRequest, course: Any) -> HttpResponse:
    settle_due(now=request.now, course_id=course.pk)
    state = course_state(course, request.now)
    return page(
        request,
        course,
        "dashboard",
        section="dashboard",
        title=course.title,
        now=request.now,
        state=state,
        rows=Paginator(state.at_risk, ROWS).get_page(request.GET.get("page")),
        outages=outages_to_make_good(course.pk, request.now),
        reports=open_reports(course.pk),
        suspects=sum(len(list(suspected(found))) for found in analyses_of(course.pk).values()),
        house=house(request),
        verdicts=verdicts_since(course.pk, request.now - DAY),
    )


def house(request: HttpRequest) -> dict[str, Any]:
    """How the machines are on which the course runs."""
    beat, labs = pulse(request.now), lab_pulse(request.now)
    return {
        "has_sweeper": beat.age is not None and beat.age <= LONGEST_PULSE,
        "labs": labs,
        "longest_wait": round(max(labs.age.values(), default=0)),
        "runners": runners(labs),
    }


def runners(labs: LabPulse) -> list[dict[str, Any]]:
    return [
        {"name": name, "is_ready": bool(found.get("ready")), "tier": found.get("tier"), "reasons": found.get("reasons")}
        for name, found in labs.workers.items()
    ]


@require_safe
@for_instructors
def evidence_of_risk(request: HttpRequest, course: Any, learner_id: int) -> HttpResponse:
    """Why a learner stands on the dashboard: each signal with what it was seen by."""
    enrollment = learner_in(course.pk, learner_id)
    settle_due(now=request.now, course_id=course.pk, learner_id=learner_id)
    return page(
        request,
        course,
        "signals",
        section="dashboard",
        title=enrollment.name or enrollment.user.get_full_name(),
        enrollment=enrollment,
        learner=enrollment.user,
        grade=course_grade(learner_id, course.pk),
        risk=risk_of(course.pk, learner_id, request.now),
        ended_wrong=ended_wrong(course.pk, learner_id),
    )
