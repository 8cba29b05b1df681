"""A course's texts, edited: previewed as a learner sees them, checked as a whole, never over somebody else's edit."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.rules.refusals import Refusal
from course.selectors import newest_versions, text_version, text_versions
from course.services import record_audit, text_digest
from portal.folder import SingleText
from portal.forms.answers import number_in
from portal.rules.comparing import compare
from portal.rules.passages import Passage, passage
from portal.services import Load, Movement, check_texts, edit_course, editable_texts, export_course, preview_text
from portal.workplace.gate import for_instructors, page
from portal.workplace.previews import STRAY, Preview, is_stray, preview_of
from quizzes.selectors import learners_who_answered, question_sources


@require_safe
@for_instructors
def texts(request: HttpRequest, course: Any) -> HttpResponse:
    """Every text that can be edited here, with its questions and who published it last."""
    questions, edited = question_sources(course.pk), newest_versions(course.pk)
    rows = [
        {"path": path, "questions": [key for key, _source in questions.get(path, ())], "edited": edited.get(path)}
        for path in sorted(editable_texts(course_id=course.pk))
        if path
    ]
    return page(request, course, "texts", section="texts", title=_("Texts"), rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def edit_text(request: HttpRequest, course: Any, path: str) -> HttpResponse:
    """A text, or one question of it (`question=`): preview, check, publish; `version=` begins with an older one."""
    found = passage_in(course, path, request.GET.get("question", ""))
    if request.method != "POST":
        wanted = number_in(request.GET, "version")
        text = text_version(course.pk, wanted).text if wanted else found.text
        return show(request, course, found, text=text, is_older=text != found.text)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if request.POST.get("do") in ("preview", "check"):
        return look(request, course, found, text)
    if request.POST.get("digest", "") != text_digest(found.text):
        return show(request, course, found, text=text, status=409, theirs=found.text, lines=compare(found.text, text))
    return publish(request, course, found, text)


@require_POST
@for_instructors
def preview_fragment(request: HttpRequest, course: Any, path: str) -> HttpResponse:
    """The preview alone, while one types."""
    found = passage_in(course, path, request.GET.get("question", ""))
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return render(request, "workplace/preview.html", {"preview": preview_in(course, found, text), "course": course})


def passage_in(course: Any, path: str, key: str) -> Passage:
    """Refusal not_found for a file that is no text of the course."""
    file = editable_texts(course_id=course.pk).get(path)
    if file is None:
        raise Refusal("not_found")
    sources = dict(question_sources(course.pk).get(path, ())) if key else {}
    return passage(path, file, key, sources.get(key))


def preview_in(course: Any, found: Passage, text: str) -> Preview:
    single = preview_text(course_id=course.pk, path=found.path, text=found.in_file(text))
    return preview_of(found, text, single, keys_in(course, found.path))


def keys_in(course: Any, path: str) -> list[str]:
    return [key for key, _source in question_sources(course.pk).get(path, ())]


def removed_by(course: Any, keys: list[str], single: SingleText) -> dict[str, int]:
    """The questions that a file would have no more, with the number of learners who answered each."""
    gone = set(keys) - {question.key for question in single.questions}
    return learners_who_answered(course.pk, gone) if gone else {}


def look(request: HttpRequest, course: Any, found: Passage, text: str) -> HttpResponse:
    """Without a script: the preview, or every mistake of the whole course as it would be."""
    checked = None
    if request.POST["do"] == "check":
        checked = check_texts(course_id=course.pk, edits={found.path: found.in_file(text)})
    digest = request.POST.get("digest", "")
    return show(request, course, found, text=text, digest=digest, checked=checked)


def publish(request: HttpRequest, course: Any, found: Passage, text: str) -> HttpResponse:
    if found.in_file(text) == found.in_file(found.text):
        messages.info(request, _("The text is as it was, so nothing was published."))
        return redirect(address_of(course, found))
    keys = keys_in(course, found.path)
    single = preview_text(course_id=course.pk, path=found.path, text=found.in_file(text))
    if is_stray(found, single, keys):
        return show(request, course, found, text=text, status=400, mistakes=[STRAY])
    accepted, removed = request.POST.get("accepted", ""), removed_by(course, keys, single)
    done = edit_course(
        course_id=course.pk,
        edits={found.path: found.in_file(text)},
        editor_id=request.user.pk,
        accept=lambda movements: not (movements or removed) or accepted == asked_of(movements, removed),
        now=request.now,
    )
    if not isinstance(done, Load):
        return show(request, course, found, text=text, status=400, mistakes=done)
    if not done.is_written:
        asked = {"movements": done.movements, "removed": removed, "accepted": asked_of(done.movements, removed)}
        return show(request, course, found, text=text, status=409, **asked)
    tell(request, course, found, done.movements)
    return redirect(address_of(course, found))


def address_of(course: Any, found: Passage) -> str:
    address = reverse("edit_text", args=[course.slug, found.path])
    return f"{address}?question={found.key}" if found.key else address


def asked_of(movements: tuple[Movement, ...], removed: dict[str, int]) -> str:
    """What an instructor confirms: exactly these grades moved, and these questions removed."""
    return text_digest(repr((movements, sorted(removed.items()))))


def tell(request: HttpRequest, course: Any, found: Passage, movements: tuple[Movement, ...]) -> None:
    record_audit(
        actor=request.user,
        action="edit_text",
        now=request.now,
        course=course,
        target=f"file:{found.path}",
        reason=request.POST.get("reason", "").strip(),
        details={"moved_grades": len(movements)} | ({"question": found.key} if found.key else {}),
    )
    messages.success(
        request,
        _("Written and published. The course's folder is no longer master of this file until it is exported."),
    )


def show(request: HttpRequest, course: Any, found: Passage, *, status: int = 200, **context: Any) -> HttpResponse:
    return page(
        request,
        course,
        "edit_text",
        status=status,
        section="texts",
        title=found.key or found.path,
        passage=found,
        reason=request.POST.get("reason", ""),
        **{"digest": text_digest(found.text), **context},
        preview=preview_in(course, found, context["text"]),
    )


@require_safe
@for_instructors
def text_history(request: HttpRequest, course: Any, path: str) -> HttpResponse:
    """What was published of a text, and what one publication changed (`version=`)."""
    versions = list(text_versions(course.pk, path))
    if not versions and path not in editable_texts(course_id=course.pk):
        raise Refusal("not_found")
    wanted = request.GET.get("version", "")
    place = next((index for index, each in enumerate(versions) if str(each.pk) == wanted), 0)
    shown, before = (*versions[place : place + 2], None, None)[:2]
    lines = compare(before.text if before else "", shown.text) if shown and before else []
    return page(
        request,
        course,
        "text_history",
        section="texts",
        title=path,
        path=path,
        versions=versions,
        shown=shown,
        lines=lines,
    )


@require_safe
@for_instructors
def folder_zip(request: HttpRequest, course: Any) -> HttpResponse:
    """The course as a folder, edits made here included: what `course load` takes back unchanged."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, content in sorted(export_course(course_id=course.pk).items()):
            archive.writestr(f"{course.slug}/{path}", content)
    name = f'attachment; filename="{course.slug}.zip"'
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers={"Content-Disposition": name})
