"""Edit a course's texts: preview as learners see them, check the whole course, never overwrite another person's edit."""

from collections.abc import Sequence
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.folder import lab_folder
from authoring.refusals import Refusal
from authoring.rules.passages import POLICY, Passage, passage_of
from authoring.services import check_texts, edit_texts, editable_texts, export_course, preview_text, publish
from authoring.workplace.previews import STRAY, Preview, is_stray, preview_of
from authoring.workplace.publishing import (
    asked_before,
    confirmed_in,
    reason_in,
    tell_lab_outdated,
    tell_published,
)
from authoring.workplace.text_drafts import (
    began_in,
    draft_for,
    draft_key,
    is_new_draft,
    keep_typed,
    show_lost,
    typed_in,
)
from authoring.workplace.text_list import list_texts
from authoring.workplace.tryouts import begin_trials, lab_files
from course.rules.comparing import compare
from course.selectors import (
    newest_versions,
    reasons_of,
    text_draft_of,
    text_drafts_of,
    text_version,
    text_versions,
)
from course.services import discard_text_draft, text_digest
from foundation.numbers import number_in
from people.gate import needs, refuse_unless, workplace_page
from people.rules.roles import Permission, by_name
from quizzes.selectors import AnsweredQuestion, answered_questions, question_sources

if TYPE_CHECKING:
    from course.models import Course


@require_safe
@needs(Permission.EDIT_TEXTS)
def texts(request: HttpRequest, course: "Course") -> HttpResponse:
    """List the texts that can be edited here by module, with their questions and last publishers."""
    editable, sources = editable_texts(course_id=course.pk), question_sources(course.pk)
    if Permission.CHANGE_POLICY not in request.permissions:
        editable.pop(POLICY, None)
    questions = {path: tuple(key for key, _source in listed) for path, listed in sources.items()}
    groups = list_texts(editable, questions, newest_versions(course.pk))
    drafts = text_drafts_of(request.user.pk, course.pk)
    title = _("Texts")
    return workplace_page(
        request, course, "authoring/texts.html", section="texts", title=title, groups=groups, drafts=drafts
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS, asks={"question", "version", "instead"})
def edit_text(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Edit a text, or one question of it (`question=`): preview, check, publish. `version=` starts with an older one."""
    try:
        passage = passage_in(request, course, path, request.GET.get("question", ""))
    except Refusal as refusal:
        if refusal.code != "not_found":
            raise
        return show_lost(request, course, path)
    if request.method != "POST":
        return open_text(request, course, passage)
    text = typed_in(request)
    try:
        revision = keep_typed(request, course, passage, text)
    except Refusal as refusal:
        return show_refused(request, course, passage, refusal)
    if request.POST.get("do") == "try" and (lab := lab_folder(path)):
        return begin_trials(request, course, lab)
    if request.POST.get("do") in ("preview", "check"):
        return look(request, course, passage, text)
    if request.POST.get("digest", "") != text_digest(passage.text):
        return show_passage(
            request, course, passage, text=text, status=409, theirs=passage.text, lines=compare(passage.text, text)
        )
    try:
        done = publish_passage(request, course, passage, text)
    except Refusal as refusal:
        return show_unpublished(request, course, passage, text, refusal)
    if done.status_code == HTTPStatus.FOUND:
        discard_text_draft(**draft_key(request, course, path), now=request.now, revision=revision)
    return done


def show_unpublished(
    request: HttpRequest, course: "Course", passage: Passage, text: str, refusal: Refusal
) -> HttpResponse:
    """Show why nothing was published. If a trial has begun, the lab's page follows it, and publishes the draft later."""
    if refusal.code == "lab_untried":
        messages.warning(request, refusal.sentence)
        return redirect("lab_tryout", course.slug, lab_folder(passage.path))
    return show_passage(request, course, passage, text=text, status=refusal.status, refusal=refusal.sentence)


def open_text(request: HttpRequest, course: "Course", passage: Passage) -> HttpResponse:
    """Show the author's draft and what was published since it was started.

    Without a draft, show the text or an older version.

    `instead=draft` shows the older version in place of the draft.
    """
    draft, wanted = draft_for(request, course, passage), number_in(request.GET, "version")
    older = text_version(course.pk, "" if passage.key else passage.path, wanted).text if wanted else None
    if draft is None or (older is not None and request.GET.get("instead") == "draft"):
        text = passage.text if older is None else older
        return show_passage(request, course, passage, text=text, is_older=text != passage.text)
    lines = compare(passage.text, draft.text or "")
    theirs = None if draft.digest == text_digest(passage.text) else passage.text
    context = {"text": draft.text, "draft": draft, "began": draft.digest, "theirs": theirs, "lines": lines}
    return show_passage(request, course, passage, wanted=wanted, **context)


def show_refused(request: HttpRequest, course: "Course", passage: Passage, refusal: Refusal) -> HttpResponse:
    """Show the submitted text beside the one that another window saved. Nothing is stored until the next button is pressed."""
    digest, elsewhere = request.POST.get("digest", ""), refusal.facts.get("draft")
    text, mistakes = typed_in(request), [refusal.sentence]
    if not elsewhere:
        return show_passage(request, course, passage, text=text, status=refusal.status, mistakes=mistakes)
    context = {"digest": digest, "elsewhere": elsewhere["text"], "refusal": refusal.sentence}
    return show_passage(request, course, passage, text=text, status=refusal.status, **context)


@require_POST
@needs(Permission.EDIT_TEXTS, asks={"question"}, in_archive=True)
def preview_fragment(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Return only the preview, for a script that calls it while the author types."""
    passage = passage_in(request, course, path, request.GET.get("question", ""))
    context = {
        "preview": preview_in(course, passage, typed_in(request)),
        "course": course,
        "may": by_name(request.permissions),
        "is_refused": "refused" in request.POST,
    }
    return render(request, "authoring/preview.html", context)


def passage_in(request: HttpRequest, course: "Course", path: str, key: str) -> Passage:
    """Return a passage.

    Raises Refusal not_found if the file is not a text of the course, and role_insufficient if it holds the policy.
    """
    file = editable_texts(course_id=course.pk).get(path)
    if file is None and "\0" not in path and is_new_draft(text_draft_of(request.user.pk, course.pk, path, "")):
        file = ""
    if file is None:
        raise Refusal("not_found")
    if path == POLICY:
        refuse_unless(request, Permission.CHANGE_POLICY)
    sources = dict(question_sources(course.pk).get(path, ())) if key else {}
    return passage_of(path, file, key, sources.get(key))


def preview_in(course: "Course", passage: Passage, text: str) -> Preview:
    single = preview_text(course_id=course.pk, path=passage.path, text=passage.in_file(text))
    keys = keys_in(course, passage.path)
    return preview_of(passage, text, single, keys, answered_questions(course.pk, keys) if keys else {})


def keys_in(course: "Course", path: str) -> list[str]:
    return [key for key, _source in question_sources(course.pk).get(path, ())]


def look(request: HttpRequest, course: "Course", passage: Passage, text: str) -> HttpResponse:
    """Without a script, show the preview, or every mistake of the whole course with this text."""
    checked = None
    if request.POST["do"] == "check":
        checked = check_texts(course_id=course.pk, edits={passage.path: passage.in_file(text)})
    digest = request.POST.get("digest", "")
    return show_passage(request, course, passage, text=text, digest=digest, checked=checked)


def publish_passage(request: HttpRequest, course: "Course", passage: Passage, text: str) -> HttpResponse:
    if passage.in_file(text) == passage.in_file(passage.text):
        messages.info(request, _("The text did not change, so nothing was published."))
        return redirect(address_of(course, passage))
    keys = keys_in(course, passage.path)
    single = preview_text(course_id=course.pk, path=passage.path, text=passage.in_file(text))
    outdated = preview_of(passage, text, single, keys, answered_questions(course.pk, keys)).outdated
    if is_stray(passage, single, keys):
        return show_passage(request, course, passage, text=text, status=400, mistakes=[STRAY])
    edit = edit_texts(
        course=course,
        texts={passage.path: passage.in_file(text)},
        based_on={passage.path: passage.in_file(passage.text)},
        editor=request.user,
        reason=reason_in(request),
        question=passage.key,
    )
    done = publish(edit=edit, confirmed=confirmed_in(request), now=request.now)
    if done.mistakes:
        return show_passage(request, course, passage, text=text, status=400, mistakes=done.mistakes)
    if not done.is_written:
        return show_passage(request, course, passage, text=text, status=409, **asked_before(done))
    tell_published(request)
    tell_outdated(request, course, outdated)
    if single.lab is not None:
        tell_lab_outdated(request, course, single.lab.key)
    return redirect(address_of(course, passage))


def address_of(course: "Course", passage: Passage) -> str:
    address = reverse("edit_text", args=[course.slug, passage.path])
    return f"{address}?question={passage.key}" if passage.key else address


def tell_outdated(request: HttpRequest, course: "Course", outdated: Sequence[AnsweredQuestion]) -> None:
    """Say how many learners answered an earlier version of each question, and link to the regrade."""
    for question in outdated:
        learners = question.learners
        sentence = ngettext(
            "{learners} learner answered the earlier version of {key}. Their attempts are not re-marked.",
            "{learners} learners answered the earlier version of {key}. Their attempts are not re-marked.",
            learners,
        )
        link = '<a href="{address}">{words}</a>' if Permission.REGRADE in request.permissions else ""
        address = reverse("regrade_question", args=[course.slug, question.pk])
        values = {"learners": learners, "key": question.key, "address": address, "words": _("Regrade this question")}
        messages.warning(request, format_html(f"{sentence} {link}", **values))


def show_passage(
    request: HttpRequest, course: "Course", passage: Passage, *, status: int = 200, **context: object
) -> HttpResponse:
    stored, checked = text_draft_of(request.user.pk, course.pk, passage.path, passage.key), context.get("checked")
    is_refused = status >= HTTPStatus.BAD_REQUEST or "refused" in request.POST
    return workplace_page(
        request,
        course,
        "authoring/edit_text.html",
        status=status,
        section="texts",
        title=passage.key or passage.path,
        passage=passage,
        lab=lab_folder(passage.path),
        lab_files=lab_files(request, course, lab_folder(passage.path)),
        revision=stored.revision if stored else 0,
        reason=request.POST.get("reason", ""),
        is_refused=bool(checked.mistakes) if checked else is_refused,
        **{"digest": text_digest(passage.text), "began": began_in(request) or text_digest(passage.text), **context},
        preview=preview_in(course, passage, context["text"]),
    )


@require_safe
@needs(Permission.EDIT_TEXTS, asks={"version"})
def text_history(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Show the publications of a text, and the changes of one of them (`version=`)."""
    versions = list(text_versions(course.pk, path))
    if not versions and path not in editable_texts(course_id=course.pk):
        raise Refusal("not_found")
    wanted = request.GET.get("version", "")
    at = next((index for index, version in enumerate(versions) if str(version.pk) == wanted), 0)
    shown, before = (*versions[at : at + 2], None, None)[:2]
    lines = compare(before.text if before else "", shown.text) if shown and before else []
    reasons = reasons_of(course.pk, path)
    return workplace_page(
        request,
        course,
        "authoring/text_history.html",
        section="texts",
        title=path,
        path=path,
        versions=versions,
        reasoned=[(version, reasons.get(version.created_at, "")) for version in versions],
        shown=shown,
        lines=lines,
    )


@require_safe
@needs(Permission.EDIT_TEXTS)
def folder_zip(request: HttpRequest, course: "Course") -> HttpResponse:
    """Send the course folder with the edits made on the site, which `course load` accepts without changes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, content in sorted(export_course(course_id=course.pk).items()):
            archive.writestr(f"{course.slug}/{path}", content)
    name = f'attachment; filename="{course.slug}.zip"'
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers={"Content-Disposition": name})
