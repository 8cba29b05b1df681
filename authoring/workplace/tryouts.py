"""Try a lab from the editor, with the author's drafts, and see one result after another."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.folder import Mistake, lab_folder
from authoring.refusals import Refusal
from authoring.services import Publication, edit_texts, editable_texts, preview_text, publish, try_drafted_lab
from authoring.workplace.publishing import (
    asked_before,
    confirmed_in,
    reason_in,
    tell_lab_outdated,
    tell_published,
)
from authoring.workplace.text_drafts import discard_drafts
from course.selectors import drafted_texts, text_drafts_of
from course.services import text_digest
from foundation.frame.outcomes import REFRESH
from labs.selectors import tryout_of
from labs.services import end_tryout
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def lab_tryout(request: HttpRequest, course: "Course", folder: str) -> HttpResponse:
    """Show the results of the author's last tryout of the lab in this folder. A POST begins another one, or ends it."""
    if not lab_files(request, course, folder):
        raise Refusal("not_found")
    if request.method != "POST":
        return show_tryout(request, course, folder)
    if request.POST.get("do") == "stop":
        end_tryout(author=request.user, course=course, folder=folder, now=request.now)
        return redirect("lab_tryout", course.slug, folder)
    if request.POST.get("do") == "publish":
        return publish_lab(request, course, folder)
    return begin_trials(request, course, folder)


def begin_trials(request: HttpRequest, course: "Course", folder: str) -> HttpResponse:
    """Begin a tryout, or show why it cannot begin."""
    try:
        done = try_drafted_lab(course=course, folder=folder, author=request.user, now=request.now)
    except Refusal as refusal:
        if refusal.code != "tryout_running":
            raise
        return show_tryout(request, course, folder, status=409, refused=refusal.sentence)
    if isinstance(done, tuple):
        return show_tryout(request, course, folder, status=400, mistakes=done)
    return redirect("lab_tryout", course.slug, folder)


def show_tryout(
    request: HttpRequest,
    course: "Course",
    folder: str,
    *,
    status: int = 200,
    refused: str = "",
    mistakes: tuple[Mistake, ...] = (),
    plan: Publication | None = None,
) -> HttpResponse:
    tryout = tryout_of(request.user.pk, course.pk, folder)
    drafted = {draft.path for draft in text_drafts_of(request.user.pk, course.pk)}
    answer = workplace_page(
        request,
        course,
        "authoring/lab_tryout.html",
        status=status,
        section="texts",
        title=_("Trials of %s") % folder.rpartition("/")[2],
        folder=folder,
        files=[(path, path in drafted) for path in lab_files(request, course, folder)],
        has_drafts=any(lab_folder(path) == folder for path in drafted),
        tryout=tryout,
        problems=sum(bool(row["problems"]) for row in tryout.results) if tryout else 0,
        refused=refused,
        mistakes=mistakes,
        was_published=request.POST.get("do") == "publish",
        **asked_before(plan),
    )
    if tryout is not None and tryout.finished_at is None and request.method == "GET":
        answer["Refresh"] = REFRESH
    return answer


def publish_lab(request: HttpRequest, course: "Course", folder: str) -> HttpResponse:
    """Publish the author's drafts of all files of a lab at once, or show why that cannot be."""
    drafts = drafted_texts(request.user.pk, course.pk, f"{folder}/")
    published = editable_texts(course_id=course.pk)
    for path, draft in drafts.items():
        if draft.digest != text_digest(published.get(path, "")):
            sentence = _("A newer version of {path} was published after you began its draft. Open it and compare them.")
            return show_tryout(request, course, folder, status=409, refused=sentence.format(path=path))
    try:
        edit = edit_texts(
            course=course,
            texts={path: draft.text for path, draft in drafts.items()},
            based_on={path: published.get(path, "") for path in drafts},
            editor=request.user,
            reason=reason_in(request),
        )
        done = publish(edit=edit, confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        if refusal.code == "lab_untried":  # its trial has begun, and the page follows it
            messages.warning(request, refusal.sentence)
            return redirect("lab_tryout", course.slug, folder)
        return show_tryout(request, course, folder, status=refusal.status, refused=refusal.sentence)
    if done.mistakes:
        return show_tryout(request, course, folder, status=400, mistakes=done.mistakes)
    if not done.is_written:
        return show_tryout(request, course, folder, status=409, plan=done)
    discard_drafts(request, course, drafts.values())
    tell_published(request)
    head = f"{folder}/lab.yaml"
    text = editable_texts(course_id=course.pk)[head]
    if lab := preview_text(course_id=course.pk, path=head, text=text).lab:
        tell_lab_outdated(request, course, lab.key)
    return redirect("lab_tryout", course.slug, folder)


def lab_files(request: HttpRequest, course: "Course", folder: str) -> list[str]:
    """Return the paths of a lab's texts, with those that only the author has drafted; none if no lab is in this folder."""
    if not folder or "\0" in folder:
        return []
    paths = {*editable_texts(course_id=course.pk), *drafted_texts(request.user.pk, course.pk, f"{folder}/")}
    return sorted(path for path in paths if lab_folder(path) == folder)
