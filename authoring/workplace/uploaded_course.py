"""Create a course from a course folder that one uploads. A preview shows first what the folder contains."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.selectors import may_create_courses
from authoring.forms.new_course import UploadedCourseForm
from authoring.refusals import Refusal
from authoring.services import UploadPlan, create_uploaded_course, plan_uploaded_course
from authoring.services.archives import MOST_PACKED
from foundation.frame.outcomes import attempted, tell

MOST_SHOWN = 100  # mistakes


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def uploaded_course(request: HttpRequest) -> HttpResponse:
    """Ask for a packed course folder. A POST shows what is in it, and creates the course if it names that preview.

    Nothing is kept between the two: the browser sends the file again.
    """
    if not may_create_courses(request.user):
        raise Refusal("not_permitted")
    is_sent = request.method == "POST"
    form = UploadedCourseForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    plan = attempted(form, lambda: planned(request, form)) if form.is_bound and form.is_valid() else None
    expected = request.POST.get("expected", "")
    if plan is not None and expected and not plan.mistakes:
        made = attempted(
            form,
            lambda: create_uploaded_course(plan=plan, expected=expected, author=request.user, now=request.now),
        )
        if made is not None:
            tell(request, _("The course is ready and hidden. Only you see it, until you open it to learners."))
            return redirect("dashboard", made.slug)
    is_refused = bool(form.errors) or (plan is not None and bool(plan.mistakes or plan.is_taken))
    context = {
        "title": _("New course from a folder"),
        "form": form,
        "plan": plan,
        "mistakes": plan.mistakes[:MOST_SHOWN] if plan else (),
        "most_bytes": MOST_PACKED,
        "warnings": plan.text.warnings[:MOST_SHOWN] if plan else (),
        "more_mistakes": max(0, len(plan.mistakes) - MOST_SHOWN) if plan else 0,
        "can_create": plan is not None and not plan.mistakes and not plan.is_taken,
    }
    return render(request, "authoring/uploaded_course.html", context, status=400 if is_refused else 200)


def planned(request: HttpRequest, form: UploadedCourseForm) -> UploadPlan:
    asked = form.cleaned_data
    packed = asked["folder"].read(MOST_PACKED + 1)
    return plan_uploaded_course(packed=packed, slug=asked["slug"], title=asked["title"], author=request.user)
