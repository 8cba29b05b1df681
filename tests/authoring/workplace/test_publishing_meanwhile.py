"""Somebody publishes while a page reads the course to publish something else, or the audit cannot be written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authoring.folder import read_document
from authoring.services import course_edits, export_course, publishing
from course.models import Course, TextDraft
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.publishing import edit_course
from tests.authoring.workplace.test_course_dates import dated_files, load, seen_on
from tests.authoring.workplace.test_new_texts import FOLDER, begin_lab
from tests.authoring.workplace.test_policy import send
from tests.authoring.workplace.test_tryouts import words
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
COURSE = "/admin/courses/nasty"
OTHER = "about/about.md"
SAID = "Somebody has published texts of this course since you read them."


@pytest.fixture
def course():
    return load(dated_files())


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def by_form(client):
    return send(client, "publish", f"{COURSE}/policy/", pass_percent="65")


def by_editor(client):
    address = f"{COURSE}/texts/edit/course.yaml"
    page = client.get(address).context
    text = page["text"].replace("pass_percent: 70", "pass_percent: 65")
    return client.post(address, {"text": text, "digest": page["digest"], "revision": 0, "do": "publish"})


def by_late_policy(client):
    return client.post(f"{COURSE}/dates/late/?of=course", {"percent_per_day": "10"})


def by_shift(client):
    address = f"{COURSE}/dates/?days=14"
    return client.post(address, {"days": "14", "seen": seen_on(client.get(address))}, follow=True)


def by_upload(client):
    upload = SimpleUploadedFile("more.csv", b"a,b\n")
    return client.post(
        reverse("course_files", args=["nasty"]), {"files": [upload], "reason": "A better one.", "known": "data"}
    )


WAYS = {  # the status of a refusal
    by_form: 409,
    by_editor: 409,
    by_late_policy: 409,
    by_shift: 200,  # after a redirect to the new preview
    by_upload: 400,
}


@pytest.fixture
def meanwhile(course, monkeypatch):
    """Publish another text while the next publication reads the course. Return the folder after that."""
    read, editor = course_edits.read_folder, make.make_user(is_staff=True)
    before = export_course(course_id=course.pk)
    other = before[OTHER].decode().replace("Eight rules", "8 rules")

    def publish_and_read(files):
        monkeypatch.setattr(course_edits, "read_folder", read)
        edit_course(course, {OTHER: other}, editor)
        return read(files)

    monkeypatch.setattr(course_edits, "read_folder", publish_and_read)
    return before | {OTHER: other.encode()}


@pytest.mark.parametrize("publish", WAYS)
def test_a_page_says_that_a_text_was_published_meanwhile_and_reverts_nothing(teacher, course, meanwhile, publish):
    page = publish(teacher)
    assert (page.status_code, SAID in words(page)) == (WAYS[publish], True)
    assert export_course(course_id=course.pk) == meanwhile
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("publish", [by_form, by_editor])
def test_what_was_typed_stays_a_draft_and_is_published_by_another_click(teacher, course, meanwhile, publish):
    publish(teacher)
    assert read_document(TextDraft.objects.get(path="course.yaml").text).data["pass_percent"] == 65
    assert send(teacher, "publish", f"{COURSE}/policy/").status_code == 302
    assert "pass_percent: 65" in Course.objects.get().source


def test_a_lab_is_not_published_over_a_text_that_was_published_meanwhile(teacher, course, request):
    address = begin_lab(teacher, course).url  # it reads the course, too
    meanwhile = request.getfixturevalue("meanwhile")
    page = teacher.post(address, {"do": "publish"})
    assert (page.status_code, SAID in words(page)) == (409, True)
    assert export_course(course_id=course.pk) == meanwhile
    assert TextDraft.objects.filter(path__startswith=FOLDER, text__isnull=False).count() == 5


@pytest.mark.parametrize("publish", WAYS)
def test_nothing_is_published_without_its_entry_in_the_audit(teacher, course, monkeypatch, publish):
    def fail(**_):
        raise OSError("the disk is full")

    before = export_course(course_id=course.pk)
    monkeypatch.setattr(publishing, "record_audit", fail)
    with pytest.raises(OSError, match="the disk is full"):
        publish(teacher)
    assert export_course(course_id=course.pk) == before
