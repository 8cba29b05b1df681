"""A course from an uploaded folder: a preview first, then the hidden course with exactly the files of the folder."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authoring.folder import read_files
from authoring.services import create_course, create_uploaded_course, export_course, plan_uploaded_course
from authoring.services import uploaded_courses as uploads
from config.environment import ROOT
from course.models import Course
from foundation.refusals import Refusal
from people.models import Enrollment
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_archives import packed_files
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
SAMPLE = read_files(ROOT / "content" / "samples" / "first-steps-in-statistics")
PAGE, SLUG = "/admin/new-course/folder/", "first-steps-in-statistics"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def creator():
    return make.make_user(username="ines", is_course_creator=True)


@pytest.fixture
def page(client, creator):
    client.force_login(creator)
    return client


def planned(files, author, **wanted):
    return plan_uploaded_course(packed=packed_files(files), author=author, **wanted)


def created(plan, author, expected=None):
    expected = plan.digest if expected is None else expected
    return create_uploaded_course(plan=plan, expected=expected, author=author, now=make.NOW)


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def upload(files, name="course.zip"):
    content = files if isinstance(files, bytes) else packed_files(files, "course/")
    return SimpleUploadedFile(name, content, content_type="application/zip")


@pytest.mark.parametrize(
    "files",
    [SAMPLE, nasty_files(), read_files(ROOT / "content" / "deep-learning-with-tensorflow")],
    ids=["sample", "nasty", "shipped"],
)
def test_a_folder_becomes_a_course_whose_export_is_equal(creator, files):
    course = created(planned(files, creator), creator)
    assert export_course(course_id=course.pk) == files


def test_a_folder_that_was_downloaded_becomes_an_equal_course_under_another_address(page, creator):
    made = {"slug": "first", "title": "First", "sample": SLUG, "zone": "UTC"}
    first = create_course(**made, author=creator, now=make.NOW)
    downloaded = page.get(reverse("folder_zip", args=[first.slug])).content
    with ZipFile(BytesIO(downloaded)) as archive:
        assert all(name.startswith("first/") for name in archive.namelist())
    again = created(plan_uploaded_course(packed=downloaded, slug="second", author=creator), creator)
    files = export_course(course_id=first.pk)
    files["course.yaml"] = files["course.yaml"].replace(b'slug: "first"', b'slug: "second"')
    assert export_course(course_id=again.pk) == files


def test_the_course_is_hidden_and_taught_by_its_author_as_the_audit_says(creator):
    course = created(planned(SAMPLE, creator, slug="mine", title="Mine: “1”"), creator)
    assert (course.slug, course.title, course.visibility) == ("mine", "Mine: “1”", "hidden")
    assert [(row.user, row.role) for row in Enrollment.objects.filter(course=course)] == [(creator, "instructor")]
    (entry,) = AuditEntry.objects.filter(action="create_course")
    assert (entry.actor, entry.course, entry.details) == (creator, course, {"from": "an uploaded folder"})


def test_the_plan_says_what_each_section_has_and_writes_nothing(creator):
    plan = planned(SAMPLE, creator)
    assert (plan.slug, plan.files, plan.size) == (SLUG, len(SAMPLE), sum(map(len, SAMPLE.values())))
    assert (plan.labs, plan.lessons) == (2, sum(len(section.lessons) for section in plan.sections))
    assert plan.questions == sum(section.review_questions + section.exam_questions for section in plan.sections)
    assert all((section.title, section.lessons) > ("", ()) for section in plan.sections)
    assert not Course.objects.exists()


def test_labs_whose_tests_have_not_passed_here_are_named(creator, monkeypatch):
    plan = planned(nasty_files(), creator)
    assert plan.untried == tuple(lab.title for lab in plan.text.labs if lab.tests) != ()
    monkeypatch.setattr(uploads, "passed_among", lambda digests: digests)
    assert planned(nasty_files(), creator).untried == ()


def test_only_those_whom_an_administrator_allowed_it_upload_a_course(client, creator):
    for person in (make.make_user(), make.make_user(is_staff=True), instructor_of(make.make_course())):
        assert code_of(lambda person=person: planned(SAMPLE, person)) == "not_permitted"
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")
    client.force_login(instructor_of(make.make_course()))
    assert [client.get(PAGE).status_code, client.post(PAGE, {"folder": upload(SAMPLE)}).status_code] == [403, 403]


def test_another_folder_than_the_previewed_one_and_a_taken_address_make_no_course(creator):
    plan = planned(SAMPLE, creator)
    other = planned({**SAMPLE, "about/10-about.md": SAMPLE["about/10-about.md"] + b"\nMore.\n"}, creator)
    assert code_of(lambda: created(other, creator, plan.digest)) == "upload_changed"
    created(plan, creator)
    assert code_of(lambda: created(plan, creator)) == "course_exists"  # planned before, and published meanwhile
    assert planned(SAMPLE, creator).is_taken
    assert code_of(lambda: created(planned(SAMPLE, creator), creator)) == "course_exists"
    assert Course.objects.count() == 1


def test_mistakes_are_named_by_file_and_line_and_keep_the_course_from_being_made(creator):
    files = {**SAMPLE, "course.yaml": SAMPLE["course.yaml"].replace(b"pass_percent: ", b"pass_percnt: ", 1)}
    plan = planned(files, creator)
    assert "course.yaml" in {mistake.path for mistake in plan.mistakes}
    with pytest.raises(ValueError, match="mistakes"):
        created(plan, creator)


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xfes\0l\0u\0g\0",
        b"slug: caf\xe9\n",
        b"- a list\n",
        b"",
        b"{slug: x",
        b"slug: &a x\ntitle: *a\n",
        b"[" * 5000,
    ],
)
def test_a_course_yaml_that_cannot_be_read_is_a_mistake_with_and_without_another_title(creator, head):
    for wanted in ({}, {"title": "Mine", "slug": "mine"}):
        assert planned({**SAMPLE, "course.yaml": head}, creator, **wanted).mistakes != ()


def test_a_course_yaml_whose_title_cannot_be_replaced_keeps_its_own_title_only(creator):
    head = SAMPLE["course.yaml"].replace(b"title: First", b"? title\n: First", 1)
    files = {**SAMPLE, "course.yaml": head}
    assert (head != SAMPLE["course.yaml"], planned(files, creator).mistakes) == (True, ())
    assert code_of(lambda: planned(files, creator, title="Mine")) == "copy_unfit"


def test_the_page_shows_a_preview_and_then_creates_the_course(page):
    shown = page.get(PAGE)
    assert (shown.status_code, "Preview" in text(shown), "Create this course" in text(shown)) == (200, True, False)
    preview = page.post(PAGE, {"folder": upload(SAMPLE), "title": "", "slug": ""})
    assert (preview.status_code, "Create this course" in text(preview), Course.objects.count()) == (200, True, 0)
    assert "First Steps in Statistics" in text(preview)
    expected = re.search(r'name="expected" value="(\w+)"', preview.content.decode())[1]
    answer = page.post(PAGE, {"folder": upload(SAMPLE), "title": "", "slug": "", "expected": expected})
    assert answer.headers["Location"] == reverse("dashboard", args=[SLUG])
    assert export_course(course_id=Course.objects.get().pk) == SAMPLE


def test_the_page_names_mistakes_and_offers_no_course(page):
    files = {**SAMPLE, "about/10-about.md": b"no front\n"}
    answer = page.post(PAGE, {"folder": upload(files)})
    assert (answer.status_code, "about/10-about.md:1:" in text(answer)) == (400, True)
    sent = {"folder": upload(files), "expected": answer.context["plan"].digest}
    assert ("Create this course" in text(answer), page.post(PAGE, sent).status_code) == (False, 400)
    assert not Course.objects.exists()


def test_the_page_counts_the_mistakes_that_it_does_not_list(page):
    strays = {f"stray-{number:03}.txt": b"x" for number in range(130)}
    answer = page.post(PAGE, {"folder": upload({**SAMPLE, **strays})})
    assert (len(answer.context["mistakes"]), "And 30 more mistakes." in text(answer)) == (100, True)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "This field is required."),
        ({"folder": upload(b"slug: tiny\n")}, "This file is not a zip archive, or it is damaged."),
        ({"folder": upload({"../course.yaml": b""})}, "leads out of the folder"),
        ({"folder": upload({"README.md": b""})}, "This archive has no course.yaml"),
        (
            {"folder": upload(SAMPLE), "slug": "Not This"},
            "An address has small letters, digits and single hyphens only.",
        ),
        ({"folder": upload(SAMPLE), "slug": "taken"}, "There is a course with this address already."),
        ({"folder": upload(SAMPLE), "expected": "another"}, "This is not the folder that the preview showed."),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_nothing_is_stored(page, sent, words):
    make.make_course(slug="taken")
    for file in filter(None, [sent.get("folder")]):
        file.seek(0)
    answer = page.post(PAGE, sent)
    assert (answer.status_code, words in text(answer)) == (400, True)
    assert (Course.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_a_folder_whose_address_is_taken_is_previewed_with_what_to_do(page, creator):
    created(planned(SAMPLE, creator), creator)
    answer = page.post(PAGE, {"folder": upload(SAMPLE)})
    assert (answer.status_code, "Enter another address above" in text(answer)) == (400, True)
    assert "Create this course" not in text(answer)


def test_the_page_of_a_new_course_leads_there(page):
    assert f'href="{PAGE}"' in page.get(reverse("new_course")).content.decode()
