"""The class in the workplace: its learners and groups, class lists, and one learner's place in the class."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from people.models import Enrollment
from people.services import set_groups
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
LIST = "Email;Name;Group;Phone\nnew@example.org;Zoë Müller;Monday;1\n"


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course):
    teacher = instructor_of(course)
    client.force_login(teacher)
    return teacher


def page(course, name, *args):
    return reverse(name, args=[course.slug, *args])


def in_group(course, teacher, name, **fields):
    learner = make.enroll(course=course, user=make.make_user(**fields))
    set_groups(course=course, learner_id=learner.pk, names=[name], author=teacher, now=make.NOW)
    return learner


def test_a_list_is_checked_applied_and_gives_a_link_that_sets_a_password(client, course, teacher):
    url = page(course, "class_list")
    sent = SimpleUploadedFile("class.csv", LIST.encode("cp1252"))
    checked = client.post(url, {"file": sent})
    said = text(checked)
    assert (
        "Zoë Müller" in said,
        "enrolled, with a new account if there is none" in said,
        "not used: phone" in said,
    ) == (True, True, True)
    assert User.objects.filter(email="new@example.org").count() == 0
    digest = checked.context["plan"].digest
    applied = client.post(url, {"text": checked.context["text"], "expected": digest})
    assert "no-store" in applied["Cache-Control"]
    address = re.search(r"http://testserver(/accounts/password/reset/key/[^\s<]+)", applied.content.decode())[1]
    visitor = Client()
    door = visitor.get(address, follow=True)
    done = visitor.post(
        door.redirect_chain[-1][0],
        {"password1": "a-long-word-for-a-door", "password2": "a-long-word-for-a-door"},
        follow=True,
    )
    assert done.status_code == 200
    zoe = User.objects.get(username="new")
    assert (zoe.check_password("a-long-word-for-a-door"), zoe.is_staff) == (True, False)
    assert Enrollment.objects.get(user=zoe).is_learner is True
    again = client.post(url, {"text": LIST})
    assert "unchanged" in text(again)
    applied = client.post(url, {"text": LIST, "expected": again.context["plan"].digest})
    assert "Everyone on the list has an account with a password." in text(applied)


def test_the_preview_of_an_address_is_the_same_with_and_without_an_account(client, course, teacher):
    def shown():
        page = client.post(page_of_list, {"text": "email\nada@example.org\n"})
        return [page.status_code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())]

    page_of_list = page(course, "class_list")
    before = shown()
    ada = make.make_user(username="lovelace")
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    assert shown() == before


def test_groups_that_differ_only_in_capitals_are_named_before_and_after(client, course, teacher):
    ada = in_group(course, teacher, "Monday", username="ada")
    words = "“Monday” and “monday” differ only in capitals, so they are separate groups."
    own, url = page(course, "membership", ada.pk), page(course, "class_list")
    assert words not in text(client.get(own)) + text(
        client.post(url, {"text": "email,group\nnew@example.org,Monday\n"})
    )
    assert words in text(client.post(url, {"text": "email,group\nnew@example.org,monday\n"}))
    client.post(own, {"do": "groups", "groups": "Monday, monday"})
    assert words in text(client.get(own))
    client.post(own, {"do": "groups", "groups": "monday"})
    assert words not in text(client.get(own))


def test_a_wrong_row_changes_nothing_and_loses_nothing(client, course, teacher):
    url, wrong = page(course, "class_list"), "email,name\nnew@example.org,New\nnonsense,Ada\n"
    answer = client.post(url, {"text": wrong})
    assert (answer.status_code, "Row 3: “nonsense” is not an email address." in text(answer)) == (400, True)
    assert answer.context["form"].initial["text"] == wrong
    assert (answer.context["plan"], Enrollment.objects.filter(role="learner").count()) == (None, 0)
    answer = client.post(url, {"text": "email\nnew@example.org\n", "expected": "another plan"})
    assert (answer.status_code, "The class has changed since you checked the list" in text(answer)) == (409, True)
    large = SimpleUploadedFile("class.csv", b"x" * (1024 * 1024 + 1))
    assert "larger than a megabyte" in text(client.post(url, {"file": large}))


def test_the_class_is_listed_by_group_and_by_presence(client, course, teacher):
    url = page(course, "roster")
    assert "The class is empty." in text(client.get(url))
    ada, _bob = in_group(course, teacher, "Monday", username="ada"), in_group(course, teacher, "Lab B", username="bob")

    def shown(**query):
        return [row.user.username for row, _groups, _state in client.get(url, query).context["learners"]]

    assert (shown(), shown(group="Monday"), shown(words="bob"), shown(show="left")) == (
        ["ada", "bob"],
        ["ada"],
        ["bob"],
        [],
    )
    assert client.get(url, {"group": "Tuesday"}).status_code == 400
    own = page(course, "membership", ada.pk)
    assert client.post(own, {"do": "remove", "reason": " "}).status_code == 400
    assert client.post(own, {"do": "remove", "reason": "moved"}).status_code == 302
    assert (shown(), shown(show="left")) == (["bob"], ["ada"])
    assert "cannot enroll without you" in text(client.get(own))
    assert client.post(own, {"do": "restore"}).status_code == 302
    assert client.post(own, {"do": "groups", "groups": "Lab B, Tuesday"}).status_code == 302
    assert (shown(group="Lab B"), shown(group="Tuesday")) == (["ada", "bob"], ["ada"])
    assert client.post(own, {"do": "groups", "groups": "a|b"}).status_code == 400
    assert client.post(own, {"do": "nothing"}).status_code == 400


def test_the_gradebook_and_its_files_are_filtered_by_group(client, course, teacher):
    in_group(course, teacher, "Monday", username="ada")
    in_group(course, teacher, "Lab B", username="bob")
    answer = client.get(page(course, "gradebook"), {"group": "Monday"})
    assert [line.username for line in answer.context["lines"]] == ["ada"]
    lines = client.get(page(course, "gradebook_csv"), {"group": "Lab B"}).getvalue().decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["username", "bob"]
    assert client.get(page(course, "gradebook"), {"group": "Tuesday"}).status_code == 400


def test_a_removed_learner_is_told_so(client, course, teacher):
    learner = in_group(course, teacher, "Monday", username="ada")
    client.post(page(course, "membership", learner.pk), {"do": "remove", "reason": "moved"})
    client.force_login(learner)
    answer = client.post(page(course, "enroll"), {"name": "Ada"})
    assert (answer.status_code, "Ask the instructor to bring you back." in text(answer)) == (403, True)


def test_the_page_of_a_learner_says_whether_they_left_or_were_removed(client, course, teacher):
    learner = in_group(course, teacher, "Monday", username="ada")
    Enrollment.objects.filter(user=learner).update(unenrolled_at=make.NOW)
    left = text(client.get(page(course, "learner", learner.pk)))
    Enrollment.objects.filter(user=learner).update(removed_at=make.NOW)
    removed = text(client.get(page(course, "learner", learner.pk)))
    assert (" Left " in left, " Removed " in left) == (True, False)
    assert (" Left " in removed, " Removed " in removed) == (False, True)
