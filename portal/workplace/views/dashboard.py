"""An instructor's first page: how far learners are, running exams, and who needs a look."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from authoring.services import items_without_due
from grading.services import settle_grades
from labs.selectors import LabWorkload, lab_workload, verdicts_since
from labs.workbench import silent_labs
from people.access import learner_in
from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from people.selectors import learners_named
from portal.workplace.views.first_steps import first_steps_page, is_beginning
from quizzes.selectors import (
    analyses_of,
    assessments_of,
    current_exams,
    ended_wrong,
    open_reports,
    outages_to_make_good,
    risk_of,
    suspected,
    sweeper_state,
)
from quizzes.services import current_overview

if TYPE_CHECKING:
    from course.models import Course

DAY = timedelta(days=1)
ROWS = 25


@require_safe
@needs(Permission.SEE_GRADES, asks={"page"}, for_limited=True)
def dashboard(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the class. Its numbers count every learner, so a role that is limited to groups is led to the gradebook."""
    if request.sight.is_limited:
        return redirect("gradebook", course.slug)
    overview = current_overview(course=course, now=request.now)
    if is_beginning(course, overview) and Permission.MANAGE_CLASS in request.permissions:
        return first_steps_page(request, course)
    rows = page_of_rows(request, overview.at_risk if overview else (), ROWS)
    names = learners_named(course.pk, [risk.learner_id for risk in rows])
    suspects, suspect_assessment = suspect_keys(course.pk)
    return workplace_page(
        request,
        course,
        "workplace/dashboard.html",
        section="dashboard",
        title=course.title,
        now=request.now,
        overview=overview,
        rows=rows,
        risks=[(risk, names[risk.learner_id]) for risk in rows],
        exams=current_exams(course.pk, request.now),
        outages=outages_to_make_good(course.pk, request.now),
        reports=open_reports(course.pk),
        suspects=suspects,
        suspect_assessment=suspect_assessment,
        silent=silent_labs(course.pk),
        undated=items_without_due(course.pk),
        house=house(request),
        verdicts=verdicts_since(course.pk, request.now - DAY),
    )


def house(request: HttpRequest) -> dict[str, object]:
    """Return the state of the machines that run the course."""
    beat, labs = sweeper_state(request.now), lab_workload(request.now)
    return {
        "has_sweeper": beat.has_sweeper,
        "labs": labs,
        "longest_wait": round(max(labs.age.values(), default=0)),
        "runners": runners(labs),
    }


def runners(labs: LabWorkload) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "is_ready": bool(worker.get("ready")),
            "tier": worker.get("tier"),
            "reasons": worker.get("reasons"),
        }
        for name, worker in labs.workers.items()
    ]


@require_safe
@needs(Permission.SEE_GRADES, for_limited=True)
def evidence_of_risk(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """Show why a learner is on the dashboard: each signal and the numbers behind it."""
    enrollment = learner_in(course.pk, learner_id)
    grades = settle_grades(now=request.now, course_id=course.pk, learner_id=learner_id)
    return workplace_page(
        request,
        course,
        "workplace/signals.html",
        section="dashboard",
        title=enrollment.name or enrollment.user.get_full_name(),
        enrollment=enrollment,
        learner=enrollment.user,
        grade=grades.grade(learner_id, course.pk),
        risk=risk_of(grades, course.pk, learner_id, request.now),
        ended_wrong=ended_wrong(course.pk, learner_id),
    )


def suspect_keys(course_id: int) -> tuple[int, str]:
    """Return the number of suspect keys, and the first assessment that has one, for the link."""
    analyses = analyses_of(course_id)
    computed = [analyses[assessment.pk] for assessment in assessments_of(course_id) if assessment.pk in analyses]
    numbers = {analysis.assessment_id: len(list(suspected(analysis))) for analysis in computed}
    first = next((pk for pk, number in numbers.items() if number), "")
    return sum(numbers.values()), first
