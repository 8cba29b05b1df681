"""The dashboard of a course that nobody takes yet: what is left to do until it opens to learners."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from authoring.services import SUMMARY_TO_WRITE
from course.selectors import modules_of
from labs.selectors import lab_activities
from people.gate import workplace_page
from people.selectors import personal_invitations_of, staff_of
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from course.models import Course
    from quizzes.selectors import CourseOverview


@dataclass(frozen=True)
class FirstStep:
    """Something to do before the course opens. `is_done` is None where nobody but the instructor can tell."""

    title: str
    about: str
    url: str
    is_done: bool | None = None


def is_beginning(course: "Course", overview: "CourseOverview | None") -> bool:
    """Tell whether the course is still hidden and has no learner. A large course without an overview has some."""
    is_empty = overview is not None and not overview.learners
    return is_empty and course.visibility == "hidden" and course.archived_at is None


def first_steps_page(request: HttpRequest, course: "Course") -> HttpResponse:
    return workplace_page(
        request,
        course,
        "workplace/first_steps.html",
        section="dashboard",
        title=course.title,
        steps=first_steps(course),
    )


def first_steps(course: "Course") -> list[FirstStep]:
    """Return the steps in order, without the last one, which opens the course. Runs a constant number of queries."""
    lessons = sum(len(module.lessons.all()) for module in modules_of(course))
    activities = len(assessments_of(course.pk)) + len(lab_activities(course.pk))
    has_dates = any((course.opens_at, course.due_at, course.closes_at))
    address = partial(reverse, args=[course.slug])
    return [
        FirstStep(
            _("Write the first module and its lessons"),
            _("Add a module by its title, then its lessons. Review questions also need an objective of the module."),
            address("arrange"),
            lessons > 0,
        ),
        FirstStep(
            _("Add something that counts"),
            _("Review questions in a module, a quiz, an exam, or a lab with tests."),
            address("arrange"),
            activities > 0,
        ),
        FirstStep(
            _("Check how the course grades"),
            _("The weights of the categories, the line to pass, and when learners see correct answers."),
            address("grading_policy"),
        ),
        FirstStep(
            _("Set the dates, if the course has any"),
            _("When exams and review questions open, fall due and close. Exams leads to the dates of each."),
            address("course_dates"),
            has_dates or None,
        ),
        FirstStep(
            _("Appoint those who teach with you"),
            _("Assistants, authors, observers and other instructors, by username or by email."),
            address("instructors"),
            len(staff_of(course.pk)) > 1 or None,
        ),
        FirstStep(
            _("Decide who may join"),
            _(
                "By an invitation, a code, a class list, or everybody. Learners are invited once they may see the course."
            ),
            address("joining"),
            personal_invitations_of(course.pk).filter(role="learner").exists() or None,
        ),
        FirstStep(
            _("Say what learners will learn"),
            _("One or two sentences, which are on the page of the course."),
            address("about_course"),
            course.summary not in ("", SUMMARY_TO_WRITE),
        ),
        FirstStep(
            _("Look at the course as learners do"),
            _("You see every page as a preview, and nothing is saved."),
            address("course"),
        ),
    ]
