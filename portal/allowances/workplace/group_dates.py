"""The dates of groups: a table of items and groups, the form of one group, what it would move, and the history."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.services import items_without_due
from foundation.frame.outcomes import tell
from foundation.frame.wording import spoken
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from portal.allowances.forms import FillingForm, GroupDatesForm
from portal.allowances.selectors.group_dates import GroupDatesTable, group_dates_table
from portal.allowances.services import GroupDatesPlan, plan_group_dates, set_group_dates, undo_group_dates
from portal.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Course

type DatesChange = Callable[..., GroupDatesPlan]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, asks={"group"}, for_limited=True)
def group_dates(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the dates of every group; with `group`, edit those of one: first see what would move, then apply it."""
    table = group_dates_table(course, request.sight)
    group = request.POST.get("group") or request.GET.get("group") or ""
    if group and group not in table.groups:
        raise Refusal("not_found")
    form = GroupDatesForm(
        request.POST if request.method == "POST" and not is_undo(request) else None,
        activities=table.activities,
        given=table.of_group(group),
    )
    filling = FillingForm(form.data if form.is_bound else None, activities=table.activities)
    if filling.asks:
        return group_dates_page(request, course, table, group, filled_form(form, filling), filling)
    change = change_asked(request, course, table, form)
    plan, refusal = None, ""
    if change is not None:
        try:
            plan = seen_or_done(request, change)
        except Refusal as refused:
            refusal = spoken(refused)
        if plan is None and not refusal:
            tell(request, _("Saved. Learners see these dates at once."))
            return redirect("group_dates", course.slug)
    filling = FillingForm(activities=table.activities)
    return group_dates_page(request, course, table, group, form, filling, plan=plan, refusal=refusal)


def group_dates_page(
    request: HttpRequest,
    course: "Course",
    table: GroupDatesTable,
    group: str,
    form: GroupDatesForm,
    filling: FillingForm,
    *,
    plan: GroupDatesPlan | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Show the table or the form of a group, with the plan or the refusal of a change."""
    is_filled = filling.is_bound and not (filling.errors or form.errors)
    return workplace_page(
        request,
        course,
        "workplace/group_dates.html",
        section="gradebook",
        title=_("Dates by group"),
        status=409 if refusal else 400 if form.errors or filling.errors else 200,
        table=table,
        undated=() if request.sight.is_limited else items_without_due(course.pk),  # it names every group
        group=group,
        form=form,
        filling=FillingForm(activities=table.activities) if is_filled else filling,
        is_filled=is_filled,
        plan=plan,
        refusal=refusal,
        undone=request.POST.get("change", "") if plan and is_undo(request) else "",
    )


def filled_form(form: GroupDatesForm, filling: FillingForm) -> GroupDatesForm:
    """Return the form with what the filling gives, or as it was sent if something is wrong."""
    if not form.is_valid() or not filling.is_valid():
        return form
    dates = filling.filled(form.entered, get_current_timezone())
    return form if filling.errors else GroupDatesForm(activities=form.activities, given=dates)


def is_undo(request: HttpRequest) -> bool:
    return request.POST.get("do") == "undo"


def change_asked(
    request: HttpRequest, course: "Course", table: GroupDatesTable, form: GroupDatesForm
) -> DatesChange | None:
    """Return the change that the request asks for, or None if it asks for none or has mistakes."""
    order = {"course": course, "author": request.user, "now": request.now}
    if is_undo(request):
        if request.sight.is_limited and all(change.id != request.POST.get("change") for change in table.changes):
            raise Refusal("not_found")
        return partial(undo_group_dates, change=request.POST.get("change", ""), **order)
    group = request.POST.get("group", "")
    if not form.is_bound or not group or not form.is_valid():
        return None
    return partial(set_group_dates, group=group, dates=form.changed(table.of_group(group)), **order)


def seen_or_done(request: HttpRequest, change: DatesChange) -> GroupDatesPlan | None:
    """Do what the request confirms and return None, or return what it would do. Raises the refusals of the change."""
    if expected := request.POST.get("expected"):
        change(expected=expected)
        return None
    return plan_group_dates(change)
