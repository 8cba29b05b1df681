"""Where a learner arrives after enrolling: at the first program of the course, which one press runs."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from course.selectors import first_program

if TYPE_CHECKING:
    from course.models import Course


def show_first_program(request: HttpRequest, course: "Course") -> HttpResponse:
    """Lead to the first program that learners can run now, or else to the outline."""
    program = first_program(course.pk, request.now)
    if program is None:
        sentence = _("You are enrolled. Your responses now count. This page shows what is left to do.")
        messages.success(request, sentence)
        return redirect("course", course.slug)
    lesson_id, listing = program
    messages.success(request, _("You are enrolled. Press Run, and your first program runs. Nothing here is graded."))
    return redirect(f"{reverse('lesson', args=[lesson_id])}#c-{listing}")
