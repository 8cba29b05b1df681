"""A learner's own notes on pages, without a script: the list, changing, deleting, undoing, and the Markdown file."""

import re

import pytest

from course.models import Lesson
from lessons.models import StudyNote
from lessons.services import save_study_note
from tests import factories as make
from tests.portal.pages.test_home import make_numbered_course, text

pytestmark = pytest.mark.django_db
PASSAGE = {"section": "", "quote": "Text.", "before": "", "after": ""}


@pytest.fixture
def lesson():
    return make_numbered_course(lessons=1).modules.get(folder="01-part").lessons.get()


@pytest.fixture
def learner(lesson, client):
    learner = make.enroll(course=lesson.module.course)
    client.force_login(learner)
    save_study_note(user=learner, lesson=lesson, key="abcd1234", text="Mine.", revision=0, now=make.NOW, **PASSAGE)
    return learner


def test_the_list_changes_deletes_and_brings_back(client, lesson, learner):
    slug = lesson.module.course.slug
    address = f"/lessons/{lesson.pk}/notes/abcd1234/"
    assert "Mine." in text(client.get(f"/courses/{slug}/notes/"))
    changed = client.post(address, {"text": "Changed.", "revision": "1"}, follow=True)
    assert "Your note was saved." in text(changed)
    deleted = client.post(f"{address}delete/")
    assert "The note was deleted." in text(deleted)
    assert not StudyNote.objects.exists()
    client.post(address, {**PASSAGE, "text": "Changed."})
    assert StudyNote.objects.get().text == "Changed."


def test_who_is_not_enrolled_is_offered_to_enroll_and_comes_back_to_the_notes(client, lesson):
    course = lesson.module.course
    client.force_login(make.make_user())
    page = text(client.get(f"/courses/{course.slug}/notes/"))
    assert ("Only people who are enrolled can highlight text" in page, "You have no notes yet" in page) == (True, False)
    fields = {"name": "Mina Okafor", "next": re.search('name="next" value="(.*?)"', page)[1]}
    enrolled = client.post(f"/courses/{course.slug}/enroll/", fields, follow=True)
    assert enrolled.redirect_chain == [(f"/courses/{course.slug}/notes/", 302)]
    assert "You have no notes yet" in text(enrolled)


def test_nobody_is_offered_to_enroll_in_an_archived_course_to_write_notes(client, lesson):
    course = lesson.module.course
    type(course).objects.filter(pk=course.pk).update(archived_at=make.NOW)
    client.force_login(make.make_user())
    page = text(client.get(f"/courses/{course.slug}/notes/"))
    assert ("nobody can enroll in it any more" in page, f"/courses/{course.slug}/enroll/" in page) == (True, False)


def test_a_script_hears_the_revision_and_a_refusal_as_json(client, lesson, learner):
    address, script = f"/lessons/{lesson.pk}/notes/abcd1234/", {"Accept": "application/json"}
    saved = client.post(address, {"text": "Two.", "revision": "1"}, headers=script)
    assert saved.json()["revision"] == 2
    stale = client.post(address, {"text": "Three.", "revision": "1"}, headers=script)
    assert (stale.status_code, stale.json()["note"]) == (409, {"text": "Two.", "revision": 2})


def test_the_file_holds_the_notes_of_retired_lessons_too(client, lesson, learner):
    Lesson.objects.filter(pk=lesson.pk).update(is_retired=True)
    slug = lesson.module.course.slug
    assert "no longer in the course" in text(client.get(f"/courses/{slug}/notes/"))
    file = client.get(f"/courses/{slug}/notes/notes.md")
    assert file.headers["Content-Disposition"] == f'attachment; filename="notes-{slug}.md"'
    assert file.content.decode().endswith("> Text.\n\n*This passage is no longer in the lesson.*\n\nMine.\n")


def test_only_the_learner_sees_them_also_when_an_instructor_views_as_the_learner(client, lesson, learner):
    course = lesson.module.course
    teacher = make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")
    client.force_login(teacher)
    client.post(f"/admin/courses/{course.slug}/learners/{learner.pk}/view/", {"reason": "To help."})
    for address in (f"/courses/{course.slug}/notes/", f"/courses/{course.slug}/notes/notes.md"):
        assert "Mine." not in client.get(address).content.decode()
    page = client.get(f"/lessons/{lesson.pk}/").content.decode()
    assert "You see the course as" in page
    assert "data-notes" not in page
    client.force_login(learner)
    assert "data-notes" in client.get(f"/lessons/{lesson.pk}/").content.decode()
