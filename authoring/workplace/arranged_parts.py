"""One section or part of a course: give it another title, move it to another module, or remove it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import CoursePart, lost_objectives, pools_of
from authoring.forms.arranging import OtherModuleForm, TitleForm
from authoring.refusals import Refusal
from authoring.services import (
    ArrangedCourse,
    CourseEdit,
    Publication,
    learners_by_part,
    part_carried,
    part_removed,
    publish,
    read_arrangement,
    title_changed,
)
from authoring.workplace.publishing import asked_before, confirmed_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def arranged_part(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Show what can be done with a section or a part. A POST does it, or first shows what goes with it."""
    tree = read_arrangement(course=course)
    title = tree.title_of(path)
    if request.method != "POST":
        return show_part(request, tree, path)
    match request.POST.get("do", ""):
        case "rename":
            return rename_part(request, tree, path)
        case "carry":
            return carry(request, tree, path)
        case "ask":
            return ask_removal(request, tree, path)
        case "remove":
            words = _("Removed: {title}").format(title=title)
            done = _("“{title}” is removed. You can undo this below.").format(title=title)
            return publish_part(
                request,
                tree,
                path,
                lambda: part_removed(tree=tree, path=path, words=words, editor=request.user),
                done,
                is_removal=True,
            )
    raise Refusal("not_found")


def rename_part(request: HttpRequest, tree: ArrangedCourse, path: str) -> HttpResponse:
    form = TitleForm(request.POST)
    if not form.is_valid():
        return show_part(request, tree, path, title_form=form, status=400)
    title = form.cleaned_data["title"]
    words = _("New title: {title} (before: {before})").format(title=title, before=tree.title_of(path))
    return publish_part(
        request,
        tree,
        path,
        lambda: title_changed(tree=tree, path=path, title=title, words=words, editor=request.user),
        _("The new title is published."),
    )


def carry(request: HttpRequest, tree: ArrangedCourse, path: str) -> HttpResponse:
    form = OtherModuleForm(request.POST, modules=other_modules(tree, path))
    if not form.is_valid():
        return show_part(request, tree, path, module_form=form, status=400)
    folder = form.cleaned_data["folder"]
    titles = {"title": tree.title_of(path), "module": tree.title_of(folder)}
    done = _("“{title}” is in “{module}” now. What learners did there is kept.").format(**titles)
    if lost := lost_objectives(tree.files, path, folder) if tree.parts[path].kind != "exam" else []:
        named = _("It no longer names these objectives of its old module: {keys}.").format(keys=", ".join(lost))
        done = f"{done} {named}"
    words = _("Moved: {title}, to {module}").format(**titles)
    return publish_part(
        request,
        tree,
        path,
        lambda: part_carried(tree=tree, path=path, folder=folder, words=words, editor=request.user),
        done,
    )


def ask_removal(request: HttpRequest, tree: ArrangedCourse, path: str) -> HttpResponse:
    """Show what would be removed, who has worked there, and which grades would move. Nothing is written."""
    try:
        edit = part_removed(tree=tree, path=path, words="", editor=request.user)
        plan = publish(edit=edit, confirmed=None, now=request.now)
    except Refusal as refusal:
        return show_part(request, tree, path, status=refusal.status, refusal=refusal.sentence)
    return show_part(request, tree, path, plan, is_removal=True, status=400 if plan.mistakes else 200)


def publish_part(
    request: HttpRequest,
    tree: ArrangedCourse,
    path: str,
    make: Callable[[], CourseEdit],
    message: str,
    *,
    is_removal: bool = False,
) -> HttpResponse:
    """Publish an edit and lead to the tree, or show what keeps it from being published or what it would change."""
    try:
        done = publish(edit=make(), confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return show_part(request, tree, path, status=refusal.status, refusal=refusal.sentence)
    if not done.is_written:
        status = 400 if done.mistakes else 409
        return show_part(request, tree, path, done, status=status, is_removal=is_removal, repeated=request.POST)
    messages.success(request, message)
    return redirect(reverse("arrange", args=[tree.course.slug]))


def other_modules(tree: ArrangedCourse, path: str) -> list[tuple[str, str]]:
    """Return folder and title of the sections to which a part can move, none for a part that cannot."""
    part = tree.parts.get(path)
    return [(section.folder, section.title) for section in tree.sections if part and section.can_take(part)]


def show_part(
    request: HttpRequest,
    tree: ArrangedCourse,
    path: str,
    plan: Publication | None = None,
    *,
    status: int = 200,
    is_removal: bool = False,
    title_form: TitleForm | None = None,
    module_form: OtherModuleForm | None = None,
    **context: object,
) -> HttpResponse:
    part, title = tree.parts.get(path), tree.title_of(path)
    modules = other_modules(tree, path)
    going = [part] if part else list(tree.section(path).parts)
    counts = learners_by_part(tree) if is_removal else {}
    return workplace_page(
        request,
        tree.course,
        "authoring/arranging/part.html",
        section="texts",
        title=title,
        status=status,
        path=path,
        part=part,
        text=text if (text := text_of(path, part.kind if part else "section")) in tree.files else "",
        can_rename=part is None or part.can_rename,
        title_form=title_form or TitleForm(initial={"title": title}),
        module_form=(module_form or OtherModuleForm(modules=modules)) if modules else None,
        question_texts=texts_of_questions(tree, part),
        is_removal=is_removal,
        going=[(gone, counts.get(gone.path, 0)) for gone in going],
        mistakes=plan.mistakes if plan else (),
        **asked_before(plan),
        **{"repeated": {}, **context},
    )


def texts_of_questions(tree: ArrangedCourse, part: CoursePart | None) -> list[str]:
    """Return the texts of the questions of review questions or of an exam."""
    if part is None or part.kind not in ("review", "exam"):
        return []
    return [part.path] if part.kind == "review" else pools_of(tree.files, part.path)


def text_of(path: str, kind: str) -> str:
    """Return the text that the editor opens for a section or a part."""
    return {"section": f"{path}/module.yaml", "lab": f"{path}/lab.yaml"}.get(kind, path)
