"""Arrange a course: its sections and parts in order, with everything that was arranged before and can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import first_review, new_lab, new_lesson
from authoring.forms.arranging import NewPartForm
from authoring.refusals import Refusal
from authoring.services import (
    ArrangedCourse,
    CourseEdit,
    Publication,
    arrangement_undone,
    arrangements_of,
    ids_ever_used,
    module_added,
    order_changed,
    publish,
    read_arrangement,
    refuse_other_tree,
)
from authoring.workplace.new_exams import begin_exam, places_for_exams, pools_in_the_way
from authoring.workplace.new_texts import begin_drafts
from authoring.workplace.publishing import asked_before, confirmed_in
from course.selectors import drafted_texts
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

MINUTES = 60  # of an exam that begins here; its settings open next


@dataclass(frozen=True)
class AskedOrder:
    """The order that a form sends: the sections, and the paths of the parts by section."""

    folders: list[str]
    parts: dict[str, list[str]]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def arrange(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the course as a tree. A POST publishes another order, adds a part, or undoes an earlier arrangement."""
    tree = read_arrangement(course=course)
    do = request.POST.get("do", "")
    if request.method != "POST":
        return show_tree(request, tree)
    if do == "add":
        return add_part(request, tree)
    if do.startswith("undo:"):
        at = parse_datetime(do.removeprefix("undo:"))
        if at is None or at not in {entry.at for entry in arrangements_of(course=course)}:
            raise Refusal("not_found")
        return publish_tree(request, tree, lambda: undoing(request, tree, at), _("The step was undone."))
    way, _colon, path = do.partition(":")
    asked = order_after(request.POST.getlist("at"), way, path)
    if (asked.folders, asked.parts) == ([section.folder for section in tree.sections], paths_by_section(tree)):
        messages.info(request, _("The order did not change, so nothing was published."))
        return redirect(request.path)
    return publish_tree(request, tree, lambda: reordering(request, tree, asked), _("The new order is published."), path)


def paths_by_section(tree: ArrangedCourse) -> dict[str, list[str]]:
    return {section.folder: [part.path for part in section.parts] for section in tree.sections}


def order_after(paths: Sequence[str], way: str, path: str) -> AskedOrder:
    """Return the order in which a form lists sections and parts, after one of them was moved up or down."""
    folders = [name for name in paths if "/" not in name]
    parts = {folder: [name for name in paths if name.startswith(f"{folder}/")] for folder in folders}
    if "/" not in path:
        folders = order_of_siblings(folders, way, path)
    elif path.partition("/")[0] in parts:
        folder = path.partition("/")[0]
        parts[folder] = order_of_siblings(parts[folder], way, path)
    return AskedOrder(folders, parts)


def order_of_siblings(names: Sequence[str], way: str, name: str) -> list[str]:
    """Return the names after one of them was moved up or down. Another way leaves them as they are."""
    siblings = [*names]
    if way in ("up", "down") and name in siblings:
        at = siblings.index(name)
        to = at + (1 if way == "down" else -1)
        if 0 <= to < len(siblings):
            siblings[at], siblings[to] = siblings[to], siblings[at]
    return siblings


def reordering(request: HttpRequest, tree: ArrangedCourse, asked: AskedOrder) -> CourseEdit:
    refuse_other_tree(tree, request.POST.get("tree", ""))
    now = paths_by_section(tree)
    changed = [section.title for section in tree.sections if asked.parts.get(section.folder) != now[section.folder]]
    if asked.folders != [section.folder for section in tree.sections]:
        changed.insert(0, _("the whole course"))
    words = _("New order: {titles}").format(titles=", ".join(changed))
    return order_changed(tree=tree, folders=asked.folders, parts=asked.parts, words=words, editor=request.user)


def undoing(request: HttpRequest, tree: ArrangedCourse, at: datetime) -> CourseEdit:
    entry = next(entry for entry in arrangements_of(course=tree.course) if entry.at == at)
    words = _("Undone: {change}").format(change=entry.details.get("change", ""))
    return arrangement_undone(tree=tree, at=at, words=words, editor=request.user)


def publish_tree(
    request: HttpRequest, tree: ArrangedCourse, make: Callable[[], CourseEdit], message: str, path: str = ""
) -> HttpResponse:
    """Publish an edit and lead back to the tree, or show what keeps it from being published or what it would change."""
    try:
        done = publish(edit=make(), confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        tree = read_arrangement(course=tree.course)
        return show_tree(request, tree, status=refusal.status, refusal=refusal.sentence)
    if not done.is_written:
        return show_tree(request, tree, done, status=400 if done.mistakes else 409, repeated=request.POST)
    messages.success(request, message)
    return redirect(f"{request.path}#at-{quote(path)}" if path else request.path)


def add_part(request: HttpRequest, tree: ArrangedCourse) -> HttpResponse:
    """Publish a new module, or begin the drafts of another part and open them."""
    form = new_part_form(request, tree, request.POST)
    if not form.is_valid():
        return show_tree(request, tree, form=form, status=400)
    title, kind = form.cleaned_data["title"], form.cleaned_data["kind"]
    if kind == "module":
        words = _("New module: {title}").format(title=title)
        message = _("The module is added. Learners see it once it has a lesson.")
        return publish_tree(
            request,
            tree,
            lambda: module_added(tree=tree, title=title, words=words, editor=request.user),
            message,
        )
    begin = {"lab": begin_lab, "exam": begin_short_exam}.get(kind, begin_text)
    return begin(request, tree, form) or show_tree(request, tree, form=form, status=400)


def begin_text(request: HttpRequest, tree: ArrangedCourse, form: NewPartForm) -> HttpResponse | None:
    """Begin the draft of a lesson or of review questions. If there can be none, return None, with the reason in the form."""
    folder, title = form.cleaned_data["folder"], form.cleaned_data["title"]
    is_lesson, files = form.cleaned_data["kind"] == "lesson", files_with_drafts(request, tree)
    used = ids_ever_used(tree.course.pk)
    if is_lesson:
        made = new_lesson(files, folder, title, used.lessons)
    else:
        made = first_review(files, folder, title, used.assessments | used.questions)
    if made is None:
        sentence = _("Only a numbered module with an objective can have review questions.")
        form.add_error("folder", with_way_to_objectives(tree, folder, sentence))
        return None
    path, text = made
    begin_drafts(request, tree.course, {path: text})
    return redirect("edit_text" if is_lesson else "question_forms", tree.course.slug, path)


def with_way_to_objectives(tree: ArrangedCourse, folder: str, sentence: str) -> str:
    """Return a sentence with a link to the objectives of this module, or of the first one. Without modules, without it."""
    modules = [section.folder for section in tree.sections if section.is_module]
    module = folder if folder in modules else next(iter(modules), "")
    if not module:
        return sentence
    address = reverse("module_objectives", args=[tree.course.slug, module])
    words = _("Write an objective for “{module}”").format(module=tree.title_of(module))
    return format_html('{} <a href="{}">{}</a>', sentence, address, words)


def begin_lab(request: HttpRequest, tree: ArrangedCourse, form: NewPartForm) -> HttpResponse | None:
    """Begin the drafts of a lab. If there can be none, return None, with the reason in the form."""
    files, used = files_with_drafts(request, tree), ids_ever_used(tree.course.pk).labs
    texts = new_lab(files, form.cleaned_data["folder"], form.cleaned_data["title"], used)
    if texts is None:
        form.add_error("folder", _("Only a numbered module can have labs."))
        return None
    begin_drafts(request, tree.course, texts)
    return redirect("lab_tryout", tree.course.slug, min(texts).rpartition("/")[0])


def begin_short_exam(request: HttpRequest, tree: ArrangedCourse, form: NewPartForm) -> HttpResponse | None:
    """Begin the drafts of an exam of an hour. If there can be none, return None, with the reason in the form."""
    folder, places = form.cleaned_data["folder"], places_for_exams(tree.course)
    problem = pools_in_the_way(request, tree.course, folder)
    if folder not in places:
        problem = _("Only a module or the whole course can have an exam, once a module has an objective.")
        problem = with_way_to_objectives(tree, folder, problem)
    if problem:
        form.add_error("folder", problem)
        return None
    asked = {"module": folder, "title": form.cleaned_data["title"], "time_limit": MINUTES}
    return begin_exam(request, tree.course, asked, places[folder])


def files_with_drafts(request: HttpRequest, tree: ArrangedCourse) -> dict[str, bytes]:
    """Return the files of the course as the author's drafts have them."""
    drafts = drafted_texts(request.user.pk, tree.course.pk, "")
    return {**tree.files, **{path: (draft.text or "").encode() for path, draft in drafts.items()}}


def new_part_form(request: HttpRequest, tree: ArrangedCourse, sent: QueryDict | None = None) -> NewPartForm:
    may_add_exams = Permission.CHANGE_POLICY in request.permissions
    return NewPartForm(sent, sections=section_choices(tree), may_add_exams=may_add_exams)


def section_choices(tree: ArrangedCourse) -> list[tuple[str, str]]:
    return [(section.folder, section.title) for section in tree.sections]


def show_tree(
    request: HttpRequest,
    tree: ArrangedCourse,
    plan: Publication | None = None,
    *,
    status: int = 200,
    form: NewPartForm | None = None,
    **context: object,
) -> HttpResponse:
    """Show the tree. With a plan that was not published, show its mistakes, or ask for its effects."""
    return workplace_page(
        request,
        tree.course,
        "authoring/arranging/tree.html",
        section="texts",
        title=_("Arrange"),
        status=status,
        tree=tree,
        form=form or new_part_form(request, tree),
        history=arrangements_of(course=tree.course),
        mistakes=plan.mistakes if plan else (),
        **asked_before(plan),
        **context,
    )
