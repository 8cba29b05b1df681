"""One cell of the gradebook: every attempt behind it, and an instructor's actions on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.registry import override_activity
from foundation.frame.forms import ReasonForm
from foundation.frame.outcomes import attempted, tell
from grading.rules.arithmetic import points_text
from grading.rules.course_grade import grade_from
from grading.selectors import SettledGrades, late_terms_in, score_changes
from grading.services import OverrideOrder, current_override, settle_grades
from grading.services.previews import Shift, preview
from labs.models import Lab
from labs.retests import scored_runs
from labs.selectors import lab_in
from people.access import learner_in
from people.gate import needs, refuse_unless, workplace_page
from people.rules.roles import Permission
from portal.workplace.forms import PointsForm
from quizzes.rules.names import assessment_name
from quizzes.selectors import assessment_in, sitting_records
from quizzes.services import undo_void, void_sitting

if TYPE_CHECKING:
    from course.models import Course
    from grading.rules.ledger import Ledger
    from quizzes.models import Assessment

VOIDING = {"void": void_sitting, "undo_void": undo_void}
MOST_RUNS = 100  # shown of a lab, and the one that counts


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEE_GRADES, to_change=Permission.GRADE)
def cell(request: HttpRequest, course: "Course", learner_id: int, assessment_id: str) -> HttpResponse:
    """Show every attempt behind a cell, as its learner saw it, or a lab's test runs.

    A POST performs the action in `do`, first as a preview.
    """
    if request.POST.get("do") in VOIDING:
        refuse_unless(request, Permission.VOID_SITTINGS)
    learner_in(course.pk, learner_id)
    if lab_in(course.pk, assessment_id) is None:
        assessment_in(course.pk, assessment_id)
    grades = settle_grades(now=request.now, learner_id=learner_id, course_id=course.pk)
    if request.method != "POST":
        return show_evidence(request, grades, course, learner_id, assessment_id)
    do = request.POST.get("do", "")
    form = (PointsForm if do == "override" else ReasonForm)(request.POST)
    act = action(request, course, learner_id, assessment_id, do, form)
    if act is None or not form.is_valid():
        return show_evidence(
            request, grades, course, learner_id, assessment_id, status=400, do=do, **{f"{do}_form": form}
        )
    if "confirmed" in request.POST:
        if attempted(form, act) is not None:
            tell(request, _("Saved with your reason. The grade is updated."))
            return redirect("gradebook_cell", course.slug, learner_id, assessment_id)
        shifts = None
    else:
        shifts = attempted(form, lambda: preview(grades=grades, course_id=course.pk, learner_ids=[learner_id], act=act))
    status = 200 if shifts else 409
    return show_evidence(
        request,
        grades,
        course,
        learner_id,
        assessment_id,
        status=status,
        do=do,
        shift=shifts[0] if shifts else None,
        **{f"{do}_form": form},
    )


def action(
    request: HttpRequest, course: "Course", learner_id: int, assessment_id: str, do: str, form: BaseForm
) -> Callable[[], object] | None:
    """Return the service for a form, to call once the form is valid, or None for an unknown form."""
    said = {"course": course, "author": request.user, "now": request.now}
    if do in ("override", "undo_override", "exempt"):
        cell_of = {"activity": assessment_id, "learner_id": learner_id, "is_exempt": do == "exempt", **said}
        return lambda: override_activity(OverrideOrder(**cell_of, **{"points": None, **form.cleaned_data}))
    service = VOIDING.get(do)
    sitting_id = request.POST.get("sitting", "")
    return service and (lambda: service(sitting_id=sitting_id, **said, **form.cleaned_data))


def show_evidence(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    learner_id: int,
    assessment_id: str,
    *,
    status: int = 200,
    do: str = "",
    shift: Shift | None = None,
    **forms: BaseForm,
) -> HttpResponse:
    enrollment = learner_in(course.pk, learner_id)
    cells = grades.ledger(learner_id, course.pk)
    grade = grade_from(cells)
    item = grade.item(assessment_id)
    override = current_override(activity=assessment_id, learner_id=learner_id)
    has_points = override is not None and override.points_earned is not None
    given = points_text(override.points_earned) if has_points else item and item.points_earned
    known = {"override_form": PointsForm(initial={"points": given}), **forms}
    if (lab := lab_in(course.pk, assessment_id)) is not None:
        template, evidence = "labs/workplace/lab_cell.html", lab_evidence(lab, learner_id, cells)
    else:
        template, evidence = (
            "grading/workplace/cell.html",
            assessment_evidence(assessment_in(course.pk, assessment_id), learner_id, cells),
        )
    return workplace_page(
        request,
        course,
        template,
        section="gradebook",
        status=status,
        enrollment=enrollment,
        learner=enrollment.user,
        grade=grade,
        item=item,
        override=override,
        steps=score_changes(learner_id, course.pk, assessment_id),
        do=do,
        shift=shift,
        foreseen=shift.after.cell(assessment_id) if shift else None,
        sitting_id=request.POST.get("sitting", ""),
        now=request.now,
        reason_form=forms.get(f"{do}_form") if do != "override" else None,
        **evidence,
        **known,
    )


def assessment_evidence(assessment: "Assessment", learner_id: int, cells: "Ledger") -> dict[str, Any]:
    """Return what the page of an assessment's cell shows besides points: every sitting and attempt."""
    terms = late_terms_in(cells, learner_id, assessment.course_id, assessment.pk)
    records = sitting_records(assessment, learner_id, cells.counted_questions(assessment.pk), terms)
    return {"title": assessment_name(assessment), "assessment": assessment, "records": records}


def lab_evidence(lab: Lab, learner_id: int, cells: "Ledger") -> dict[str, Any]:
    """Return what the page of a lab's cell shows besides points: the test runs."""
    runs = scored_runs(lab.pk, learner_id, late_terms_in(cells, learner_id, lab.course_id, lab.pk))
    shown = [run for index, run in enumerate(runs) if index < MOST_RUNS or run.counts]
    return {"title": lab.title, "lab": lab, "runs": shown, "number_left_out": len(runs) - len(shown)}
