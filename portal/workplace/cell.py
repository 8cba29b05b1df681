"""One cell of the gradebook: every attempt behind it, and what an instructor can do about it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.selectors import learner_in
from grading.rules.arithmetic import points_text
from grading.selectors import course_grade, steps_of
from grading.services import current_override
from portal.forms.workplace import Points, Reasoned
from portal.services import Shift, preview
from portal.templatetags.workplace import assessment_name
from portal.workplace.acting import attempted, tell
from portal.workplace.gate import for_instructors, page
from quizzes.selectors import assessment_in, sitting_records
from quizzes.services import override_score, settle_due, undo_override, undo_void, void_sitting


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def cell(request: HttpRequest, course: Any, learner_id: int, assessment_id: str) -> HttpResponse:
    """Every attempt behind a cell, as its learner saw it. A POST does what its `do` says: first as a preview."""
    learner_in(course.pk, learner_id)
    assessment_in(course.pk, assessment_id)
    settle_due(now=request.now, learner_id=learner_id, course_id=course.pk)
    if request.method != "POST":
        return show_evidence(request, course, learner_id, assessment_id)
    do = request.POST.get("do", "")
    form = (Points if do == "override" else Reasoned)(request.POST)
    act = action(request, course, learner_id, assessment_id, do, form)
    if act is None or not form.is_valid():
        return show_evidence(request, course, learner_id, assessment_id, status=400, **{f"{do}_form": form, "do": do})
    if "confirmed" in request.POST:
        if attempted(form, act) is not None:
            tell(request, _("Written, with your reason, and the grade follows."))
            return redirect("gradebook_cell", course.slug, learner_id, assessment_id)
        shifts = None
    else:
        shifts = attempted(form, lambda: preview(course_id=course.pk, learner_ids=[learner_id], act=act))
    status = 200 if shifts else 409
    return show_evidence(
        request,
        course,
        learner_id,
        assessment_id,
        status=status,
        do=do,
        shift=shifts[0] if shifts else None,
        **{f"{do}_form": form},
    )


def action(
    request: HttpRequest, course: Any, learner_id: int, assessment_id: str, do: str, form: Any
) -> Callable[[], Any] | None:
    """The service that a form means, to be called once the form is valid; None for a form that there is not."""
    place = {"assessment_id": assessment_id, "learner_id": learner_id}
    sitting = {"sitting_id": request.POST.get("sitting", "")}
    services: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "override": (override_score, place),
        "undo_override": (undo_override, place),
        "void": (void_sitting, sitting),
        "undo_void": (undo_void, sitting),
    }
    if do not in services:
        return None
    service, target = services[do]
    return lambda: service(course=course, author=request.user, now=request.now, **target, **form.cleaned_data)


def show_evidence(
    request: HttpRequest,
    course: Any,
    learner_id: int,
    assessment_id: str,
    *,
    status: int = 200,
    do: str = "",
    shift: Shift | None = None,
    **forms: Any,
) -> HttpResponse:
    enrollment, assessment = learner_in(course.pk, learner_id), assessment_in(course.pk, assessment_id)
    grade = course_grade(learner_id, course.pk)
    item = grade.item(assessment_id)
    override = current_override(activity=assessment_id, learner_id=learner_id)
    given = points_text(override.points_earned) if override else item and item.points_earned
    known = {"override_form": Points(initial={"points": given}), **forms}
    return page(
        request,
        course,
        "cell",
        section="gradebook",
        title=assessment_name(assessment),
        status=status,
        enrollment=enrollment,
        learner=enrollment.user,
        assessment=assessment,
        grade=grade,
        item=item,
        override=override,
        records=sitting_records(assessment, learner_id),
        steps=steps_of(learner_id, course.pk, assessment_id),
        do=do,
        shift=shift,
        foreseen=shift.after.cell(assessment_id) if shift else None,
        sitting_id=request.POST.get("sitting", ""),
        reason_form=forms.get(f"{do}_form") if do != "override" else None,
        **known,
    )
