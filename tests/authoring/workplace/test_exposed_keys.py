"""Beside the settings that decide it, instructors read which exams' keys throwaway accounts could read (D33)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from course.models import Course, TextDraft
from quizzes.models import Assessment
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_new_exams import NEW, QUIZ
from tests.authoring.workplace.test_policy import PAGE, send, settings_of
from tests.portal.workplace.people import instructor_of
from tests.quizzes.pages.test_delayed_pages import text_of

pytestmark = pytest.mark.django_db
TOLD = "With a second account, anyone can read the correct answers of “Final exam” in advance:"
ON_SETTINGS = f"{TOLD} show them when the exam has closed or when you release them, or let only invited people join ."
ON_JOINING = f"{TOLD} choose “Only by an invitation link”, or show the answers later ."
JOINING, VISIBILITY = "/admin/courses/nasty/class/joining/", "/admin/courses/nasty/visibility/"


@pytest.fixture(autouse=True)
def teacher(client):
    """An instructor of the nasty course, which says nothing of who may join or when its exam shows its keys."""
    load(edited("course.yaml", "enrollment: code\n", "\n"))
    client.force_login(instructor_of(Course.objects.get()))
    return client


def is_told(browser, address):
    return "data-exposed" in browser.get(address).content.decode()


def every_page():
    return [PAGE, settings_of(kind="exam"), JOINING]


def test_the_pages_of_the_policy_of_the_exam_and_of_who_may_join_say_how_to_prevent_it(teacher):
    said = [text_of(teacher.get(address)) for address in every_page()]
    assert [ON_SETTINGS in said[0], ON_SETTINGS in said[1], ON_JOINING in said[2]] == [True, True, True]
    assert not is_told(teacher, settings_of(key="first-review"))


def test_once_only_invited_people_join_nothing_is_said(teacher):
    teacher.post(JOINING, {"do": "set", "way": "invitation"})
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3
    teacher.post(JOINING, {"do": "set", "way": "open"})
    assert [is_told(teacher, address) for address in every_page()] == [True] * 3


def test_once_the_keys_of_all_exams_wait_nothing_is_said_and_the_form_says_so_before_it_is_published(teacher):
    assert "data-exposed" not in send(teacher, "preview", show__exam__key="release").content.decode()
    assert [is_told(teacher, address) for address in (PAGE, JOINING)] == [False, True]
    assert send(teacher, "publish").status_code == 302
    assert TextDraft.objects.get().text is None
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3
    assert "data-exposed" in send(teacher, "preview", show__exam__key="end").content.decode()


def test_once_the_keys_of_the_exam_wait_nothing_is_said_and_the_form_says_so_before_it_is_published(teacher):
    address = settings_of(kind="exam")
    assert "data-exposed" not in send(teacher, "preview", address, show__key="release").content.decode()
    assert [is_told(teacher, address) for address in every_page()] == [True, False, True]
    assert send(teacher, "publish", address).status_code == 302
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3
    assert "data-exposed" in send(teacher, "preview", address, show__key="end").content.decode()


def test_on_a_site_where_nobody_signs_up_nothing_is_said(teacher, settings):
    settings.SIGN_UP = False
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3


def test_of_an_exam_that_has_closed_nothing_is_said(teacher):
    Assessment.objects.filter(kind="exam").update(closes_at=timezone.now() - timezone.timedelta(days=1))
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3


def test_a_hidden_course_is_told_before_it_is_shown_and_a_private_one_once_it_will_be_listed(teacher):
    listed = {"visibility": "listed"}
    Course.objects.update(visibility="hidden")
    assert [is_told(teacher, address) for address in every_page()] == [True] * 3
    shown = text_of(teacher.post(VISIBILITY, listed))
    assert "With a second account, anyone could then read the correct answers of “Final exam” in advance:" in shown
    Course.objects.update(visibility="private")
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3
    assert "data-exposed" in teacher.post(VISIBILITY, listed).content.decode()
    Course.objects.update(joining_here="invitation")
    assert "data-exposed" not in teacher.post(VISIBILITY, listed).content.decode()
    assert "data-exposed" not in teacher.post(VISIBILITY, {"visibility": "hidden"}).content.decode()


def test_a_course_that_says_itself_that_keys_are_shown_early_is_told_nothing(teacher):
    files = edited("course.yaml", "enrollment: code\n", "enrollment: open\n")
    files["exam/exam.yaml"] += b"show: {key: end}\n"
    load(files, overwrite=True)
    assert [is_told(teacher, address) for address in every_page()] == [False] * 3


def test_a_new_exam_is_told_of_its_keys_only_if_its_author_shows_them_early(teacher):
    begun = teacher.post(NEW, QUIZ)["Location"]
    assert not is_told(teacher, begun)
    early = send(teacher, "preview", begun, show__key="end")
    assert "correct answers of “Quiz: “two”” in advance" in text_of(early)


def test_a_draft_that_cannot_be_read_is_shown_as_before(teacher):
    for key in ("3", "{key: [}"):
        TextDraft.objects.all().delete()
        path = reverse("text_draft", args=["nasty", "exam/exam.yaml"])
        form = teacher.get(reverse("edit_text", args=["nasty", "exam/exam.yaml"])).context
        typed = {"text": f"{form['text']}show: {key}\n", "began": form["began"], "revision": form["revision"]}
        assert teacher.post(path, typed).status_code == 200
        assert teacher.get(settings_of(kind="exam")).status_code == 200
