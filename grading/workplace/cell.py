"""One cell of the gradebook: the evidence behind it, and an instructor's actions on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.registry import cell_action, evidence_in_cell, override_activity, refuse_unknown_activity
from foundation.frame.forms import ReasonForm
from foundation.frame.outcomes import attempted, tell
from grading.forms import PointsForm
from grading.rules.arithmetic import points_text
from grading.rules.course_grade import grade_from
from grading.selectors import SettledGrades, score_changes
from grading.services import OverrideOrder, current_override, settle_grades
from grading.services.previews import Shift, preview
from people.access import learner_in
from people.gate import needs, refuse_unless, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

VOIDING = ("void", "undo_void")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEE_GRADES, to_change=Permission.GRADE, for_limited=True)
def cell(request: HttpRequest, course: "Course", learner_id: int, assessment_id: str) -> HttpResponse:
    """Show the evidence behind a cell: every attempt as its learner saw it, or a lab's test runs.

    The address calls every activity an assessment. A POST performs the action in `do`, first as a preview.
    """
    if request.POST.get("do") in VOIDING:
        refuse_unless(request, Permission.VOID_SITTINGS)
    activity = assessment_id
    learner_in(course.pk, learner_id)
    refuse_unknown_activity(course.pk, activity)
    grades = settle_grades(now=request.now, learner_id=learner_id, course_id=course.pk)
    if request.method != "POST":
        return show_evidence(request, grades, course, learner_id, activity)
    do = request.POST.get("do", "")
    form = (PointsForm if do == "override" else ReasonForm)(request.POST)
    act = action(request, course, learner_id, activity, do, form)
    if act is None or not form.is_valid():
        return show_evidence(request, grades, course, learner_id, activity, status=400, do=do, **{f"{do}_form": form})
    if "confirmed" in request.POST:
        if attempted(form, act) is not None:
            tell(request, _("Saved with your reason. The grade is updated."))
            return redirect("gradebook_cell", course.slug, learner_id, activity)
        shifts = None
    else:
        shifts = attempted(form, lambda: preview(grades=grades, course_id=course.pk, learner_ids=[learner_id], act=act))
    status = 200 if shifts else 409
    return show_evidence(
        request,
        grades,
        course,
        learner_id,
        activity,
        status=status,
        do=do,
        shift=shifts[0] if shifts else None,
        **{f"{do}_form": form},
    )


def action(
    request: HttpRequest, course: "Course", learner_id: int, activity: str, do: str, form: BaseForm
) -> Callable[[], object] | None:
    """Return the service for a form, to call once the form is valid, or None for an unknown form."""
    by_staff = {"course": course, "author": request.user, "now": request.now}
    if do in ("override", "undo_override", "exempt"):
        of_cell = {"activity": activity, "learner_id": learner_id, "is_exempt": do == "exempt", **by_staff}
        return lambda: override_activity(OverrideOrder(**of_cell, **{"points": None, **form.cleaned_data}))
    if do not in VOIDING:
        return None
    of_sitting = {"sitting_id": request.POST.get("sitting", ""), **by_staff}
    return lambda: cell_action(course.pk, activity, do)(**of_sitting, **form.cleaned_data)


def show_evidence(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    learner_id: int,
    activity: str,
    *,
    status: int = 200,
    do: str = "",
    shift: Shift | None = None,
    **forms: BaseForm,
) -> HttpResponse:
    enrollment = learner_in(course.pk, learner_id)
    ledger = grades.ledger(learner_id, course.pk)
    grade = grade_from(ledger)
    item = grade.item(activity)
    override = current_override(activity=activity, learner_id=learner_id)
    has_points = override is not None and override.points_earned is not None
    given = points_text(override.points_earned) if has_points else item and item.points_earned
    known = {"override_form": PointsForm(initial={"points": given}), **forms}
    evidence = evidence_in_cell(course.pk, activity, learner_id, ledger)
    return workplace_page(
        request,
        course,
        evidence.template,
        section="gradebook",
        status=status,
        enrollment=enrollment,
        learner=enrollment.user,
        grade=grade,
        item=item,
        override=override,
        steps=score_changes(learner_id, course.pk, activity),
        do=do,
        shift=shift,
        foreseen=shift.after.cell(activity) if shift else None,
        sitting_id=request.POST.get("sitting", ""),
        now=request.now,
        reason_form=forms.get(f"{do}_form") if do != "override" else None,
        **evidence.shown,
        **known,
    )
