"""A new course on the site: without content, from a sample, or as a copy; its author is the instructor, and it is hidden."""

import pytest
import time_machine
from django.urls import reverse

from authoring.folder import read_files
from authoring.services import course_samples, create_course, export_course, new_courses, read_folder
from config.environment import ROOT
from course.models import Course
from foundation.refusals import Refusal
from people.models import Enrollment
from records.models import AuditEntry
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
SAMPLE = "first-steps-in-statistics"
PAGE = "/admin/new-course/"
COPIES = "Before a copy is made, you see its parts"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def creator():
    return make.make_user(username="ines", is_course_creator=True)


def created(author, **fields):
    wanted = {"slug": "statistics-101", "title": "Statistics: “101”", "sample": "", "zone": "Europe/Berlin"}
    return create_course(**{**wanted, **fields}, author=author, now=make.NOW)


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("sample", ["", SAMPLE])
def test_it_is_hidden_and_taught_by_its_author_as_the_audit_says(creator, sample):
    course = created(creator, sample=sample)
    assert (course.slug, course.title, course.visibility) == ("statistics-101", "Statistics: “101”", "hidden")
    assert [(row.user, row.role) for row in Enrollment.objects.filter(course=course)] == [(creator, "instructor")]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.course, entry.details) == (
        "create_course",
        creator,
        course,
        {"from": sample or "nothing"},
    )


def test_one_without_content_is_a_folder_without_mistakes_that_admits_invited_people_only(creator):
    course = created(creator)
    files = export_course(course_id=course.pk)
    written = read_folder(files)
    assert (list(files), written.mistakes, written.warnings) == (["course.yaml"], (), ())
    assert (course.timezone, course.joining, course.modules.count()) == ("Europe/Berlin", "invitation", 0)


def test_one_from_a_sample_has_everything_of_it_but_the_title_and_the_address(creator):
    files = export_course(course_id=created(creator, sample=SAMPLE).pk)
    sample = read_files(ROOT / "content" / "samples" / SAMPLE)
    assert {path for path in files | sample if files.get(path) != sample.get(path)} == {"course.yaml"}
    assert [(known.name, known.title) for known in course_samples()] == [(SAMPLE, "First Steps in Statistics")]


def test_only_those_whom_an_administrator_allowed_it_create_a_course(creator):
    for person in (make.make_user(), make.make_user(is_staff=True), instructor_of(make.make_course())):
        assert code_of(lambda person=person: created(person)) == "not_permitted"
    assert not Course.objects.filter(slug="statistics-101").exists()
    assert created(make.make_user(is_superuser=True)).slug == "statistics-101"


def test_an_address_that_is_taken_and_a_sample_that_does_not_exist_are_refused(creator, monkeypatch):
    created(creator)
    assert code_of(lambda: created(creator, title="Another")) == "course_exists"
    monkeypatch.setattr(new_courses, "course_id_of", lambda slug: None)  # somebody else made it meanwhile
    assert code_of(lambda: created(creator, title="Another")) == "course_exists"
    assert code_of(lambda: created(creator, slug="other", sample="../../content")) == "not_found"
    assert list(Course.objects.values_list("title", flat=True)) == ["Statistics: “101”"]


def test_a_title_that_the_folder_cannot_hold_makes_no_course(creator):
    assert code_of(lambda: created(creator, title="\u2028", slug="other")) == "copy_unfit"
    assert code_of(lambda: created(creator, slug="Not An Address")) == "copy_unfit"
    assert not Course.objects.exists()


def test_the_page_creates_an_empty_course_whose_address_comes_from_the_title(client, creator):
    client.force_login(creator)
    shown = text(client.get(PAGE))
    assert ("an empty course" in shown, "the sample “First Steps in Statistics”" in shown) == (True, True)
    answer = client.post(PAGE, {"title": "Statistics 101", "slug": "", "origin": "empty"})
    assert answer.headers["Location"] == reverse("dashboard", args=["statistics-101"])
    page = client.get(answer.headers["Location"])
    assert (page.status_code, "Open the course to learners" in page.content.decode()) == (200, True)
    assert "/admin/courses/statistics-101/" in client.get("/admin/").content.decode()


def test_the_page_creates_a_course_from_a_sample(client, creator):
    client.force_login(creator)
    answer = client.post(PAGE, {"title": "Statistics 101", "slug": "stats", "origin": f"sample:{SAMPLE}"})
    assert answer.headers["Location"] == reverse("dashboard", args=["stats"])
    assert Course.objects.get().modules.count() > 2


def test_a_copy_is_previewed_first_and_only_of_courses_whose_policy_one_may_change(client, creator):
    own, other = make.make_course(title="Own"), make.make_course(title="Other")
    make.enroll(course=own, user=creator, role="instructor")
    make.enroll(course=other, user=creator, role="author")
    client.force_login(creator)
    shown = text(client.get(PAGE))
    assert ("a copy of “Own”" in shown, "a copy of “Other”" in shown) == (True, False)
    sent = {"title": "Own again", "slug": "", "origin": f"copy:{own.slug}"}
    where = f"/admin/courses/{own.slug}/copy/?title=Own+again&slug=own-again&days=0"
    assert client.post(PAGE, sent).headers["Location"] == where
    assert client.post(PAGE, {**sent, "origin": f"copy:{other.slug}"}).status_code == 400
    assert Course.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "統計学"}, "No address can be made from this title."),
        ({"slug": "Not This"}, "An address has small letters, digits and single hyphens only."),
        ({"slug": "taken"}, "There is a course with this address already."),
        ({"title": ""}, "This field is required."),
        ({"origin": "sample:nothing"}, "nothing is not one of the available choices."),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_nothing_is_made(client, creator, sent, words):
    make.make_course(slug="taken")
    client.force_login(creator)
    answer = client.post(PAGE, {"title": "Statistics 101", "slug": "", "origin": "empty", **sent})
    assert (answer.status_code, words in text(answer)) == (400, True)
    assert Course.objects.count() == 1


def test_the_page_is_for_those_who_may_create_courses(client):
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")
    client.force_login(instructor_of(make.make_course()))
    assert "New course" not in client.get("/admin/").content.decode()
    assert [client.get(PAGE).status_code, client.post(PAGE, {"title": "x"}).status_code] == [403, 403]


def test_somebody_who_may_create_courses_finds_the_page_and_needs_a_second_factor(client, creator, settings):
    client.force_login(creator)
    assert 'href="/admin/"' in client.get("/").content.decode()
    assert f'href="{PAGE}"' in client.get("/admin/").content.decode()
    settings.STAFF_NEED_SECOND_FACTOR = True
    assert [client.get(page).headers["Location"] for page in ("/admin/", PAGE)] == [reverse("mfa_index")] * 2


def test_a_course_without_a_module_is_led_to_its_first_one(client, creator):
    course = created(creator)
    client.force_login(creator)
    page = client.get(reverse("arrange", args=[course.slug])).content.decode()
    assert ("The course has no module yet." in page, "Drag by the handle" in page) == (True, False)


def test_only_who_can_copy_a_course_reads_of_copies(client, creator):
    client.force_login(creator)
    assert COPIES not in client.get(PAGE).content.decode()
    created(creator)
    assert COPIES in client.get(PAGE).content.decode()
