"""The page of settings: what the course says now, and where each setting is changed."""

import pytest
from django.urls import reverse

from course.models import Course
from tests import factories as make
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import course, teacher
from tests.portal.workplace.people import staff_in

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db
SETTINGS = "/admin/courses/nasty/settings/"


def said(client):
    return {line.title: line.now for line in client.get(SETTINGS).context["lines"]}


def test_every_line_leads_to_a_page_that_opens(teacher, course):
    lines = teacher.get(SETTINGS).context["lines"]
    assert [teacher.get(line.url).status_code for line in lines] == [200] * 8


def test_each_page_of_a_setting_leads_back(teacher, course):
    for line in teacher.get(SETTINGS).context["lines"]:
        page = teacher.get(line.url).content.decode()
        is_of_class = line.url == reverse("joining", args=[course.slug])
        assert (f'href="{SETTINGS}"' in page, is_of_class or page.count(f'href="{SETTINGS}"') > 1) == (True, True), (
            line.title
        )


def test_the_lines_say_what_is_set(teacher, course):
    before = said(teacher)
    assert before["Grading policy"].startswith("Pass at ")
    assert before["Roles"] == "1 person teaches this course"
    staff_in(course, "assistant")
    Course.objects.filter(pk=course.pk).update(visibility="hidden", joining_here="closed")
    after = said(teacher)
    assert after["Roles"] == "2 people teach this course"
    assert after["Visibility and archive"] == "Only those who teach it"
    assert after["Who may join"] == "Nobody; enrollment is closed"


def test_an_archived_course_says_that_it_can_only_be_read(teacher, course):
    Course.objects.filter(pk=course.pk).update(archived_at=make.NOW)
    assert said(teacher)["Visibility and archive"] == "Archived: everything can be read, and nothing is accepted."


def test_only_who_may_change_the_policy_sees_the_settings(client, course):
    client.force_login(staff_in(course, "assistant"))
    assert client.get(SETTINGS).status_code == 403
    assert f'href="{SETTINGS}"' not in client.get(reverse("dashboard", args=[course.slug])).content.decode()


def test_a_late_policy_and_dates_are_counted(teacher, course):
    load(
        edited(
            "course.yaml", "enrollment: code", "enrollment: code\nlate: {percent_per_day: 10}\ndue: 2027-01-01 10:00"
        )
    )
    now = said(teacher)
    assert now["Late answers"] == "10 % less for each day"
    assert now["Dates"].endswith(("date", "dates"))
