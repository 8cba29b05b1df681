"""Write the questions of a pool or of review questions by form. Each save changes the draft that the text editor has, too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import (
    SingleText,
    UnwritableText,
    copied_question,
    exam_names,
    exam_of_pool,
    holds_questions,
    is_pool,
    question_rows,
    with_question,
    without_question,
)
from authoring.forms.questions import FORMS, QuestionForm
from authoring.refusals import Refusal
from authoring.rules.passages import Passage
from authoring.services import editable_texts, export_course, ids_ever_used, lessons_to_name, preview_text
from authoring.workplace.new_exams import exam_path
from authoring.workplace.previews import Preview, question_preview
from authoring.workplace.text_drafts import draft_for, keep_typed
from authoring.workplace.texts import passage_in
from course.selectors import drafted_texts, modules_of, text_draft_of
from course.services import text_digest
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from questions import types

if TYPE_CHECKING:
    from course.models import Course

INDEX = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class QuestionList:
    """The questions that a draft or the published text lists. `rows` is None if the text cannot be shown as forms."""

    passage: Passage
    text: str
    rows: Sequence[dict[str, object]] | None

    @property
    def digest(self) -> str:
        """Return a digest of which questions are where, so that nothing is written into another question."""
        return text_digest(repr([row.get("id") for row in self.rows or ()]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS, asks={"at", "type", "copy", "of"})
def question_forms(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """List the questions of a text, with a form for one of them (`at=`) or for a new one (`type=`). A POST saves a draft.

    `copy=` begins a new question with what another one says, `of=` the text of that one if it is another text.

    Before a question is removed from the draft, the page asks, with what was typed still in the form.
    """
    if not holds_questions(path):
        raise Refusal("not_found")
    listed = drafted_questions(request, course, path)
    at, kind = place_asked(request, listed)
    if listed.rows is None or at is None:
        return show_questions(request, course, listed)
    if request.method == "POST" and request.POST.get("rows", "") != listed.digest:
        return show_moved(request, course, listed, at, kind)
    row = listed.rows[at] if at < len(listed.rows) else new_row(request, course, listed, kind)
    shape = FORMS.get(str(row.get("type")))
    if shape is None:
        raise Refusal("not_found")
    if request.method != "POST":
        return show_question(request, course, listed, at, form_of(shape, None, row, course, path))
    form = form_of(shape, request.POST, row, course, path)
    if request.POST.get("do") in ("ask", "keep"):
        return show_question(request, course, listed, at, form, asks_removal=request.POST["do"] == "ask")
    is_removed = request.POST.get("do") == "remove"
    if not (is_removed or form.is_storable):
        return show_question(request, course, listed, at, form, status=400)
    text = without_question(listed.text, at) if is_removed else with_question(listed.text, at, form.row())
    if text is None:
        return show_question(request, course, listed, at, form, status=409, is_unwritable=True)
    try:
        keep_typed(request, course, listed.passage, text)
    except Refusal as refusal:
        return show_question(request, course, listed, at, form, status=refusal.status, refusal=refusal.sentence)
    messages.success(request, _("The question was removed from your draft.") if is_removed else _("Draft saved."))
    return redirect(request.path if is_removed else f"{request.path}?at={at}#preview")


def drafted_questions(request: HttpRequest, course: "Course", path: str) -> QuestionList:
    """Return the questions of the author's draft, or the published ones. Raises Refusal not_found."""
    passage = passage_in(request, course, path, "")
    draft = draft_for(request, course, passage)
    text = passage.text if draft is None or draft.text is None else draft.text
    rows = question_rows(text)
    return QuestionList(passage, text, None if rows is None else [dict(row) for row in rows])


def place_asked(request: HttpRequest, listed: QuestionList) -> tuple[int | None, str]:
    """Return the place of the question that the address asks for, and the type of a new one, which follows the last."""
    kind, count = request.GET.get("type", ""), len(listed.rows or ())
    if kind or request.GET.get("copy"):
        return count, kind
    asked = request.GET.get("at", "")
    if not asked:
        return None, ""
    if not INDEX.fullmatch(asked) or (int(asked) >= count and request.method != "POST"):
        raise Refusal("not_found")
    return int(asked), ""


def new_question(course: "Course", listed: QuestionList, kind: str) -> dict[str, object]:
    """Return what a new question says before its author types. Its id was never used in the course."""
    stem = listed.passage.path.rpartition("/")[2].removesuffix(".yaml").removeprefix("pool-")
    used = {str(row.get("id")) for row in listed.rows or ()} | ids_ever_used(course.pk).questions
    number = next(number for number in range(1, len(used) + 2) if f"{stem}-{number}" not in used)
    usual = {"objective": usual_objective(course, listed), "level": "apply", "difficulty": 1, "points": 1}
    return {"id": f"{stem}-{number}", "type": kind, **usual}


def new_row(request: HttpRequest, course: "Course", listed: QuestionList, kind: str) -> dict[str, object]:
    """Return what a new question of this type says, or a copy of the question that the address names.

    Raises Refusal not_found.
    """
    key = request.GET.get("copy", "")
    if not key:
        return new_question(course, listed, kind)
    path = request.GET.get("of") or listed.passage.path
    source = listed if path == listed.passage.path else drafted_questions(request, course, path)
    files = export_course(course_id=course.pk) | {path: source.text.encode()}
    try:
        row = copied_question(files, path, key, listed.passage.path)
    except (KeyError, UnwritableText):
        raise Refusal("not_found") from None
    own = new_question(course, listed, str(row.get("type")))
    offered = {objective for objective, _text in objectives_for(course, listed.passage.path)}
    objective = row.get("objective") if row.get("objective") in offered else own["objective"]
    return {**row, "id": own["id"], "objective": objective}


def usual_objective(course: "Course", listed: QuestionList) -> str:
    """Return the objective that a new question is likely about: that of the last one, or the first of the exam's module."""
    path = listed.passage.path
    offered = [key for key, _text in objectives_for(course, path)]
    own = [
        objective["id"]
        for module in modules_of(course)
        if module.folder == path.partition("/")[0]
        for objective in module.objectives
    ]
    last = [str(row.get("objective")) for row in (listed.rows or ())[-1:]]
    return next((key for key in (*last, *own, *offered) if key in offered), "")


def objectives_for(course: "Course", path: str) -> list[tuple[str, str]]:
    """Return id and text of the objectives that a question may name: in a pool those of the course, else of its module."""
    folder = path.partition("/")[0]
    modules = [module for module in modules_of(course) if is_pool(path) or module.folder == folder]
    return [(objective["id"], objective["text"]) for module in modules for objective in module.objectives]


def form_of(
    shape: type[QuestionForm], posted: QueryDict | None, row: dict[str, object], course: "Course", path: str
) -> QuestionForm:
    """Return the form of one question of the text at `path`, with what the course offers there."""
    lessons = lessons_to_name(course_id=course.pk, path=path)
    return shape(posted, value=row, objectives=objectives_for(course, path), lessons=lessons)


def show_questions(request: HttpRequest, course: "Course", listed: QuestionList) -> HttpResponse:
    single = preview_text(course_id=course.pk, path=listed.passage.path, text=listed.text)
    rows = [
        {
            "at": at,
            "question": row,
            "kind": kind_of_row(row),
            "is_form": row.get("type") in FORMS,
            "mistakes": [mistake.text for mistake in single.mistakes if mistake.keys[:1] == (at,)],
        }
        for at, row in enumerate(listed.rows or ())
    ]
    return question_page(
        request, course, listed, rows=rows, mistakes=[mistake for mistake in single.mistakes if not mistake.keys]
    )


def kind_of_row(row: dict[str, object]) -> str:
    name = str(row.get("type"))
    return str(types.get(name).label) if name in types.names() else name


def show_question(
    request: HttpRequest,
    course: "Course",
    listed: QuestionList,
    at: int,
    form: QuestionForm,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """Show the form of one question with its preview, and each mistake beside its field."""
    is_new = bool(request.GET.get("type") or request.GET.get("copy"))
    single = None if is_new else preview_text(course_id=course.pk, path=listed.passage.path, text=listed.text)
    if single is not None and status == 200:
        form.add_mistakes(single.mistakes, at)
    preview = None if single is None else preview_of_row(single, form)
    return question_page(
        request, course, listed, status=status, form=form, preview=preview, at=at, is_new=is_new, **context
    )


def show_moved(request: HttpRequest, course: "Course", listed: QuestionList, at: int, kind: str) -> HttpResponse:
    """Show what was typed for a question that may be another one now. Only a new question can be saved from there."""
    is_new = bool(kind or request.GET.get("copy"))
    row = new_row(request, course, listed, kind) if is_new else {"type": request.POST.get("type", "")}
    shape = FORMS.get(str(row.get("type")))
    if shape is None:
        raise Refusal("not_found")
    form = form_of(shape, request.POST, row, course, listed.passage.path)
    digest = listed.digest if is_new else request.POST.get("rows", "")
    return show_question(request, course, listed, at, form, status=409, is_moved=True, row_digest=digest)


def preview_of_row(single: SingleText, form: QuestionForm) -> Preview:
    shown = [
        question_preview(single, question) for question in single.questions if question.key == form.values.get("id")
    ]
    return Preview(lesson=None, questions=tuple(shown), mistakes=(), advice=())


def question_page(
    request: HttpRequest, course: "Course", listed: QuestionList, *, status: int = 200, **context: object
) -> HttpResponse:
    path = listed.passage.path
    stored = text_draft_of(request.user.pk, course.pk, path, "")
    digest = text_digest(listed.passage.text)
    is_draft = stored is not None and stored.text is not None and stored.text != listed.passage.text
    return workplace_page(
        request,
        course,
        "authoring/questions.html",
        section="texts",
        title=_("Questions"),
        status=status,
        path=path,
        form_rows=listed.rows,
        draft=stored if is_draft else None,
        revision=stored.revision if stored else 0,
        digest=digest,
        began=stored.digest if stored and is_draft else digest,
        kinds=[(name, types.get(name).label) for name in FORMS],
        publish_at=publish_at(request, course, path, is_new=not listed.passage.text),
        **{"row_digest": listed.digest, **context},
    )


def publish_at(request: HttpRequest, course: "Course", path: str, *, is_new: bool) -> str:
    """Return the page that publishes the text: that of a new exam if it goes out with one, else the text editor."""
    folder, published = path.partition("/")[0], editable_texts(course_id=course.pk)
    drafts = drafted_texts(request.user.pk, course.pk, f"{folder}/")
    name = exam_of_pool(path, exam_names({*drafts, *published}, folder)) if is_pool(path) else ""
    exam = exam_path(folder, name)
    if is_new and is_pool(path) and exam in drafts and exam not in published:
        query = {"module": folder} | ({"name": name} if name else {})
        return f"{reverse('new_exam', args=[course.slug])}?{urlencode(query)}"
    return reverse("edit_text", args=[course.slug, path])
