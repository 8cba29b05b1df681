"""The questions of a text in order: move them, also to another text, and remove them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import holds_questions, question_keys, question_rows
from authoring.forms.arranging import OtherTextForm, QuestionCopyForm
from authoring.refusals import Refusal
from authoring.services import (
    ArrangedCourse,
    CourseEdit,
    Publication,
    objective_of,
    objectives_for_text,
    publish,
    question_carried,
    question_removed,
    question_texts,
    questions_ordered,
    read_arrangement,
)
from authoring.workplace.arranging import order_of_siblings
from authoring.workplace.publishing import asked_before, confirmed_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from quizzes.selectors import learners_who_answered

if TYPE_CHECKING:
    from course.models import Course

LONGEST_TITLE = 100
MARK_OF_CODE = re.compile(r"^\s*(?:```|~~~)[\w-]*$", re.MULTILINE)


@dataclass(frozen=True)
class ListedQuestion:
    """A line of the list: a question with the first words of its prompt, and the query that leads to it."""

    key: str
    prompt: str

    @property
    def title(self) -> str:
        return Truncator(self.prompt).chars(LONGEST_TITLE) or self.key

    @property
    def query(self) -> str:
        return f"?{urlencode({'question': self.key})}"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS, asks={"question"})
def arranged_questions(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """List the questions of a text in order, or show what can be done with one of them (`question=`). A POST does it."""
    tree = read_arrangement(course=course)
    if not holds_questions(path) or path not in tree.files:
        raise Refusal("not_found")
    key = request.GET.get("question", "")
    if key:
        return one_question(request, tree, path, key)
    if request.method != "POST":
        return show_order(request, tree, path)
    way, _colon, moved = request.POST.get("do", "").partition(":")
    keys = order_of_siblings(request.POST.getlist("at"), way, moved)
    if keys == question_keys(tree.text(path)):
        messages.info(request, _("The order did not change, so nothing was published."))
        return redirect(request.path)
    words = _("New order of questions: {path}").format(path=path)
    return publish_question_step(
        request,
        tree,
        path,
        lambda: questions_ordered(tree=tree, path=path, keys=keys, words=words, editor=request.user),
        _("The new order is published. You can undo this under Arrange."),
    )


def one_question(request: HttpRequest, tree: ArrangedCourse, path: str, key: str) -> HttpResponse:
    """Show one question. A POST moves it to another text or removes it, and asks first about what this changes."""
    objective_of(tree, path, key)
    match request.POST.get("do", ""):
        case "carry":
            form = question_form(request, tree, path, key)
            if not form.is_valid():
                return show_order(request, tree, path, key=key, form=form, status=400)
            target, objective = form.cleaned_data["target"], form.cleaned_data["objective"]
            words = _("Moved: the question {key}, to {path}").format(key=key, path=target)
            return publish_question_step(
                request,
                tree,
                path,
                lambda: question_carried(
                    tree=tree, path=path, key=key, target=target, objective=objective, words=words, editor=request.user
                ),
                _("The question is moved."),
                key,
            )
        case "copy":
            copying = copy_form(request, tree, path)
            if not copying.is_valid():
                return show_order(request, tree, path, key=key, status=400, copying=copying)
            target = copying.cleaned_data["copy_to"]
            query = {"copy": key} | ({"of": path} if target != path else {})
            return redirect(f"{reverse('question_forms', args=[tree.course.slug, target])}?{urlencode(query)}")
        case "remove":
            words = _("Removed: the question {key}").format(key=key)
            return publish_question_step(
                request,
                tree,
                path,
                lambda: question_removed(tree=tree, path=path, key=key, words=words, editor=request.user),
                _("The question is removed. You can undo this under Arrange."),
                key,
            )
    return show_order(request, tree, path, key=key)


def listed_questions(tree: ArrangedCourse, path: str) -> list[ListedQuestion]:
    """Return the questions of a text in order, each with its prompt on one line."""
    rows = question_rows(tree.text(path)) or ()
    prompts = {str(row.get("id")): MARK_OF_CODE.sub("", str(row.get("prompt") or "")) for row in rows}
    return [ListedQuestion(key, " ".join(prompt.split())) for key, prompt in prompts.items()]


def question_form(request: HttpRequest, tree: ArrangedCourse, path: str, key: str) -> OtherTextForm:
    texts = [(other, other) for other in question_texts(tree) if other != path]
    objectives = sorted({name for other, _label in texts for name in objectives_for_text(tree, other)})
    posted = request.POST if request.POST.get("do") == "carry" else None
    return OtherTextForm(
        posted, texts=texts, objectives=objectives, initial={"objective": objective_of(tree, path, key)}
    )


def copy_form(request: HttpRequest, tree: ArrangedCourse, path: str) -> QuestionCopyForm:
    texts = [(other, other) for other in question_texts(tree)]
    posted = request.POST if request.POST.get("do") == "copy" else None
    return QuestionCopyForm(posted, texts=texts, initial={"copy_to": path})


def publish_question_step(
    request: HttpRequest,
    tree: ArrangedCourse,
    path: str,
    make: Callable[[], CourseEdit],
    message: str,
    key: str = "",
) -> HttpResponse:
    """Publish an edit and lead to the list, or show what keeps it from being published or what it would change."""
    try:
        done = publish(edit=make(), confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return show_order(request, tree, path, key=key, status=refusal.status, refusal=refusal.sentence)
    if not done.is_written:
        status = 400 if done.mistakes else 409
        return show_order(request, tree, path, done, key=key, status=status, repeated=request.POST)
    messages.success(request, message)
    return redirect(request.path)


def show_order(
    request: HttpRequest,
    tree: ArrangedCourse,
    path: str,
    plan: Publication | None = None,
    *,
    key: str = "",
    form: OtherTextForm | None = None,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    listed = listed_questions(tree, path)
    has_others = bool(key) and len(question_texts(tree)) > 1
    return workplace_page(
        request,
        tree.course,
        "authoring/arranging/questions.html",
        section="texts",
        title=key or _("Order of questions"),
        status=status,
        path=path,
        question=key,
        questions=listed,
        prompt=next((row.prompt for row in listed if row.key == key), ""),
        form=form or (question_form(request, tree, path, key) if has_others else None),
        answered=learners_who_answered(tree.course.pk, [key]).get(key, 0) if key else 0,
        mistakes=plan.mistakes if plan else (),
        **asked_before(plan),
        **{"repeated": {}, "copying": copy_form(request, tree, path) if key else None, **context},
    )
