"""Begin an exam of a module, such as a midterm or a quiz: drafts of its settings and of its first question."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.roles import Permission
from course.selectors import drafted_texts, modules_of
from portal.authoring.folder import first_exam, is_exam_folder
from portal.authoring.services import editable_texts
from portal.refusals import Refusal
from portal.workplace.forms.policy import NewExamForm
from portal.workplace.gate import needs, workplace_page
from portal.workplace.views.new_texts import begin_drafts
from portal.workplace.views.policy import exam_form
from portal.workplace.views.settings_pages import SettingsPage, settings_page

if TYPE_CHECKING:
    from course.models import Course, Module


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY, asks={"module"})
def new_exam(request: HttpRequest, course: "Course") -> HttpResponse:
    """Ask where a new exam belongs. With `module=`, show the settings of its draft, which is published with its questions."""
    modules = modules_without_exam(course)
    folder = request.GET.get("module", "")
    if folder:
        if folder not in modules:
            raise Refusal("not_found")
        if f"{folder}/exam.yaml" in drafted_texts(request.user.pk, course.pk, f"{folder}/exam.yaml"):
            return drafted_exam(request, course, folder)
        return redirect("new_exam", course.slug)
    choices = [(each, module.title) for each, module in modules.items()]
    form = NewExamForm(request.POST if request.method == "POST" else None, modules=choices)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        module = modules[asked["module"]]
        key = slugify(asked["title"])[:60].strip("-_").replace("_", "-") or f"{module.key}-exam"
        begin_drafts(
            request,
            course,
            first_exam(
                asked["module"],
                key=key,
                title=asked["title"],
                time_limit=asked["time_limit"],
                module=module.key,
                objective=module.objectives[0]["id"],
            ),
        )
        return redirect(f"{request.path}?module={asked['module']}")
    status = 400 if form.errors else 200
    title = _("New exam or quiz")
    return workplace_page(request, course, "new_exam", section="texts", title=title, status=status, form=form)


def modules_without_exam(course: "Course") -> dict[str, "Module"]:
    """Return the modules that can get an exam, by folder."""
    texts = editable_texts(course_id=course.pk)
    return {
        module.folder: module
        for module in modules_of(course)
        if module.objectives and is_exam_folder(module.folder) and f"{module.folder}/exam.yaml" not in texts
    }


def drafted_exam(request: HttpRequest, course: "Course", folder: str) -> HttpResponse:
    pools = drafted_texts(request.user.pk, course.pk, f"{folder}/pool-")
    page = SettingsPage(
        path=f"{folder}/exam.yaml",
        title=_("New exam or quiz"),
        intro=_("Learners see it as soon as you publish it, unless it opens later. Write its questions first."),
        sections=exam_form(course),
        beside=pools,
        after=reverse("grading_policy", args=[course.slug]),
        extra={"questions": sorted(pools)},
    )
    return settings_page(request, course, page)
