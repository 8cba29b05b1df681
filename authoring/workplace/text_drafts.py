"""An author's draft of a text: saved while they type, restored when they return, discarded. Only the author sees it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from authoring.refusals import Refusal
from authoring.rules.passages import POLICY, Passage
from authoring.services import editable_texts
from course.selectors import text_draft_of
from course.services import discard_text_draft, save_text_draft, text_digest
from foundation.numbers import number_in
from people.gate import needs, refuse_unless, workplace_page
from people.rules.roles import Permission
from quizzes.selectors import question_sources

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course, TextDraft


class DraftKey(TypedDict):
    """The arguments by which the services find a draft."""

    user: "User"
    course_id: int
    path: str
    key: str


def draft_key(request: HttpRequest, course: "Course", path: str) -> DraftKey:
    """Return the services' arguments that identify the draft. Raises Refusal not_found for a NUL, which databases refuse."""
    key = request.GET.get("question", "")
    if "\0" in path + key:
        raise Refusal("not_found")
    return DraftKey(user=request.user, course_id=course.pk, path=path, key=key)


def discard_drafts(request: HttpRequest, course: "Course", drafts: Iterable["TextDraft"]) -> None:
    """Discard drafts as they were read: what another window has saved since stays."""
    for draft in drafts:
        key = DraftKey(user=request.user, course_id=course.pk, path=draft.path, key=draft.key)
        discard_text_draft(**key, now=request.now, revision=draft.revision)


def typed_in(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def keep_typed(request: HttpRequest, course: "Course", passage: Passage, text: str) -> int:
    """Save what was submitted, which makes this text, and return the draft's revision, so that a failed publication loses nothing.

    A text that equals the published one needs no draft. Raises Refusal stale_text_draft, text_too_long.
    """
    revision = number_in(request.POST, "revision")
    if text == passage.text and not revision:
        return 0
    key, digest = draft_key(request, course, passage.path), began_in(request)
    return save_text_draft(**key, text=text, digest=digest, revision=revision, now=request.now).revision


def began_in(request: HttpRequest) -> str:
    """Return the digest of the published text that the draft is based on. `digest` is only the one last seen."""
    return (request.POST.get("began", "") or request.POST.get("digest", "")).replace("\0", "")


@require_POST
@needs(Permission.EDIT_TEXTS, asks={"question"})
def text_draft(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Save the draft for the page's script. With `do=discard`, from a button, discard it."""
    draft = draft_key(request, course, path)
    if request.POST.get("do") == "discard":
        discard_text_draft(**draft, now=request.now)
        messages.success(request, _("Draft discarded. The published text was not changed."))
        return redirect("course_texts", course.slug)
    text, digest = typed_in(request), began_in(request)
    try:
        if path == POLICY:
            refuse_unless(request, Permission.CHANGE_POLICY)
        refuse_missing_passage(course, draft)
        revision = number_in(request.POST, "revision")
        saved = save_text_draft(**draft, text=text, digest=digest, revision=revision, now=request.now)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.sentence, **refusal.facts}, status=refusal.status)
    words = date_format(localtime(saved.saved_at), "H:i:s")
    return JsonResponse({"revision": saved.revision, "words": words})


def refuse_missing_passage(course: "Course", draft: DraftKey) -> None:
    """Raise Refusal not_found, unless the course has this text or the author has a draft of it from before."""
    path, key = draft["path"], draft["key"]
    keys = {"", *(name for name, _source in question_sources(course.pk).get(path, ()))}
    is_there = path in editable_texts(course_id=course.pk) and key in keys
    if not is_there and text_draft_of(draft["user"].pk, course.pk, path, key) is None:
        raise Refusal("not_found")


def show_lost(request: HttpRequest, course: "Course", path: str) -> HttpResponse:
    """Show the draft of a file or question that the course no longer has. Raises Refusal not_found without a draft."""
    key = draft_key(request, course, path)["key"]
    draft = text_draft_of(request.user.pk, course.pk, path, key)
    if draft is None or draft.text is None:
        raise Refusal("not_found")
    return workplace_page(request, course, "authoring/lost_draft.html", section="texts", title=key or path, draft=draft)


def is_new_draft(draft: "TextDraft | None") -> bool:
    """Return whether a draft was begun as a text that the course did not have."""
    return draft is not None and draft.text is not None and draft.digest == text_digest("")


def draft_for(request: HttpRequest, course: "Course", passage: Passage) -> "TextDraft | None":
    """Return the author's draft if it differs from the published text."""
    draft = text_draft_of(request.user.pk, course.pk, passage.path, passage.key)
    return draft if draft is not None and draft.text not in (None, passage.text) else None
