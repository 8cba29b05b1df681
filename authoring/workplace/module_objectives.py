"""The objectives of a section: write what learners will be able to do, put it in order, and remove what nothing names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.arranging import ObjectiveForm
from authoring.refusals import Refusal
from authoring.services import (
    ArrangedCourse,
    Publication,
    objectives_changed,
    objectives_digest,
    publish,
    published_objectives,
    read_arrangement,
)
from authoring.workplace.arranging import order_of_siblings
from authoring.workplace.publishing import asked_before, confirmed_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

LONGEST_NAME = 60  # of an objective in the name of a button and in the history


@dataclass(frozen=True)
class ListedObjective:
    """A row of the page: an objective with its field, and what is published if somebody else has changed that since."""

    key: str
    text: str
    form: ObjectiveForm
    published: str = ""

    @property
    def name(self) -> str:
        return Truncator(self.text).chars(LONGEST_NAME)


@dataclass(frozen=True)
class ObjectivesPage:
    """The rows of the page in order, and the field of a new objective."""

    rows: Sequence[ListedObjective]
    new: ObjectiveForm

    def is_valid(self, removed: str) -> bool:
        """Return whether what is typed can be published. The row that is removed can say anything."""
        checks = [row.form.is_valid() for row in self.rows if row.key != removed]
        return all([*checks, self.new.is_valid()])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def module_objectives(request: HttpRequest, course: "Course", section: str) -> HttpResponse:
    """Show the objectives of a section. A POST publishes what is typed, and moves or removes one of them."""
    tree = read_arrangement(course=course)
    if request.method != "POST":
        return show_objectives(request, tree, section, objectives_page(tree, section))
    page = page_as_sent(request, tree, section)
    way, _colon, key = request.POST.get("do", "").partition(":")
    if not page.is_valid(key if way == "remove" else ""):
        return show_objectives(request, tree, section, page, status=400)
    return publish_objectives(request, tree, section, page, way, key)


def objectives_page(tree: ArrangedCourse, folder: str) -> ObjectivesPage:
    published = published_objectives(tree=tree, folder=folder)
    rows = [
        ListedObjective(key, text, ObjectiveForm(initial={"text": text}, prefix=f"of-{key}", label=label_of(number)))
        for number, (key, text) in enumerate(published.items(), start=1)
    ]
    return ObjectivesPage(rows, ObjectiveForm(prefix="new", label=_("New objective"), required=False))


def page_as_sent(request: HttpRequest, tree: ArrangedCourse, folder: str) -> ObjectivesPage:
    """Return the page with what was typed. Objectives that somebody has added since it was shown come last."""
    published = published_objectives(tree=tree, folder=folder)
    is_other = request.POST.get("digest") != objectives_digest(tree=tree, folder=folder)
    sent = [key for key in dict.fromkeys(request.POST.getlist("at")) if key in published]
    rows = []
    for number, key in enumerate([*sent, *(key for key in published if key not in sent)], start=1):
        prefix, label = f"of-{key}", label_of(number)
        typed = request.POST if key in sent else {f"{prefix}-text": published[key]}
        form = ObjectiveForm(typed, prefix=prefix, label=label)
        differs = is_other and typed.get(f"{prefix}-text", "").split() != published[key].split()
        rows.append(ListedObjective(key, published[key], form, published[key] if differs else ""))
    new = ObjectiveForm(request.POST, prefix="new", label=_("New objective"), required=False)
    return ObjectivesPage(rows, new)


def label_of(number: int) -> str:
    return _("Objective {number}").format(number=number)


def publish_objectives(
    request: HttpRequest, tree: ArrangedCourse, folder: str, page: ObjectivesPage, way: str, key: str
) -> HttpResponse:
    """Publish what was typed, or show it again with what keeps it from being published."""
    keys = order_of_siblings([row.key for row in page.rows], way, key)
    typed = {row.key: row.form for row in page.rows if not (way == "remove" and row.key == key)}
    texts = {key: typed[key].cleaned_data["text"] for key in keys if key in typed}
    added = page.new.cleaned_data["text"]
    published = published_objectives(tree=tree, folder=folder)
    if not added and [*texts.items()] == [(name, " ".join(text.split())) for name, text in published.items()]:
        messages.info(request, _("The objectives did not change, so nothing was published."))
        return redirect(request.path)
    words = _("Objectives changed: {title}").format(title=tree.title_of(folder))
    if way == "remove":
        name = next((row.name for row in page.rows if row.key == key), key)
        words = _("Removed from {title}: the objective “{name}”").format(title=tree.title_of(folder), name=name)
    try:
        edit = objectives_changed(
            tree=tree,
            folder=folder,
            texts=texts,
            added=added,
            digest=request.POST.get("digest", ""),
            words=words,
            editor=request.user,
        )
        done = publish(edit=edit, confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return show_objectives(request, tree, folder, page, status=refusal.status, refusal=refusal.sentence)
    if not done.is_written:
        status = 400 if done.mistakes else 409
        return show_objectives(request, tree, folder, page, done, status=status, repeated=request.POST)
    messages.success(request, _("The objectives are published. You can undo this under Arrange."))
    return redirect(f"{request.path}#at-{quote(key)}" if way in ("up", "down") else request.path)


def show_objectives(
    request: HttpRequest,
    tree: ArrangedCourse,
    folder: str,
    page: ObjectivesPage,
    plan: Publication | None = None,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    return workplace_page(
        request,
        tree.course,
        "authoring/arranging/objectives.html",
        section="texts",
        title=_("Objectives"),
        status=status,
        folder=folder,
        module=tree.title_of(folder),
        page=page,
        digest=objectives_digest(tree=tree, folder=folder),
        mistakes=plan.mistakes if plan else (),
        **asked_before(plan),
        **{"repeated": {}, **context},
    )
