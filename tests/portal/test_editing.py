"""Texts edited in the admin: checked, never over another's edit, and never moving a grade unasked."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from course.models import AuditEntry, Course, Enrollment, Lesson
from tests import factories as make

pytestmark = pytest.mark.django_db
NASTY = Path(__file__).parent.parent / "nasty-course"


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    person = make.make_user(is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=make.NOW)
    client.force_login(person)
    return person


def opened(client, course, path):
    page = client.get(reverse("edit_text", args=[course.slug, path]))
    return {"text": page.context["text"], "digest": page.context["digest"]}


def test_an_edit_is_published_recorded_and_kept_by_the_next_load(client, course, teacher):
    lesson = Lesson.objects.exclude(path="").first()
    form = opened(client, course, lesson.path)
    url = reverse("edit_text", args=[course.slug, lesson.path])
    answer = client.post(url, {**form, "text": form["text"] + "\nAnother sentence.\n"})
    lesson.refresh_from_db()
    assert (answer.status_code, "Another sentence." in lesson.html, lesson.edited_by) == (302, True, teacher)
    assert AuditEntry.objects.get().action == "edit_text"
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    lesson.refresh_from_db()
    assert "Another sentence." in lesson.html


def test_two_people_never_overwrite_each_other_silently(client, course, teacher):
    path = Lesson.objects.exclude(path="").first().path
    url, form = reverse("edit_text", args=[course.slug, path]), opened(client, course, path)
    assert client.post(url, {**form, "text": form["text"] + "\nMine.\n"}).status_code == 302
    late = client.post(url, {**form, "text": form["text"] + "\nTheirs.\n"})
    assert late.status_code == 409
    assert "Mine." in late.context["theirs"]
    assert "Theirs." in late.context["text"]


def test_a_mistake_is_named_with_its_line_and_nothing_is_written(client, course, teacher):
    lesson = Lesson.objects.exclude(path="").first()
    before = lesson.html
    form = opened(client, course, lesson.path)
    answer = client.post(reverse("edit_text", args=[course.slug, lesson.path]), {**form, "text": "no front matter"})
    lesson.refresh_from_db()
    assert (answer.status_code, lesson.html) == (400, before)
    assert f"{lesson.path}:1:" in answer.content.decode()


def test_others_find_nothing_here(client, course):
    path = Lesson.objects.exclude(path="").first().path
    client.force_login(make.make_user(is_staff=True))
    assert client.get(reverse("course_texts", args=[course.slug])).status_code == 404
    assert client.get(reverse("edit_text", args=[course.slug, path])).status_code == 404
    client.force_login(make.make_user())
    assert client.get(reverse("course_texts", args=[course.slug])).status_code == 302
