"""Lessons' links by key, and the files of a course that a page shows or offers."""

import mimetypes
from codecs import BOM_UTF8

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from authoring.folder.files import NUMBER_OF_DIGITS
from course.markup import UnfitDrawing, cleaned_drawing
from course.selectors import file_of, lesson_by_key
from labs.workbench import lab_by_key
from people.access import course_seen
from portal.refusals import Refusal

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
DRAWING = "image/svg+xml"
CAPTIONS, SIGNATURE = "text/vtt", b"WEBVTT"  # the signature may follow a byte order mark
# A drawing of another program that somebody opens by itself may run and load nothing.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
FOREVER = "public, max-age=31536000, immutable"  # changed content has a different digest in its address


@require_safe
def course_file(request: HttpRequest, slug: str, digest: str, path: str) -> HttpResponse:
    """Show pictures and captions, and offer other files as downloads.

    Only requests with the whole digest are served, because programs that compute keys and judge labs are stored beside
    the figures.
    """
    course = course_seen(request.user, slug)
    file = file_of(slug, path)
    if file is None or file.digest[:NUMBER_OF_DIGITS] != digest:
        raise Refusal("not_found")
    kind, _ = mimetypes.guess_type(path)
    headers = {"Cache-Control": FOREVER if course.visibility == "listed" else FOREVER.replace("public", "private")}
    if kind in PICTURES:
        return HttpResponse(bytes(file.content), content_type=kind, headers=headers)
    if kind == DRAWING and (drawing := shown_drawing(bytes(file.content))):
        headers["Content-Security-Policy"] = DRAWING_POLICY
        return HttpResponse(drawing, content_type=DRAWING, headers=headers)
    if path.lower().endswith(".vtt") and bytes(file.content).removeprefix(BOM_UTF8).startswith(SIGNATURE):
        return HttpResponse(bytes(file.content), content_type=f"{CAPTIONS}; charset=utf-8", headers=headers)
    name = path.rpartition("/")[2]
    headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(bytes(file.content), content_type="application/octet-stream", headers=headers)


def shown_drawing(content: bytes) -> bytes:
    """Return a drawing as an <img> may show it, or nothing if it cannot be cleaned."""
    try:
        return cleaned_drawing(content)
    except UnfitDrawing:
        return b""


@require_safe
def course_page(request: HttpRequest, slug: str, kind: str, key: str) -> HttpResponse:
    """Redirect `lesson:KEY` and `lab:KEY` to their pages."""
    find = {"lesson": lesson_by_key, "lab": lab_by_key}.get(kind)
    if find is None:
        raise Refusal("not_found")
    return redirect(kind, find(course_seen(request.user, slug), key).pk)
