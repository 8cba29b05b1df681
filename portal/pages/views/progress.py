"""Progress: the grade, everything that it consists of, and what is still needed."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import published_course
from grading.rules.arithmetic import percent_down
from grading.rules.course_grade import CategoryGrade, CourseGrade
from grading.rules.outlook import Exam, outlooks
from grading.selectors import certificate_of
from people.access import learner_or_preview
from portal.gradebook.selectors.notices import notices_for
from portal.pages.selectors import coming_dates, running_exam_in
from quizzes.services import settle_grades


@login_required
@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    course = published_course(slug)
    learner_id = learner_or_preview(request.user, course.pk)
    grades = settle_grades(now=request.now, learner_id=request.user.pk, course_id=course.pk)
    grade = grades.grade_shown(request.user.pk, course.pk)
    context = {
        "course": course,
        "section": "progress",
        "page_key": "progress",
        "is_preview": learner_id is None,
        "now": request.now,
        "running_exam": running_exam_in(grades.running, request.now),
        "grade": grade,
        "coming": coming_dates(course.pk, request.user.pk, grade, request.now),
        "has_begun": any(item.state != "not_started" for item in grade.items),
        "certificate": certificate_of(request.user.pk, course.pk) if grade.is_certified or grade.is_revoked else None,
        "notices": notices_for(learner_id, course.pk, grade.untold) if learner_id and grade.has_notices else [],
        **outlook_of(grade),
    }
    return render(request, "grading/progress.html", context)


@lru_cache(maxsize=1024)
def outlook_of(grade: CourseGrade) -> dict[str, object]:
    """Return the chart of D26 before the exam is started. Empty afterward, and for courses with another scheme."""
    if grade.need is None or grade.need.state not in {"exam", "review_first"}:
        return {}
    category = next(found for found in grade.categories if found.key == grade.need_category)
    exam = exam_ahead(grade, category)
    needed = Decimal(grade.need.points) if grade.need.state == "exam" and grade.need.points else None
    return {
        "exam": category.items[0],
        "exam_category": category,
        "outlooks": outlooks(exam, needed),
        "lowest": percent_down(exam.rest),
        "highest": percent_down(exam.overall(exam.possible)),
        "plot": plot(exam),
        "least": grade.need.percent if needed is not None else None,
    }


def exam_ahead(grade: CourseGrade, category: CategoryGrade) -> Exam:
    return Exam(
        possible=Decimal(category.items[0].points_possible),
        weight=category.share,
        rest=Fraction(grade.exact - category.exact),
        pass_percent=Decimal(grade.pass_percent),
    )


HEIGHT = 256


def plot(exam: Exam) -> dict[str, object]:
    """Return the lines of the plot: y in pixels from the top, x in percent."""
    goal = exam.pass_percent
    marks = sorted({0, 20, 40, 100} | {int(goal)})
    return {
        "grid": [{"at": height(mark), "text_at": height(mark) + 4, "text": mark} for mark in marks],
        "ticks": [{"at": percent, "text": percent} for percent in range(0, 101, 20)],
        "goal": height(goal),
        "from": height(exam.rest * 100),
        "to": height(exam.overall(exam.possible) * 100),
    }


def height(percent: Fraction | Decimal | int) -> int:
    return HEIGHT - int(Fraction(percent) * HEIGHT / 100)
