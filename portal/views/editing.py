"""A course's texts, edited in the admin: checked as a whole, and never over somebody else's edit."""

from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.refusals import Refusal
from course.selectors import course_by_slug, teaches
from course.services import record_audit
from portal.services import Load, Movement, edit_course, export_course

EDITABLE = (".md", ".yaml")


@staff_member_required
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of a course that can be edited here."""
    course = taught_course(request, slug)
    paths = [path for path in sorted(export_course(course_id=course.pk)) if path.endswith(EDITABLE)]
    context = {**admin.site.each_context(request), "title": course.title, "course": course, "paths": paths}
    return render(request, "admin/course_texts.html", context)


@staff_member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """One file: what is wrong with it, by line; whose grade it would move, before it is written."""
    course = taught_course(request, slug)
    stored = export_course(course_id=course.pk).get(path)
    if stored is None or not path.endswith(EDITABLE):
        raise Refusal("not_found")
    context = {**admin.site.each_context(request), "title": path, "course": course, "path": path}
    if request.method != "POST":
        text = stored.decode()
        return render(request, "admin/edit_text.html", {**context, "text": text, "digest": digest_of(text)})
    text = request.POST.get("text", "").replace("\r\n", "\n")
    context |= {"text": text, "digest": request.POST.get("digest", "")}
    if context["digest"] != digest_of(stored.decode()):
        context |= {"theirs": stored.decode(), "digest": digest_of(stored.decode())}
        return render(request, "admin/edit_text.html", context, status=409)
    return write(request, course, path, text, context)


def write(request: HttpRequest, course: Any, path: str, text: str, context: dict[str, Any]) -> HttpResponse:
    accepted = request.POST.get("accepted", "")
    done = edit_course(
        course_id=course.pk,
        edits={path: text},
        editor_id=request.user.pk,
        accept=lambda movements: not movements or accepted == digest_of(repr(movements)),
        now=request.now,
    )
    if not isinstance(done, Load):
        return render(request, "admin/edit_text.html", {**context, "mistakes": done}, status=400)
    if not done.is_written:
        context |= {"movements": done.movements, "accepted": digest_of(repr(done.movements))}
        return render(request, "admin/edit_text.html", context, status=409)
    tell(request, course, path, done.movements)
    return redirect("edit_text", course.slug, path)


def tell(request: HttpRequest, course: Any, path: str, movements: tuple[Movement, ...]) -> None:
    record_audit(
        actor=request.user,
        action="edit_text",
        now=request.now,
        course=course,
        target=f"file:{path}",
        details={"moved_grades": len(movements)},
    )
    messages.success(
        request,
        _("Written and published. The course's folder is no longer master of this file until it is exported."),
    )


def taught_course(request: HttpRequest, slug: str) -> Any:
    """Refusal not_found for a course that is not one's own."""
    course = course_by_slug(slug)
    if not request.user.is_superuser and not teaches(request.user.pk, course.pk):
        raise Refusal("not_found")
    return course


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
