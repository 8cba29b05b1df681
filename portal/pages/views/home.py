from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from announcements.selectors import is_announcing, new_announcements
from course.selectors import about_lessons, published, published_course
from grading.selectors import CertificateState, certificate_of, scheme_of
from grading.services import settle_grades
from people.access import lines_seen
from people.rules.roles import Permission, permissions_of
from people.selectors import listed_courses
from portal.goals.rules.goals import week_of
from portal.goals.selectors import goal_seen, studied_in
from portal.pages.selectors import Catalogue, catalogue_of, coming_dates
from practice.selectors import has_practice_ahead
from quizzes.selectors import attempt_limits_in
from quizzes.selectors.running import running_exam_in

if TYPE_CHECKING:
    from accounts.models import User
    from announcements.models import Announcement

NEWS_SHOWN = 5


def home(request: HttpRequest) -> HttpResponse:
    """Show the courses. Learners first see where they left off and what they still need to pass."""
    user_id = request.user.pk
    grades = None if user_id is None else settle_grades(now=request.now, learner_id=user_id)
    catalogue = catalogue_of(listed_courses(lines_seen(request.user), user_id), user_id, grades, request.now)
    running = {"running_exam": running_exam_in(grades.running, request.now)} if grades else {}
    context = {
        "section": "home",
        "announcements": news_for(request.user, catalogue),
        "catalogue": catalogue,
        "course": catalogue.only,
        "coming": coming_dates(catalogue.front.pk, user_id, catalogue.grade, request.now)
        if catalogue.is_enrolled
        else (),
        "certificate": certificate_on(catalogue, user_id),
        "workplace": workplace_of(request.user, catalogue),
        "attempts": attempt_numbers(attempt_limits_in(catalogue.front.pk)) if catalogue.front else {},
        "revision": published(catalogue.front.pk).revision if catalogue.front else None,
        **running,
        **week_on(catalogue, user_id, request.now),
        "may_practice": catalogue.is_taken
        and has_practice_ahead(user_id, catalogue.front.pk, get_current_timezone(), request.now),
    }
    return render(request, "portal/home.html", context)


def news_for(user: "User", catalogue: Catalogue) -> "list[Announcement]":
    """Return the announcements this learner has not seen. Runs a query only if their courses have announcements."""
    taken = [line.course.pk for line in catalogue.lines if line.is_enrolled and line.course.archived_at is None]
    taken = [course_id for course_id in taken if is_announcing(course_id)]
    return list(new_announcements(user, taken)[:NEWS_SHOWN]) if taken else []


def week_on(catalogue: Catalogue, user_id: int, now: datetime) -> dict[str, object]:
    """Return the weekly goal in the course at the top of the page, with the week. Runs queries only if there is a goal."""
    goal = goal_seen(user_id, catalogue.front.pk) if catalogue.is_taken else None
    if goal is None:
        return {}
    week = studied_in(catalogue.front.pk, user_id, week_of(now, goal.zone))
    return {"goal": goal, "week": week, "today": now.astimezone(goal.zone).date()}


def attempt_numbers(limits: Collection[tuple[str, int]]) -> dict[str, int | None]:
    """Return the fewest and the most attempts at a question, and those at True/False and at any other if all agree."""
    every = {limit for _type, limit in limits}
    at_two_choices = {limit for name, limit in limits if name == "true_false"}
    others = {limit for name, limit in limits if name != "true_false"}
    return {
        "least": min(every, default=None),
        "most": max(every, default=None),
        "two_choices": same_number(at_two_choices),
        "other": same_number(others),
    }


def same_number(numbers: Collection[int]) -> int | None:
    return next(iter(numbers)) if len(numbers) == 1 else None


def certificate_on(catalogue: Catalogue, user_id: int) -> CertificateState | None:
    """Return the valid certificate of the course at the top of the page. Runs queries only for those who hold one."""
    if not catalogue.is_taken or catalogue.grade is None or not catalogue.grade.is_certified:
        return None
    return certificate_of(user_id, catalogue.front.pk)


def workplace_of(user: "User", catalogue: Catalogue) -> str:
    """Return the first page of the workplace of the course at the top, "" for people without a role there."""
    if not (catalogue.is_taught and user.is_staff):
        return ""
    sees_grades = Permission.SEE_GRADES in permissions_of(catalogue.front.role)
    return reverse("dashboard" if sees_grades else "course_texts", args=[catalogue.front.slug])


def about(request: HttpRequest) -> HttpResponse:
    """Show what the course says about itself: its topics, the rules, how questions and the exam work."""
    line = next(iter(lines_seen(request.user)), None)
    course = published_course(line.slug) if line else None
    lessons = about_lessons(course.pk) if course else []
    scheme = scheme_of(course.pk) if course else None
    context = {"section": "about", "course": course, "lessons": lessons, "scheme": scheme}
    return render(request, "portal/about.html", context)


def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/shortcuts.html", {})
