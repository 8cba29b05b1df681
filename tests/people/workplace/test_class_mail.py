"""The page of the class says who gets no email, and why."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import User
from course.models import Course
from mail.models import ListedAddress, Mail
from mail.services import set_mail_wanted
from tests import factories as make
from tests.people.listing import put_on_list
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course):
    teacher = instructor_of(course, username="prof")
    client.force_login(teacher)
    return teacher


@pytest.fixture
def page(course, teacher):
    return reverse("roster", args=[course.slug])


def learner(course, name, *, is_confirmed=True):
    person = make.enroll(course=course, user=make.make_user(username=name))
    if is_confirmed:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def reasons(client, page, **query):
    """Return by username why each learner on the page gets no email."""
    rows = client.get(page, query).context["learners"]
    return {row.user.username: state.reason for row, _groups, state in rows}


def test_each_learner_without_mail_has_a_reason(client, course, page):
    learner(course, "ada")
    set_mail_wanted(user=learner(course, "bob"), wanted={"announcements": False})
    learner(course, "cy", is_confirmed=False)
    User.objects.filter(pk=learner(course, "dan", is_confirmed=False).pk).update(email="")
    User.objects.filter(pk=learner(course, "eve").pk).update(is_active=False)
    without = {"bob": "unwanted", "cy": "unconfirmed", "dan": "no_address", "eve": "inactive"}
    assert reasons(client, page) == {"ada": "", **without}
    assert reasons(client, page, show="unmailed") == without
    shown = text(client.get(page))
    assert "1 of 5 learners get announcements by email." in shown
    for words in (
        "announcements are switched off",
        "the address is not confirmed",
        "the account has no address",
        "the account is deactivated",
    ):
        assert f"No email: {words}" in shown


def test_a_listed_address_gets_mail_until_its_reader_stops_it(client, course, teacher, page, settings):
    (ada,) = put_on_list(course, teacher, "ada@example.org")
    assert reasons(client, page) == {"ada": "unconfirmed"}
    settings.MAILS_CLASS_LISTS = True
    assert reasons(client, page) == {"ada": ""}
    assert "Not confirmed; gets this course’s email" in text(client.get(page))
    ListedAddress.objects.filter(user=ada).update(stopped_at=make.NOW)
    assert reasons(client, page) == {"ada": "stopped"}
    assert "a reader of the address on the class list stopped this course’s email" in text(client.get(page))


def test_a_learner_whose_last_message_failed_is_named_with_the_answer_of_the_mail_server(client, course, page):
    ada = learner(course, "ada")
    message = {"user": ada, "course": course, "kind": "notices", "created_at": make.NOW, "due_at": make.NOW}
    Mail.objects.create(key="1", result="failed", problem="The mail server answered 550.", **message)
    shown = text(client.get(page))
    assert "The last email failed: The mail server answered 550." in shown
    assert "The mail server did not accept the last email to 1 learner." in shown
    assert reasons(client, page, show="unmailed") == {"ada": ""}
    Mail.objects.create(key="2", result="sent", **message)
    assert "The last email failed" not in text(client.get(page))
    assert "Everyone in the class gets email." in text(client.get(page, {"show": "unmailed"}))


def test_switched_off_notices_are_named_although_announcements_arrive(client, course, page):
    set_mail_wanted(user=learner(course, "ada"), wanted={"notices": False})
    assert "Notices are switched off" in text(client.get(page))


def test_a_site_without_a_mail_server_and_a_hidden_course_say_that_nobody_gets_mail(client, course, page, settings):
    learner(course, "ada")
    Course.objects.update(visibility="hidden")
    assert "The course is hidden, so it sends no email." in text(client.get(page))
    Course.objects.update(visibility="listed")
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    shown = text(client.get(page))
    assert ("it sends no email" in shown, "get announcements by email" in shown) == (True, False)


def test_after_a_list_was_applied_the_page_says_who_gets_no_mail(client, course, teacher):
    url, rows = reverse("class_list", args=[course.slug]), "email\nada@example.org\n"
    digest = client.post(url, {"text": rows}).context["plan"].digest
    applied = text(client.post(url, {"text": rows, "expected": digest}))
    assert "0 of 1 learners get announcements by email. Without email: the address is not confirmed (1)." in applied
    assert f'href="{reverse("roster", args=[course.slug])}?show=unmailed"' in applied


def test_the_page_runs_the_same_number_of_statements_for_any_class(client, course, page):
    for number in range(2):
        learner(course, f"few{number}")
    client.get(page)
    with counted_statements() as few:
        client.get(page)
    for number in range(20):
        learner(course, f"many{number}", is_confirmed=False)
    with counted_statements() as many:
        client.get(page)
    assert len(few) == len(many)


def test_the_api_says_why_a_learner_gets_no_mail(client, course, page):
    learner(course, "ada")
    learner(course, "bob", is_confirmed=False)
    rows = client.get(f"/api/v1/courses/{course.slug}/learners/").json()["results"]
    assert {row["learner"]["username"]: row["no_mail"] for row in rows} == {"ada": "", "bob": "unconfirmed"}
