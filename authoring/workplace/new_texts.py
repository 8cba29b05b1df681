"""Begin a new text or a new lab as a draft, from an example that passes the check."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import first_lab, first_text
from authoring.forms.files import NewLabForm, NewTextForm
from authoring.services import editable_texts
from authoring.workplace.text_drafts import DraftKey
from course.services import begin_text_draft, text_digest
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def new_text(request: HttpRequest, course: "Course") -> HttpResponse:
    """Ask where a new text or lab belongs. A POST makes drafts of its files, which nobody else sees, and opens them."""
    known = set(editable_texts(course_id=course.pk))
    modules = sorted(path.rpartition("/")[0] for path in known if path.endswith("/module.yaml"))
    is_lab = request.POST.get("what") == "lab"
    text = NewTextForm(request.POST if request.method == "POST" and not is_lab else None, known=known)
    lab = NewLabForm(request.POST if is_lab else None, known=known, modules=modules)
    if text.is_bound and text.is_valid():
        path = text.cleaned_data["path"]
        begin_drafts(request, course, {path: first_text(path)})
        return redirect("edit_text", course.slug, path)
    if lab.is_bound and lab.is_valid():
        module, name = lab.cleaned_data["module"], lab.cleaned_data["name"]
        begin_drafts(request, course, first_lab(module, name))
        return redirect("lab_tryout", course.slug, f"{module}/labs/{name}")
    status = 400 if text.errors or lab.errors else 200
    title = _("New text or lab")
    forms = {"text_form": text, "lab_form": lab}
    return workplace_page(
        request, course, "authoring/new_text.html", section="texts", title=title, status=status, **forms
    )


def begin_drafts(request: HttpRequest, course: "Course", texts: Mapping[str, str]) -> None:
    """Save drafts of texts that the course does not have: each is based on an empty text."""
    for path, text in texts.items():
        key = DraftKey(user=request.user, course_id=course.pk, path=path, key="")
        begin_text_draft(**key, text=text, digest=text_digest(""), now=request.now)
