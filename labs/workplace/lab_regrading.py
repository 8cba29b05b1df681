"""A regrade of a lab step by step: run its stored test runs again, see who would move, apply, undo."""

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.frame.forms import NoFields, ReasonForm
from foundation.frame.outcomes import REFRESH, attempted, tell
from grading.selectors.regrades import changes_of_regrade, effect_lines, name_learners, plan_tally
from grading.services import settle_grades
from labs.forms import LabRegradeForm
from labs.models import Retest
from labs.refusals import Refusal
from labs.retests import lab_regrade_in, lab_regrades_in, labs_to_regrade, retest_in, retests_in, unjudged_runs
from labs.services import (
    LabRegradePlan,
    apply_lab_regrade,
    begin_retest,
    cancel_retest,
    plan_lab_regrade,
    plan_lab_undo,
    undo_lab_regrade,
)
from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

ROWS = 25  # learners on a page


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REGRADE)
def regrade_lab(request: HttpRequest, course: "Course", lab_id: str) -> HttpResponse:
    """Show a lab's tests, its retests and its regrades. A POST begins to run its stored test runs again."""
    rows = labs_to_regrade(course.pk, lab_id)
    if not rows:
        raise Refusal("not_found")
    form = NoFields(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        begin = partial(begin_retest, course=course, lab_id=lab_id, author=request.user, now=request.now)
        retest = attempted(form, begin)
        if retest is not None:
            return redirect("retest", course.slug, retest.pk)
    return workplace_page(
        request,
        course,
        "labs/workplace/lab_regrading.html",
        section="analysis",
        title=_("Regrade a lab"),
        status=409 if form.errors else 200,
        found=rows[0],
        form=form,
        retests=list(retests_in(course.pk).filter(lab=lab_id)),
        regrades=list(lab_regrades_in(course.pk).filter(retest__lab=lab_id)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REGRADE)
def retest(request: HttpRequest, course: "Course", retest_id: int) -> HttpResponse:
    """Show the progress of a retest, then who would move. A POST cancels it, previews it again or applies it."""
    settle_grades(now=request.now, course_id=course.pk)
    retest_row = retest_in(course.pk, retest_id)
    if request.method == "POST" and "cancel" in request.POST:
        cancel_retest(course=course, retest_id=retest_id, now=request.now)
        return redirect("retest", course.slug, retest_id)
    form = LabRegradeForm(request.POST or None)
    asked = {"course": course, "retest_id": retest_id, "now": request.now}
    asked["lowers"] = form.is_bound and bool(form.data.get("lowers"))
    if form.is_bound and form.is_valid() and (expected := request.POST.get("expected")):
        why = {"reason": form.cleaned_data["reason"], "author": request.user, "expected": expected}
        done = attempted(form, partial(apply_lab_regrade, **asked, **why))
        if done is not None:
            tell(request, _("The regrade is applied. The grades that it changes are up to date."))
            return redirect("lab_regrade_page", course.slug, done.pk)
    applied = next(
        (regrade for regrade in lab_regrades_in(course.pk).filter(retest=retest_row, undoes=None, undone_by=None)), None
    )
    can_plan = retest_row.finished_at is not None and not retest_row.is_canceled and applied is None
    plan = plan_lab_regrade(**asked) if can_plan else None
    answer = show_retest(request, course, retest_row, form, plan)
    if retest_row.finished_at is None and request.method == "GET":
        answer["Refresh"] = REFRESH
    return answer


def show_retest(
    request: HttpRequest, course: "Course", retest_row: Retest, form: LabRegradeForm, plan: LabRegradePlan | None
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "labs/workplace/retest.html",
        section="analysis",
        title=_("Test runs run again"),
        status=409 if form.errors else 200,
        retest=retest_row,
        unjudged=unjudged_runs(retest_row),
        regrades=list(lab_regrades_in(course.pk).filter(retest=retest_row)),
        form=form,
        plan=plan,
        rows=effect_lines(course.pk, plan),
        tally=plan_tally(plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REGRADE, asks={"page"})
def lab_regrade_page(request: HttpRequest, course: "Course", lab_regrade_id: int) -> HttpResponse:
    """Show a regrade of a lab, whose points it changed, and its undo, which starts with a dry run."""
    settle_grades(now=request.now, course_id=course.pk)
    regrade = lab_regrade_in(course.pk, lab_regrade_id)
    form, plan = ReasonForm(request.POST or None), None
    asked = {"course": course, "regrade_id": lab_regrade_id, "now": request.now}
    if form.is_bound and form.is_valid():
        if expected := request.POST.get("expected"):
            why = {"reason": form.cleaned_data["reason"], "author": request.user, "expected": expected}
            done = attempted(form, partial(undo_lab_regrade, **asked, **why))
            if done is not None:
                tell(request, _("The regrade is undone. Every grade is as if it had never been applied."))
                return redirect("lab_regrade_page", course.slug, done.pk)
        plan = attempted(form, partial(plan_lab_undo, **asked))
    changes = changes_of_regrade(regrade, activity=regrade.retest.lab_id, until=request.now)
    moved = page_of_rows(request, changes, ROWS)
    name_learners(course.pk, moved)
    return workplace_page(
        request,
        course,
        "labs/workplace/lab_regrade.html",
        section="analysis",
        title=_("A regrade of a lab undone") if regrade.undoes_id else _("A regrade of a lab"),
        status=409 if form.errors else 200,
        regrade=regrade,
        form=form,
        plan=plan,
        moved=moved,
        rows=effect_lines(course.pk, plan),
        tally=plan_tally(plan),
    )
